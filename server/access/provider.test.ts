import { afterAll, beforeAll, expect, it } from "vitest";
import { type Claims, type LocalProvider, signInBy, startOidc } from "@/tests/support/oidc";
import { onBothEngines } from "@/tests/support/state";
import { NBA } from "@/tests/support/tables";
import { readConfig } from "../config";
import { type Context, makeContext } from "../context";
import { listDeeds } from "../state/audit";
import { listPeople } from "../state/people";
import { openWarehouse } from "../warehouse";
import { authOf } from "./auth";
import { identify } from "./identify";
import { addUser, makeToken, removeUser } from "./people";

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
    const context = makeContext(config, NBA, await openWarehouse(config, NBA), await open());
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
    const failed = (await listDeeds(context.state.db)).filter((one) => one.deed === "sign-in.failed");
    expect(failed[0]).toMatchObject({ actor: "mallory@example.com", via: "web" });
  });

  it("keeps out who was removed, also under the rules that would let them in, until they are added again", async () => {
    const { context, come } = await installation({ FULLCOURT_ADMINS: "root@example.com, ann@own.example" });
    const claims = { email: mail("ann"), email_verified: true };
    expect(await come("ann", claims)).toBe("ann@own.example, admin");
    await addUser(context, "ben@own.example", "admin");
    const wanted = { email: "ann@own.example", name: "cron", scope: "viewer", days: 1 } as const;
    const token = new Headers({ authorization: `Bearer ${(await makeToken(context, wanted)).secret}` });
    await removeUser(context, "ann@own.example");
    expect(await identify(context, token, "api")).toBeNull();
    expect(await come("ann", claims)).toBe("removed");
    // By another account of the same address as well.
    expect(await come("ann-again", claims)).toBe("removed");
    expect((await listPeople(context.state.db)).map((one) => one.email)).toEqual(["ben@own.example"]);
    await addUser(context, "ann@own.example", "operator");
    expect(await come("ann", claims)).toBe("ann@own.example, admin");
  });

  it("gives the role of their groups to people, looked at again at each sign-in", async () => {
    const { context, come } = await installation({
      OIDC_GROUPS_CLAIM: "groups",
      OIDC_ADMIN_GROUPS: "Platform Admins",
      OIDC_OPERATOR_GROUPS: "data, ops",
    });
    const claims = { email_verified: true };
    expect(await come("joe", { ...claims, groups: ["platform admins", "data"] })).toBe("joe@example.com, admin");
    expect(await come("joe", { ...claims, groups: ["data"] })).toBe("joe@example.com, operator");
    expect(await come("ann", { ...claims, email: mail("ann"), groups: [] })).toBe("ann@own.example, viewer");
    expect(await come("ann", { ...claims, email: mail("ann"), groups: ["ops"] })).toBe("ann@own.example, operator");
    const wanted = { email: "joe@example.com", name: "cron", scope: "viewer", days: 1 } as const;
    const token = new Headers({ authorization: `Bearer ${(await makeToken(context, wanted)).secret}` });
    expect(await identify(context, token, "api")).not.toBeNull();
    // Who has left the groups keeps nothing.
    expect(await come("joe", { ...claims, groups: ["others"] })).toBe("no_group");
    expect(await identify(context, token, "api")).toBeNull();
    expect(await come("eve", claims)).toBe("no_group");
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
