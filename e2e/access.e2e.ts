import { readdirSync, readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, type Page, request as requests, test } from "@playwright/test";
import { hasRole, ROLES, type Role } from "@/lib/access/roles";
import { ACTIONS, PAGE_ROLES, ROUTES } from "@/lib/access/rules";
import { authOf } from "@/server/access/auth";
import { cookiePrefix } from "@/server/access/key";
import { addUser } from "@/server/access/people";
import { readConfig } from "@/server/config";
import { openState } from "@/server/state/db";
import { getPerson } from "@/server/state/people";
import { createToken } from "@/server/state/tokens";
import { freePort } from "@/tests/support/free-port";
import { type LocalProvider, startOidc } from "@/tests/support/oidc";
import { alive, expectNoFaults, visit } from "./page-parts";
import { Installation } from "./server";

const SECRET = "a-secret-of-this-installation-01";
const settings: Record<string, string> = { FULLCOURT_AUTH_SECRET: SECRET, FULLCOURT_ADMINS: "root@example.com" };
const home = new Installation(settings);
let provider: LocalProvider;
const passwords: Record<string, string> = {};
/** Sessions by role, and a token whose time is over: made in the state before the server takes it. */
const cookies: Partial<Record<Role, string>> = {};
let ended = "";

test.beforeAll(async () => {
  await home.demo();
  for (const [name, role] of [
    ["ann", "admin"],
    ["oli", "operator"],
    ["vic", "viewer"],
  ] as const) {
    const added = await home.fullcourt("users", "add", `${name}@example.com`, "--role", role, "--json");
    passwords[name] = JSON.parse(added.out).password;
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = readConfig({ ...settings, FULLCOURT_HOME: home.home, FULLCOURT_URL: url });
  const state = await openState(config);
  for (const [name, role] of [
    ["ann", "admin"],
    ["oli", "operator"],
    ["vic", "viewer"],
  ] as const) {
    const body = { email: `${name}@example.com`, password: passwords[name] as string };
    const answer = await authOf({ config, state })?.api.signInEmail({ body, asResponse: true });
    cookies[role] = answer?.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
  }
  const ann = await getPerson(state.db, "ann@example.com");
  const expiresAt = new Date(Date.now() - 1000);
  ended = (await createToken(state.db, ann.id, { name: "ended", scope: "admin", expiresAt })).secret;
  await state.close();
  provider = await startOidc(`${url}/api/auth/callback/oidc`);
  Object.assign(settings, {
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    OIDC_NAME: "Example ID",
  });
  await home.serve(port);
});
test.afterAll(async () => {
  await provider.close();
  await home.remove();
});

async function signIn(page: Page, name: string, password = passwords[name] as string): Promise<void> {
  await visit(page, home.url);
  await page.getByLabel("Email").fill(`${name}@example.com`);
  await page.getByLabel("Password").fill(password);
  // All these tests come from one address, from which three may try in ten seconds.
  const isIn = () => page.url() === `${home.url}/`;
  await expect(async () => {
    if (!isIn()) await page.getByRole("button", { name: "Sign in", exact: true }).click({ timeout: 1_000 });
    await expect.poll(isIn, { timeout: 4_000 }).toBe(true);
  }).toPass({ intervals: [3_000] });
  await alive(page);
}

const make = async (name: string, scope: string): Promise<string> => {
  const made = await home.fullcourt(
    "tokens",
    "create",
    "cron",
    "--user",
    `${name}@example.com`,
    "--scope",
    scope,
    "--json",
  );
  return JSON.parse(made.out).secret;
};
/** A good token of another installation. */
async function makeElsewhere(): Promise<string> {
  const state = await openState({ databaseUrl: undefined });
  await addUser({ config: readConfig({}), state, close: state.close }, "ann@example.com", "admin");
  const { id } = await getPerson(state.db, "ann@example.com");
  const expiresAt = new Date(Date.now() + 86_400_000);
  const { secret } = await createToken(state.db, id, { name: "elsewhere", scope: "admin", expiresAt });
  await state.close();
  return secret;
}

test("a server that others reach does not start until sign-in is set up", async () => {
  const other = new Installation({ HOST: "0.0.0.0", PORT: String(await freePort()) });
  try {
    const open = await other.fullcourt("serve");
    expect(open.code).toBe(2);
    expect(open.err).toContain("FULLCOURT_AUTH_SECRET");
    const nameless = await other.fullcourtWith({ FULLCOURT_AUTH_SECRET: SECRET }, "serve");
    expect(nameless.code).toBe(2);
    expect(nameless.err).toContain("FULLCOURT_URL");
    const empty = { FULLCOURT_AUTH_SECRET: SECRET, FULLCOURT_URL: "https://fullcourt.example" };
    const nobody = await other.fullcourtWith(empty, "serve");
    expect(nobody.code).not.toBe(0);
    expect(nobody.err).toContain("users add EMAIL --role admin");
  } finally {
    await other.remove();
  }
});

test("where nobody signs in, a name that only points to this machine is refused", async () => {
  const other = new Installation();
  try {
    await other.serve();
    const { port } = new URL(other.url);
    const strange = { headers: { host: `evil.example:${port}` } };
    const api = await requests.newContext();
    for (const path of ["/", "/api/coverage", "/api/rows?table=pgs&date=2021-11-15"])
      expect((await api.get(`${other.url}${path}`, strange)).status(), path).toBe(403);
    expect((await api.get(`${other.url}/api/runs`)).status()).toBe(200);
  } finally {
    await other.remove();
  }
});

test("people sign in by password, come back to where they were, and the pages keep to their policy", async ({
  page,
}) => {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Hydration/i.test(message.text())) faults.push(message.text());
  });
  await visit(page, `${home.url}/timings?tables=pgs`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectNoFaults(page, "sign-in");
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Invalid email or password")).toBeVisible();
  await page.getByLabel("Password").fill(passwords.ann as string);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${home.url}/timings?tables=pgs`);
  const cookie = (await page.context().cookies()).find((one) => one.name.endsWith("session_token"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  const answer = await visit(page, `${home.url}/access`);
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();
  await expectNoFaults(page, "access");
  // What was done is seen at once, a new token once.
  await page.getByLabel("Name of a new token").fill("nightly");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByText("it is not shown again")).toBeVisible();
  await expect(page.getByText(/"nightly" of ann@example.com: viewer/)).toBeVisible();
  for (const path of ["/", "/backfills", "/lineage", "/tables", "/tables/pgs", "/import"]) {
    await visit(page, `${home.url}${path}`);
    await expect(page.getByRole("main")).toBeVisible();
  }
  expect(faults).toEqual([]);
  await visit(page, `${home.url}/access`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/sign-in/);
  await visit(page, `${home.url}/backfills`);
  await expect(page).toHaveURL(/sign-in/);
});

test("a viewer looks and plans, and can launch nothing, by page, route or replayed action", async ({
  page,
  browser,
}) => {
  await signIn(page, "vic");
  await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
  const run = page.getByRole("dialog").getByRole("button", { name: /^Backfill \d+ cells/ });
  await expect(run).toBeDisabled();
  await expect(run).toHaveAttribute("title", "This needs the role operator.");
  const cookies = (await page.context().cookies()).map((one) => `${one.name}=${one.value}`).join("; ");

  // An operator's own launch, caught before it is sent and replayed with other cookies and from another site.
  const other = await (await browser.newContext()).newPage();
  await signIn(other, "oli");
  const caught = new Promise<{ headers: Record<string, string>; body: string }>((resolve) => {
    void other.route("**/*", async (route) => {
      const sent = route.request();
      if (!sent.headers()["next-action"] || !sent.postData()?.includes("refuse")) return route.continue();
      resolve({ headers: await sent.allHeaders(), body: sent.postData() ?? "" });
      await route.abort();
    });
  });
  await other.getByRole("button", { name: /^Backfill missing dates/ }).click();
  await other
    .getByRole("dialog")
    .getByRole("button", { name: /^Backfill \d+ cells/ })
    .click();
  const launch = await caught;
  const replay = (headers: Record<string, string>) =>
    fetch(`${home.url}/`, {
      method: "POST",
      body: launch.body,
      headers: {
        "next-action": launch.headers["next-action"] as string,
        "content-type": launch.headers["content-type"] as string,
        origin: home.url,
        ...headers,
      },
    }).then((answer) => answer.text());
  expect(await replay({ cookie: cookies })).toContain("not_allowed");
  expect(await replay({})).not.toMatch(/"ok":true/);
  expect(await replay({ cookie: launch.headers.cookie as string, origin: "https://evil.example" })).not.toMatch(
    /"ok":true/,
  );
  const { planId } = await (
    await page.request.post(`${home.url}/api/plans`, { data: { start: "2021-11-15", end: "2021-11-15" } })
  ).json();
  const refused = await page.request.post(`${home.url}/api/backfills`, { data: { planId } });
  expect([refused.status(), (await refused.json()).error.code]).toEqual([403, "not_allowed"]);
  // Nothing has run, and the operator's own replay shows that it could have.
  const runs = async () =>
    JSON.parse((await home.fullcourt("runs", "--json")).out).filter(
      (one: { sample: boolean; origin: string }) => one.origin === "web" && !one.sample,
    ).length;
  const before = await runs();
  expect(await replay({ cookie: launch.headers.cookie as string })).toMatch(/"ok":true/);
  expect(await runs()).toBe(before + 1);
  await other.close();
});

/** Methods that a browser or a program may send. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** What every schema and every action refuses, after it was seen who asks. */
const NO_INPUT = JSON.stringify(["\0"]);

/** Somebody who asks: what they send, and the role that it gives them; null for none. */
interface Caller {
  who: string;
  headers: Record<string, string>;
  role: Role | null;
  isToken?: boolean;
}

/** A page's own look at the session comes after proxy.ts, which asks for any cookie of that name. */
/** A cookie that gets past proxy.ts, which looks at its name alone. */
const noSession = () => `${cookiePrefix({ url: home.url })}.session_token=x`;

async function callers(): Promise<Caller[]> {
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}`, cookie: noSession() });
  const dead = await Promise.all([make("ann", "admin"), makeElsewhere()]);
  const [last] = JSON.parse((await home.fullcourt("tokens", "--json")).out);
  expect((await home.fullcourt("tokens", "revoke", last.id)).code).toBe(0);
  const scopes = await Promise.all(ROLES.map(async (scope) => [scope, await make("ann", scope)] as const));
  return [
    { who: "nobody", headers: { cookie: noSession() }, role: null },
    ...ROLES.map((role) => ({ who: `the session of a ${role}`, headers: { cookie: cookies[role] as string }, role })),
    // Of an administrator, whose scope is what counts.
    ...scopes.map(([scope, secret]) => ({
      who: `a token for ${scope}s`,
      headers: bearer(secret),
      role: scope,
      isToken: true,
    })),
    ...Object.entries({ revoked: dead[0], foreign: dead[1], ended, "made up": "fullcourt_x" }).map(([who, secret]) => ({
      who: `a ${who} token`,
      headers: bearer(secret),
      role: null,
      isToken: true,
    })),
  ];
}

/** Asks again where it was too often: all of them come from one address. */
async function send(path: string, init: RequestInit): Promise<{ status: number; to: string | null; said: string }> {
  const cut = new AbortController();
  const answer = await fetch(`${home.url}${path}`, { redirect: "manual", signal: cut.signal, ...init });
  if (answer.status === 429) {
    await answer.text();
    await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get("retry-after") ?? 1) * 1000));
    return send(path, init);
  }
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream");
  const said = isStream ? "" : await answer.text();
  cut.abort();
  return { status: answer.status, to: answer.headers.get("location"), said };
}

/** A manifest of the build that the server runs. */
const built = (name: string) => JSON.parse(readFileSync(`dist/dashboard/.next/server/${name}.json`, "utf8"));
/** A path of the dashboard with something in the place of its parameters. */
const filled = (path: string) =>
  path
    .replace("[name]", "pgs")
    .replace("[date]", "2021-11-15")
    .replace(/\[\w+\]/g, "x");
const pathOf = (name: string) => name.replace(/\/(page|route)$/, "") || "/";

test("every action that the build has takes sessions alone, of its role", async () => {
  const manifest = Object.entries(built("server-reference-manifest").node) as Array<
    [id: string, { exportedName: string; workers: Record<string, unknown> }]
  >;
  expect(manifest.map(([, { exportedName }]) => exportedName).sort()).toEqual(Object.keys(ACTIONS).sort());
  const all = await callers();
  const sessions = all.filter((one) => one.role && !one.isToken);
  const both = all
    .filter((one) => one.isToken)
    .map((one) => ({
      ...one,
      who: `${one.who}, with an administrator's session`,
      headers: { ...one.headers, cookie: cookies.admin as string },
    }));
  const wrong: string[] = [];
  for (const [id, { exportedName, workers }] of manifest) {
    const page = Object.keys(workers).find((one) => !one.includes("[")) ?? "";
    const call = (headers: Record<string, string>) =>
      send(pathOf(page.slice("app".length)), {
        method: "POST",
        body: NO_INPUT,
        headers: { "next-action": id, "content-type": "text/plain;charset=UTF-8", origin: home.url, ...headers },
      });
    for (const { who, headers, role, isToken } of [...all, ...both]) {
      const needed = ACTIONS[exportedName as keyof typeof ACTIONS];
      const code = isToken
        ? "not_allowed"
        : !role
          ? "sign_in_needed"
          : hasRole(role, needed)
            ? "bad_request"
            : "not_allowed";
      const { status, said } = await call(headers);
      if (!said.includes(`"ok":false,"code":"${code}"`))
        wrong.push(`${exportedName} by ${who}: ${status}, not ${code}: ${said.slice(0, 200)}`);
    }
    const stranger = await call({ cookie: "" });
    if (!stranger.to?.startsWith("/sign-in")) wrong.push(`${exportedName} without a cookie: ${stranger.status}`);
    const { said } = await call({ ...(sessions.at(-1)?.headers ?? {}), origin: "https://evil.example" });
    if (/"ok":true|bad_request/.test(said)) wrong.push(`${exportedName} from another site: ${said.slice(0, 200)}`);
  }
  expect(wrong).toEqual([]);
});

test("every route that the build has keeps its rule, and every page is for people who have signed in", async () => {
  const names = Object.keys(built("app-paths-manifest"));
  const routes = names.filter((name) => name.endsWith("/route")).map(pathOf);
  // Other methods are there for nobody.
  const declared = Object.keys(ROUTES).map((rule) => rule.split(" ")[1]);
  expect([...new Set(declared)].sort()).toEqual(routes.sort());
  const all = await callers();
  const admins = all.filter(({ role, isToken }) => role === "admin" && !isToken);
  const wrong: string[] = [];
  for (const route of routes)
    for (const method of METHODS) {
      const needed = ROUTES[`${method} ${route}`];
      if (needed === "own") continue;
      const body = method === "GET" ? {} : { body: "{}", headers: { "content-type": "application/json" } };
      for (const { who, headers, role } of needed ? all : admins) {
        const { status } = await send(filled(route), {
          method,
          ...body,
          headers: { ...body.headers, ...headers },
        });
        const isRefused = [401, 403].includes(status);
        const isRight = !needed
          ? status === 405
          : needed === "nobody" || (role && hasRole(role, needed))
            ? !isRefused && status !== 405
            : status === (role ? 403 : 401);
        if (!isRight) wrong.push(`${method} ${route} by ${who}: ${status}`);
      }
    }
  const pages = names.filter((name) => name.endsWith("/page") && !/\/(_global-error|_not-found|sign-in)\//.test(name));
  for (const page of pages.map(pathOf))
    for (const { who, headers } of [
      ...all.filter((one) => !one.role || one.isToken),
      { who: "a stranger", headers: {} },
    ]) {
      const { status, to } = await send(filled(page), { headers });
      if (!to?.startsWith("/sign-in")) wrong.push(`${page} by ${who}: ${status} ${to}`);
    }
  // What the settings are, only those with the role are shown: among them the home's folder.
  for (const [page, needed] of Object.entries(PAGE_ROLES))
    for (const { who, headers, role } of all.filter((one) => one.role && !one.isToken)) {
      const { status, said } = await send(page, { headers });
      const isShown = said.includes(home.home);
      if (status !== 200 || isShown !== hasRole(role as Role, needed))
        wrong.push(`${page} by ${who}: ${status} ${isShown}`);
    }
  for (const file of readdirSync("public")) {
    const { status } = await send(`/${file}`, {});
    if (status !== 200) wrong.push(`/${file} by a stranger: ${status}`);
  }
  expect(wrong).toEqual([]);
});

test("people come in by the provider: those who were added, and administrators by setting", async ({ page }) => {
  const byProvider = async (name: string) => {
    // A page that finds itself signed out goes to the sign-in page by itself: it is left first.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await visit(page, home.url);
    await page.getByRole("button", { name: "Sign in with Example ID" }).click();
    await page.getByPlaceholder("Enter any login").fill(name);
    await page.getByPlaceholder("and password").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL((url) => url.href.startsWith(home.url));
  };
  await byProvider("vic");
  await expect(page.getByRole("link", { name: "vic@example.com" })).toBeVisible();
  await byProvider("root");
  await visit(page, `${home.url}/access`);
  await expect(page.getByText("root@example.com, admin")).toBeVisible();
  await byProvider("mallory");
  await expect(page.getByText("nobody has added you here")).toBeVisible();
  const people = JSON.parse((await home.fullcourt("users", "--json")).out).map((one: { email: string }) => one.email);
  expect(people).not.toContain("mallory@example.com");
  expect(people).toContain("root@example.com");
});

test("an administrator adds, changes and removes people, and all of it is in the audit log", async ({ page }) => {
  await signIn(page, "ann");
  await visit(page, `${home.url}/access`);
  await page.getByLabel("Email of a new person").fill("new@example.com");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const shown = page.getByText("Password of new@example.com").locator("code");
  const password = (await shown.textContent()) ?? "";
  await page.getByLabel("Role of new@example.com").selectOption("operator");
  await expect(page.getByText("new@example.com is operator")).toBeVisible();
  const [theirs] = [await (await page.context().browser()?.newContext())?.newPage()];
  if (!theirs) throw new Error("no second browser window");
  passwords.new = password;
  await signIn(theirs, "new");
  await page.reload();
  await alive(page);
  await page.getByRole("button", { name: /^End the session of new@example.com/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await expect(page.getByRole("cell", { name: "sessions.end" })).toBeVisible();
  // A session that was ended is over: the open page goes to the sign-in page by itself, and another one starts
  // there. The open one is sent nowhere, as that may meet its own going.
  await expect(theirs).toHaveURL(/sign-in/);
  const another = await theirs.context().newPage();
  await visit(another, `${home.url}/backfills`);
  await expect(another).toHaveURL(/sign-in/);
  await theirs.context().close();
  const remove = async (name: string) => {
    await page.getByRole("button", { name: `Remove ${name}` }).click();
    const question = page.getByRole("dialog", { name: `Remove ${name}?` });
    await question.getByRole("button", { name: "Remove", exact: true }).click();
    await expect(question).toBeHidden();
  };
  await remove("new@example.com");
  await expect(page.getByRole("cell", { name: "users.remove" })).toBeVisible();
  // A service has no password, and tokens that an administrator makes.
  await page.getByLabel("A service, for programs").check();
  await page.getByLabel("Name of a new service").fill("nightly");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("button", { name: "Remove nightly" })).toBeVisible();
  await page.getByLabel("Name of a new token").fill("load");
  await page.getByRole("combobox", { name: "Owner" }).selectOption("nightly");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByText(/"load" of nightly: viewer/)).toBeVisible();
  await expectNoFaults(page, "access with sessions and services");
  await remove("ann@example.com");
  await expect(page.getByText("is the only administrator")).toBeVisible();

  const deeds = JSON.parse((await home.fullcourt("audit", "--json")).out);
  for (const deed of [
    "demo",
    "users.add",
    "users.role",
    "users.remove",
    "tokens.create",
    "tokens.revoke",
    "launch",
    "sign-in",
    "sign-in.failed",
    "sign-out",
    "sessions.end",
  ])
    expect(deeds.map((one: { deed: string }) => one.deed)).toContain(deed);
  expect(deeds.find((one: { deed: string }) => one.deed === "launch")).toMatchObject({
    actor: "oli@example.com",
    via: "web",
  });
  // No secret is in the log of the server, nor in the audit log.
  for (const secret of [...Object.values(passwords), SECRET, "not the password", "fullcourt_", provider.clientSecret])
    expect(home.said + JSON.stringify(deeds)).not.toContain(secret);
});

test("an assistant sees gaps, their causes and plans with a viewer's token, and launches with an operator's alone", async () => {
  const as = async (secret: string | undefined) => {
    const client = new Client({ name: "a test", version: "1" });
    const env = { ...(process.env as Record<string, string>), FULLCOURT_HOME: home.home };
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ["server/cli/bin.js", "mcp"],
        env: secret ? { ...env, FULLCOURT_TOKEN: secret } : env,
        stderr: "ignore",
      }),
    );
    const call = async (name: string, args: Record<string, unknown>) => {
      const { content, isError } = await client.callTool({ name, arguments: args });
      const [{ text }] = content as [{ text: string }];
      return isError ? text : JSON.parse(text);
    };
    return { call, client };
  };
  await home.demoAgain();
  const viewer = await as(await make("vic", "viewer"));
  const { tools } = await viewer.client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toEqual(["gaps", "why", "plan", "backfill", "run", "cancel"]);
  const { summary, gaps } = await viewer.call("gaps", { start: "2021-11-15", end: "2021-11-30" });
  expect(summary.safeThrough).toBe("2021-11-14");
  expect(gaps).toContainEqual(expect.objectContaining({ table: "pgs", date: "2021-11-16", state: "missing" }));
  const { why } = await viewer.call("why", { table: "pdc", date: "2021-11-18" });
  expect(JSON.stringify(why)).toContain("pgs");
  const range = { start: "2021-11-15", end: "2021-11-15", tables: ["togs"], only: "all", downstream: false };
  const plan = await viewer.call("plan", range);
  expect(plan.tasks[0]).toMatchObject({ table: "togs", start: "2021-11-15" });
  expect(await viewer.call("backfill", { planId: plan.planId })).toContain("needs the role operator");
  expect(await viewer.call("why", { table: "nothing", date: "2021-11-18" })).toContain("must be one of");
  await viewer.client.close();

  const operator = await as(await make("oli", "operator"));
  const { planId } = await operator.call("plan", range);
  const { id } = await operator.call("backfill", { planId });
  await expect.poll(async () => (await operator.call("run", { id })).run.status).toBe("succeeded");
  await operator.client.close();
  const [launch] = JSON.parse((await home.fullcourt("audit", "--json")).out).filter(
    (one: { deed: string }) => one.deed === "launch",
  );
  expect(launch).toMatchObject({ actor: "oli@example.com" });

  const nobody = await as(undefined);
  for (const name of names)
    expect(await nobody.call(name, { ...range, id, planId, table: "pgs", date: "2021-11-15" }), name).toMatch(
      /sign in/i,
    );
  await nobody.client.close();
});

test("cookies are for https alone where the address is https, and guessing is slowed down", async () => {
  const other = new Installation({ ...settings, FULLCOURT_URL: "https://fullcourt.example" });
  try {
    const added = await other.fullcourt("users", "add", "ann@example.com", "--role", "admin", "--json");
    const { password } = JSON.parse(added.out);
    await other.serve();
    const tryIn = (word: string) =>
      fetch(`${other.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: "https://fullcourt.example" },
        body: JSON.stringify({ email: "ann@example.com", password: word }),
      });
    const good = await tryIn(password);
    expect(good.status).toBe(200);
    expect(good.headers.get("set-cookie")).toMatch(
      /__Secure-fullcourt-[0-9a-f]{8}\.session_token=.*HttpOnly; .*Secure|Secure.*HttpOnly/,
    );
    expect((await fetch(`${other.url}/sign-in`)).headers.get("strict-transport-security")).toContain("max-age");
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await tryIn(`guess number ${i}`)).status);
    expect(statuses).toContain(429);
  } finally {
    await other.remove();
  }
});
