import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Actor, ROLES, type Role } from "@/lib/access";
import { onBothEngines } from "@/tests/support/state";
import { type Config, readConfig } from "../config";
import { type Context, makeContext } from "../context";
import { within } from "../scope";
import { listDeeds } from "../state/audit";
import { getPerson, listPeople } from "../state/people";
import { createToken, listTokens } from "../state/tokens";
import { openWarehouse } from "../warehouse";
import { authOf } from "./auth";
import { identify } from "./identify";
import { addUser, changeRole, makeToken, removeUser, resetPassword, takeTokenBack } from "./people";
import { refuseEmptySignIn, refuseOpenHost } from "./set-up";

const SECRET = "0123456789abcdef0123456789abcdef";
let context: Context;

const withToken = (secret: string) => new Headers({ authorization: `Bearer ${secret}` });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error) => error.code as string,
  );

onBothEngines("with a state", ({ open }) => {
  beforeAll(async () => {
    const config: Config = { ...readConfig({ FULLCOURT_AUTH_SECRET: SECRET }), warehouseFile: ":memory:" };
    context = makeContext(config, await openWarehouse(config), await open());
  });
  afterAll(() => context.close());

  describe("settings of sign-in", () => {
    const wrong = (env: Record<string, string>) => {
      try {
        readConfig(env);
        return "taken";
      } catch (error) {
        return (error as Error).message;
      }
    };

    it("refuses half of them, by name", () => {
      expect(wrong({ FULLCOURT_AUTH_SECRET: "short" })).toContain("FULLCOURT_AUTH_SECRET");
      expect(wrong({ FULLCOURT_AUTH_SECRET: SECRET, OIDC_ISSUER: "https://id.example" })).toContain("OIDC_CLIENT_ID");
      expect(wrong({ FULLCOURT_ADMINS: "ann@example.com" })).toContain("FULLCOURT_AUTH_SECRET");
      expect(wrong({ FULLCOURT_AUTH_SECRET: SECRET, FULLCOURT_URL: "fullcourt.example" })).toContain("FULLCOURT_URL");
      expect(wrong({ FULLCOURT_AUTH_SECRET: SECRET })).toBe("taken");
    });

    it("a server that others reach does not start without sign-in, nor without an administrator", async () => {
      expect(() => refuseOpenHost({ host: "0.0.0.0", auth: null, publicUrl: undefined })).toThrow(
        "sign-in is not set up",
      );
      expect(() => refuseOpenHost({ host: "127.0.0.1", auth: null, publicUrl: undefined })).not.toThrow();
      const { auth } = context.config;
      expect(() => refuseOpenHost({ host: "0.0.0.0", auth, publicUrl: undefined })).toThrow("FULLCOURT_URL");
      expect(() => refuseOpenHost({ host: "0.0.0.0", auth, publicUrl: "https://fullcourt.example" })).not.toThrow();
      await expect(refuseEmptySignIn(context)).rejects.toThrow("nobody can sign in as an administrator");
    });
  });

  describe("people", () => {
    it("are added once, change roles, and one administrator always stays", async () => {
      await addUser(context, "Ann@Example.com", "admin");
      expect(await failure(addUser(context, "ann@example.com", "viewer"))).toBe("user_exists");
      expect(await failure(addUser(context, "no address", "viewer"))).toBe("wrong_usage");
      expect(await failure(removeUser(context, "ann@example.com"))).toBe("last_admin");
      expect(await failure(changeRole(context, "ann@example.com", "viewer"))).toBe("last_admin");
      await addUser(context, "bob@example.com", "viewer");
      await changeRole(context, "bob@example.com", "admin");
      await changeRole(context, "bob@example.com", "operator");
      expect((await listPeople(context.state.db)).map((one) => [one.email, one.role])).toEqual([
        ["ann@example.com", "admin"],
        ["bob@example.com", "operator"],
      ]);
      await refuseEmptySignIn(context);
    });

    it("two administrators who remove each other at once leave one", async () => {
      await addUser(context, "cem@example.com", "admin");
      const ended = await Promise.all([
        failure(changeRole(context, "ann@example.com", "viewer")),
        failure(changeRole(context, "cem@example.com", "viewer")),
      ]);
      expect(ended.sort()).toEqual(["done", "last_admin"]);
      const left = (await listPeople(context.state.db)).filter((one) => one.role === "admin");
      expect(left).toHaveLength(1);
      await changeRole(context, "ann@example.com", "admin");
      await removeUser(context, "cem@example.com");
    });

    it("sign in with the password that was made, and not with the one before it", async () => {
      const auth = authOf(context);
      if (!auth) throw new Error("sign-in is on");
      const { password: first } = await resetPassword(context, "bob@example.com");
      const signIn = (password: string) =>
        auth.api.signInEmail({ body: { email: "bob@example.com", password }, asResponse: true });
      const answer = await signIn(first);
      expect(answer.status).toBe(200);
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      expect(answer.headers.get("set-cookie")).toMatch(/HttpOnly/i);
      expect(await identify(context, new Headers({ cookie }), "web")).toEqual({
        name: "bob@example.com",
        role: "operator",
        via: "web",
      });
      // A new password ends the sessions of the one before.
      const { password: second } = await resetPassword(context, "bob@example.com");
      expect(await identify(context, new Headers({ cookie }), "web")).toBeNull();
      expect((await signIn(first)).status).toBe(401);
      expect((await signIn(second)).status).toBe(200);
      expect(
        (
          await auth.api.signUpEmail({
            body: { email: "x@example.com", password: second, name: "x" },
            asResponse: true,
          })
        ).status,
      ).toBe(400);
    });
  });

  describe("tokens", () => {
    it("do what their scope says, never more than their owner, and end", async () => {
      const made = await makeToken(context, { email: "bob@example.com", name: "cron", scope: "operator", days: 1 });
      expect(await identify(context, withToken(made.secret), "api")).toMatchObject({
        name: "bob@example.com",
        role: "operator",
      });
      expect(await failure(makeToken(context, { email: "bob@example.com", name: "x", scope: "admin", days: 1 }))).toBe(
        "not_allowed",
      );
      expect(await failure(makeToken(context, { email: "bob@example.com", name: "x", scope: "viewer", days: 0 }))).toBe(
        "wrong_usage",
      );
      expect(
        await failure(makeToken(context, { email: "bob@example.com", name: "x", scope: "viewer", days: 9999 })),
      ).toBe("wrong_usage");
      // The owner's role is what it is at the time of the request.
      await changeRole(context, "bob@example.com", "viewer");
      expect(await identify(context, withToken(made.secret), "api")).toMatchObject({ role: "viewer" });
      await changeRole(context, "bob@example.com", "operator");
      await takeTokenBack(context, made.id);
      expect(await identify(context, withToken(made.secret), "api")).toBeNull();
      const bob = (await listPeople(context.state.db)).find((one) => one.email === "bob@example.com");
      const past = await createToken(context.state.db, bob?.id as string, {
        name: "old",
        scope: "viewer",
        expiresAt: new Date(Date.now() - 1000),
      });
      expect(await identify(context, withToken(past.secret), "api")).toBeNull();
      for (const other of ["", "fullcourt_", "fullcourt_x", "x".repeat(10_000)])
        expect(await identify(context, withToken(other), "api")).toBeNull();
      expect(JSON.stringify(await listTokens(context.state.db))).not.toContain(past.secret.slice(10));
    });

    it("make and end no tokens, people or passwords, and have no more rights than who asked for them", async () => {
      const as = (role: Role, via: Actor["via"], token?: string) => (work: () => Promise<unknown>) =>
        failure(within({ actor: { name: "ann@example.com", role, via, token } }, work));
      const wanted = { email: "ann@example.com", name: "x", scope: "viewer", days: 1 } as const;
      for (const role of ROLES) {
        const asToken = as(role, "api", "0123abcd");
        expect(await asToken(() => makeToken(context, wanted))).toBe("not_allowed");
        expect(await asToken(() => takeTokenBack(context, "0123abcd"))).toBe("not_allowed");
        expect(await asToken(() => addUser(context, "mallory@example.com", "viewer"))).toBe("not_allowed");
        expect(await asToken(() => changeRole(context, "bob@example.com", "admin"))).toBe("not_allowed");
        expect(await asToken(() => resetPassword(context, "bob@example.com"))).toBe("not_allowed");
        expect(await asToken(() => removeUser(context, "bob@example.com"))).toBe("not_allowed");
      }
      // Ann is an administrator; who asks here, as her, has less.
      expect(await as("operator", "web")(() => makeToken(context, { ...wanted, scope: "admin" }))).toBe("not_allowed");
      expect(await as("operator", "web")(() => makeToken(context, { ...wanted, scope: "operator" }))).toBe("done");
      expect(await as("admin", "web")(() => makeToken(context, { ...wanted, email: "bob@example.com" }))).toBe(
        "not_allowed",
      );
    });

    it("open the API alone: pages and their actions take sessions", async () => {
      const { secret, id } = await makeToken(context, {
        email: "ann@example.com",
        name: "cron",
        scope: "admin",
        days: 1,
      });
      expect(await identify(context, withToken(secret), "web")).toBeNull();
      expect(await identify(context, withToken(secret), "api")).toMatchObject({ role: "admin", token: id });
    });

    it("of another person cannot be taken back, and go with their owner", async () => {
      const made = await makeToken(context, { email: "bob@example.com", name: "cron", scope: "viewer", days: 1 });
      expect(await failure(takeTokenBack(context, made.id, "ann@example.com"))).toBe("unknown_token");
      await removeUser(context, "bob@example.com");
      expect(await identify(context, withToken(made.secret), "api")).toBeNull();
    });
  });

  describe("the audit log", () => {
    it("names who did what by which way, and no secret", async () => {
      await within({ actor: { name: "ann@example.com", role: "admin", via: "web" } }, () =>
        addUser(context, "dan@example.com", "viewer"),
      );
      const [last] = await listDeeds(context.state.db);
      expect(last).toMatchObject({
        actor: "ann@example.com",
        via: "web",
        deed: "users.add",
        subject: "dan@example.com as viewer",
      });
      const { password } = await resetPassword(context, "dan@example.com");
      const all = await listDeeds(context.state.db, 1000);
      expect(all.some((one) => one.deed === "sign-in" && one.actor === "bob@example.com")).toBe(true);
      expect(JSON.stringify(all)).not.toContain(password);
    });
  });

  it("no token of a provider is kept", async () => {
    const auth = authOf(context);
    if (!auth) throw new Error("sign-in is on");
    const { internalAdapter } = await auth.$context;
    await addUser(context, "oidc@example.com", "viewer");
    const user = await getPerson(context.state.db, "oidc@example.com");
    const tokens = { accessToken: "a", refreshToken: "r", idToken: "i" };
    const account = await internalAdapter.createAccount({
      userId: user.id,
      providerId: "oidc",
      accountId: "1",
      ...tokens,
    });
    await internalAdapter.updateAccount(account.id, tokens);
    const rows = await context.state.db.selectFrom("accounts").selectAll().where("providerId", "=", "oidc").execute();
    expect(rows).toMatchObject([{ accountId: "1", accessToken: null, refreshToken: null, idToken: null }]);
  });
});
