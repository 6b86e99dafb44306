import { afterAll, beforeAll, expect, it } from "vitest";
import { type Claims, type LocalProvider, signInBy, startOidc } from "@/tests/support/oidc";
import { onBothEngines } from "@/tests/support/state";
import { readConfig } from "../config";
import { type Context, makeContext } from "../context";
import { listPeople } from "../state/people";
import { openWarehouse } from "../warehouse";
import { authOf } from "./auth";
import { identify } from "./identify";
import { addUser } from "./people";

const URL_HERE = "http://127.0.0.1:3000";
/** What the provider says of whom: its people change it, as people of a provider with self-registration can. */
const said = new Map<string, Claims>();
let provider: LocalProvider;

beforeAll(async () => {
  provider = await startOidc(
    `${URL_HERE}/api/auth/callback/oidc`,
    (name) => said.get(name) ?? { email_verified: true },
  );
});
afterAll(() => provider.close());

onBothEngines("sign-in by a provider", ({ open }) => {
  const contexts: Context[] = [];
  afterAll(() => Promise.all(contexts.map((one) => one.close())));

  /** An installation with these settings, on a state of its own. */
  const installation = async (settings: Record<string, string> = {}) => {
    const config = {
      ...readConfig({
        FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef",
        FULLCOURT_ADMINS: "root@example.com",
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_DOMAINS: "own.example",
        ...settings,
      }),
      warehouseFile: ":memory:",
    };
    const context = makeContext(config, await openWarehouse(config), await open());
    contexts.push(context);
    const auth = authOf(context);
    if (!auth) throw new Error("sign-in is on");
    /** Who somebody is after signing in, or the fault that the sign-in page shows. */
    const come = async (name: string, claims: Claims) => {
      said.set(name, claims);
      // All of them come from one address, which is slowed down.
      await context.state.db.deleteFrom("rateLimits").execute();
      const { cookie, fault } = await signInBy(auth, URL_HERE, name);
      if (!cookie) return fault;
      const actor = await identify(context, new Headers({ cookie }), "web");
      return `${actor?.name}, ${actor?.role}`;
    };
    return { context, come };
  };
  const mail = (name: string) => `${name}@own.example`;

  it("refuses an address that the provider does not say is verified: new, to be joined, or known", async () => {
    const { context, come } = await installation();
    await addUser(context, "vic@example.com", "viewer");
    for (const claims of [{ email_verified: false }, {}]) {
      expect(await come("root", claims)).toBe("not_verified");
      expect(await come("ann", { ...claims, email: mail("ann") })).toBe("not_verified");
      expect(await come("vic", claims)).toBe("account_not_linked");
    }
    expect((await listPeople(context.state.db)).map((one) => one.email)).toEqual(["vic@example.com"]);
    const verified = { email_verified: true };
    expect(await come("root", verified)).toBe("root@example.com, admin");
    expect(await come("ann", { ...verified, email: mail("ann") })).toBe("ann@own.example, viewer");
    expect(await come("vic", verified)).toBe("vic@example.com, viewer");
    for (const name of ["root", "vic"]) expect(await come(name, { email_verified: false })).toBe("not_verified");
    expect(await come("mallory", verified)).toBe("not_added");
  });

  it("believes a provider that says nothing where OIDC_TRUST_EMAIL says so, and makes nobody an administrator by it", async () => {
    const { context, come } = await installation({
      OIDC_TRUST_EMAIL: "true",
      FULLCOURT_ADMINS: "root@example.com, ann@own.example, vic@example.com",
    });
    expect(await come("root", {})).toBe("not_added");
    expect(await come("ann", { email: mail("ann") })).toBe("ann@own.example, viewer");
    await addUser(context, "vic@example.com", "operator");
    expect(await come("vic", {})).toBe("vic@example.com, operator");
    expect(await come("ben", { email: mail("ben"), email_verified: false })).toBe("not_verified");
    expect(await come("root", { email_verified: true })).toBe("root@example.com, admin");
  });
});
