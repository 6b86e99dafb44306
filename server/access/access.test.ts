import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Actor, ROLES, type Role } from "@/lib/access/roles";
import { onBothEngines } from "@/tests/support/state";
import { NBA } from "@/tests/support/tables";
import { type Config, readConfig } from "../config";
import { type Context, makeContext } from "../context";
import { runWithContext } from "../platform/request-context";
import { listDeeds } from "../state/audit";
import { getPerson, listPeople, listSessions } from "../state/people";
import { createToken, listTokens } from "../state/tokens";
import { openWarehouse } from "../warehouse";
import { authOf } from "./auth";
import { identify } from "./identify";
import { addUser, changeRole, endSession, makeToken, removeUser, resetPassword, takeTokenBack } from "./people";
import { assertAdminExists, assertAuthConfigured } from "./set-up";

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
    context = makeContext(config, NBA, await openWarehouse(config, NBA), await open());
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
      expect(wrong({ FULLCOURT_AUTH_SECRET_OLD: SECRET })).toContain("FULLCOURT_AUTH_SECRET:");
      expect(wrong({ FULLCOURT_AUTH_SECRET: SECRET, FULLCOURT_AUTH_SECRET_OLD: "short" })).toContain("_OLD");
    });

    it("refuses what would let nobody in, or never end", () => {
      const on = { FULLCOURT_AUTH_SECRET: SECRET };
      expect(wrong({ ...on, FULLCOURT_PASSWORDS: "off" })).toContain("FULLCOURT_PASSWORDS");
      expect(wrong({ ...on, FULLCOURT_PASSWORDS: "no" })).toContain("FULLCOURT_PASSWORDS");
      expect(wrong({ ...on, OIDC_ADMIN_GROUPS: "staff" })).toContain("OIDC_ADMIN_GROUPS");
      for (const hours of ["0", "-1", "a week", "1e9", "Infinity"]) {
        expect(wrong({ ...on, FULLCOURT_SESSION_HOURS: hours })).toContain("FULLCOURT_SESSION_HOURS");
        expect(wrong({ ...on, FULLCOURT_SESSION_IDLE_HOURS: hours })).toContain("FULLCOURT_SESSION_IDLE_HOURS");
      }
      expect(wrong({ ...on, FULLCOURT_SESSION_HOURS: "8", FULLCOURT_SESSION_IDLE_HOURS: "9" })).toContain("IDLE_HOURS");
      expect(readConfig({ ...on, FULLCOURT_SESSION_HOURS: "8" }).auth?.session).toEqual({
        longestSeconds: 28_800,
        idleSeconds: 28_800,
      });
    });

    it("a server that others reach does not start without sign-in, nor without an administrator", async () => {
      expect(() => assertAuthConfigured({ host: "0.0.0.0", auth: null, publicUrl: undefined })).toThrow(
        "sign-in is not set up",
      );
      expect(() => assertAuthConfigured({ host: "127.0.0.1", auth: null, publicUrl: undefined })).not.toThrow();
      const { auth } = context.config;
      expect(() => assertAuthConfigured({ host: "0.0.0.0", auth, publicUrl: undefined })).toThrow("FULLCOURT_URL");
      expect(() =>
        assertAuthConfigured({ host: "0.0.0.0", auth, publicUrl: "https://fullcourt.example" }),
      ).not.toThrow();
      await expect(assertAdminExists(context)).rejects.toThrow("nobody can sign in as an administrator");
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
      await assertAdminExists(context);
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
        session: expect.any(String),
      });
      const wanted = { email: "bob@example.com", name: "cron", scope: "viewer", days: 1 } as const;
      const token = withToken((await makeToken(context, wanted)).secret);
      expect(await identify(context, token, "api")).toMatchObject({ role: "viewer" });
      // A new password ends the sessions and tokens of the one before.
      const { password: second } = await resetPassword(context, "bob@example.com");
      expect(await identify(context, new Headers({ cookie }), "web")).toBeNull();
      expect(await identify(context, token, "api")).toBeNull();
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

  describe("sessions", () => {
    const url = "http://127.0.0.1:3000";
    const auth = () => authOf(context) as NonNullable<ReturnType<typeof authOf>>;
    /** Posts to sign-in's own routes, which are slowed down by address. */
    const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
      await context.state.db.deleteFrom("rateLimits").execute();
      return auth().handler(
        new Request(`${url}/api/auth/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: url, ...headers },
          body: JSON.stringify(body),
        }),
      );
    };
    const cookieOf = (answer: Response) =>
      answer.headers
        .getSetCookie()
        .find((one) => one.includes("session_token="))
        ?.split(";")[0] as string;
    const signIn = async (email: string, password: string | null) =>
      cookieOf(await post("sign-in/email", { email, password: password ?? "" }));
    const whoHas = (cookie: string, of = context) => identify(of, new Headers({ cookie }), "web");
    const deeds = async () => (await listDeeds(context.state.db, 20)).map(({ actor, deed }) => `${actor}: ${deed}`);

    it("and tokens of a person end where they change their own password, but for the one in which they do", async () => {
      const { password } = await addUser(context, "eve@example.com", "viewer");
      const [here, elsewhere] = [await signIn("eve@example.com", password), await signIn("eve@example.com", password)];
      const wanted = { email: "eve@example.com", name: "cron", scope: "viewer", days: 1 } as const;
      const token = withToken((await makeToken(context, wanted)).secret);
      const change = (currentPassword: string, cookie = here) =>
        post("change-password", { currentPassword, newPassword: "another long one" }, { cookie });
      expect((await change("not the password")).status).toBe(400);
      expect(await identify(context, token, "api")).not.toBeNull();
      // Whatever is asked for: a client that does not ask for it is one of somebody else.
      const changed = await change(password as string);
      expect(changed.status).toBe(200);
      expect(await whoHas(elsewhere)).toBeNull();
      expect(await whoHas(here)).toBeNull();
      expect(await whoHas(cookieOf(changed))).toMatchObject({ name: "eve@example.com" });
      expect(await identify(context, token, "api")).toBeNull();
      expect((await deeds())[0]).toBe("eve@example.com: users.password");
    });

    it("are listed, and end: one's own by oneself, any by an administrator", async () => {
      const { password } = await addUser(context, "fay@example.com", "viewer");
      const [first, second] = [await signIn("fay@example.com", password), await signIn("fay@example.com", password)];
      const { id } = await getPerson(context.state.db, "fay@example.com");
      const list = await listSessions(context.state.db, id);
      expect(list.map((one) => one.user)).toEqual(["fay@example.com", "fay@example.com"]);
      const mine = (await whoHas(first))?.session as string;
      expect(await failure(endSession(context, mine, "ann@example.com"))).toBe("unknown_session");
      await endSession(context, mine, "fay@example.com");
      expect(await whoHas(first)).toBeNull();
      await endSession(context, (await whoHas(second))?.session as string);
      expect(await whoHas(second)).toBeNull();
      expect((await deeds())[0]).toContain("sessions.end");
      const token = { actor: { name: "ann@example.com", role: "admin", via: "api", token: "x" } } as const;
      expect(await failure(runWithContext(token, () => endSession(context, mine)))).toBe("not_allowed");
    });

    it("end after the idle time, and after the longest however much they are used", async () => {
      const { password } = await addUser(context, "gus@example.com", "viewer");
      const cookie = await signIn("gus@example.com", password);
      const { session } = (await whoHas(cookie)) ?? {};
      const times = () =>
        context.state.db
          .selectFrom("sessions")
          .select(["createdAt", "expiresAt"])
          .where("id", "=", session as string)
          .executeTakeFirstOrThrow();
      const hoursOf = ({ createdAt, expiresAt }: { createdAt: string; expiresAt: string }) =>
        (Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000;
      const { longestSeconds, idleSeconds } = context.config.auth?.session ?? {};
      expect([longestSeconds, idleSeconds]).toEqual([168 * 3600, 24 * 3600]);
      expect(hoursOf(await times())).toBeCloseTo(24, 1);
      const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
      const set = (given: { createdAt?: string; expiresAt?: string }) =>
        context.state.db
          .updateTable("sessions")
          .set(given)
          .where("id", "=", session as string)
          .execute();
      // Used in the middle, it lasts for another idle time; near its end, no longer than the longest.
      await set({ createdAt: ago(100), expiresAt: ago(-12) });
      expect(await whoHas(cookie)).not.toBeNull();
      expect(hoursOf(await times())).toBeCloseTo(124, 1);
      await set({ createdAt: ago(160), expiresAt: ago(-1) });
      expect(await whoHas(cookie)).not.toBeNull();
      expect(hoursOf(await times())).toBeCloseTo(168, 1);
      await set({ expiresAt: ago(0.1) });
      expect(await whoHas(cookie)).toBeNull();
    });

    it("that failed to begin and those that were left are in the audit log, with the address that was tried", async () => {
      const { password } = await addUser(context, "hal@example.com", "viewer");
      await post("sign-in/email", { email: "hal@example.com", password: "not the password" });
      await post("sign-in/email", { email: "nobody@example.com", password: "not the password" });
      const cookie = await signIn("hal@example.com", password);
      await post("sign-out", {}, { cookie });
      expect(await whoHas(cookie)).toBeNull();
      expect((await deeds()).slice(0, 4)).toEqual([
        "hal@example.com: sign-out",
        "hal@example.com: sign-in",
        "nobody@example.com: sign-in.failed",
        "hal@example.com: sign-in.failed",
      ]);
    });

    it("survive a rotation of the secret: cookies of FULLCOURT_AUTH_SECRET_OLD are good, and are signed anew", async () => {
      const { password } = await addUser(context, "ivo@example.com", "viewer");
      const cookie = await signIn("ivo@example.com", password);
      const withSecrets = (env: Record<string, string>): Context => ({
        ...context,
        config: { ...context.config, auth: readConfig(env).auth },
      });
      const other = "another secret of this installation";
      const rotated = withSecrets({ FULLCOURT_AUTH_SECRET: other, FULLCOURT_AUTH_SECRET_OLD: SECRET });
      expect(await whoHas(cookie, rotated)).toMatchObject({ name: "ivo@example.com" });
      expect(await whoHas(cookie, withSecrets({ FULLCOURT_AUTH_SECRET: other }))).toBeNull();
      const [name, value] = cookie.split("=") as [string, string];
      expect(await whoHas(`${name}=x${value}`, rotated)).toBeNull();
      expect(await whoHas(`${name}=%`, rotated)).toBeNull();
      // Own routes of the sign-in too; what they set is of the new secret.
      const changed = await authOf(rotated)?.handler(
        new Request(`${url}/api/auth/change-password`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: url, cookie: `other=1; ${cookie}` },
          body: JSON.stringify({ currentPassword: password, newPassword: "another long one" }),
        }),
      );
      expect(changed?.status).toBe(200);
      const anew = cookieOf(changed as Response);
      expect(await whoHas(anew, withSecrets({ FULLCOURT_AUTH_SECRET: other }))).toMatchObject({
        name: "ivo@example.com",
      });
    });

    it("begin and end by the open routes alone, however many others better-auth has", async () => {
      const paths = Object.values(auth().api).map((one) => (one as { path?: string }).path ?? "");
      const open = ["/sign-in/email", "/sign-in/social", "/callback/:id", "/sign-out", "/change-password"];
      expect(open.filter((path) => !paths.includes(path))).toEqual([]);
      const closed = paths.filter((path) => path && !open.includes(path));
      expect(closed.length).toBeGreaterThan(20);
      for (const path of closed)
        for (const method of ["GET", "POST"])
          expect((await auth().handler(new Request(`${url}/api/auth${path}`, { method }))).status, path).toBe(404);
    });

    it("begin by the provider alone where FULLCOURT_PASSWORDS is off, and nobody is given a password", async () => {
      const { password } = await addUser(context, "jan@example.com", "viewer");
      const { auth: settings } = context.config;
      if (!settings) throw new Error("sign-in is on");
      const without = { ...context, config: { ...context.config, auth: { ...settings, passwords: false } } };
      const sent = { method: "POST", headers: { "content-type": "application/json", origin: url } };
      const body = JSON.stringify({ email: "jan@example.com", password });
      const answer = await authOf(without)?.handler(new Request(`${url}/api/auth/sign-in/email`, { ...sent, body }));
      expect(answer?.status).toBe(404);
      expect(await addUser(without, "kim@example.com", "viewer")).toEqual({ password: null });
      expect(await failure(resetPassword(without, "kim@example.com"))).toBe("not_allowed");
    });
  });

  describe("services", () => {
    it("have tokens, made by administrators, and no way to sign in", async () => {
      expect(await failure(addUser(context, "a b", "viewer", { service: true }))).toBe("wrong_usage");
      expect(await failure(addUser(context, "a@example.com", "viewer", { service: true }))).toBe("wrong_usage");
      expect(await addUser(context, "nightly", "operator", { service: true })).toEqual({ password: null });
      expect(await failure(resetPassword(context, "nightly"))).toBe("wrong_usage");
      const wanted = { email: "nightly", name: "cron", scope: "operator", days: 1 } as const;
      const as = (role: Role) => (work: () => Promise<unknown>) =>
        failure(runWithContext({ actor: { name: "dora@example.com", role, via: "web" } }, work));
      expect(await as("operator")(() => makeToken(context, wanted))).toBe("not_allowed");
      expect(await as("admin")(() => makeToken(context, wanted))).toBe("done");
      expect(await failure(makeToken(context, { ...wanted, scope: "admin" }))).toBe("not_allowed");
      const { secret } = await makeToken(context, wanted);
      expect(await identify(context, withToken(secret), "api")).toMatchObject({ name: "nightly", role: "operator" });
      await removeUser(context, "nightly");
      expect(await identify(context, withToken(secret), "api")).toBeNull();
    });

    it("that are administrators do not keep the last person from staying one", async () => {
      await addUser(context, "robot", "admin", { service: true });
      expect(await failure(removeUser(context, "ann@example.com"))).toBe("last_admin");
      await removeUser(context, "robot");
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
        failure(runWithContext({ actor: { name: "ann@example.com", role, via, token } }, work));
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
      await runWithContext({ actor: { name: "ann@example.com", role: "admin", via: "web" } }, () =>
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
