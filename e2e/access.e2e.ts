import { type APIRequestContext, expect, type Page, request as requests, test } from "@playwright/test";
import { freePort } from "@/tests/support/free-port";
import { type LocalProvider, startOidc } from "@/tests/support/oidc";
import { expectNoFaults } from "./page-parts";
import { Installation } from "./server";

const SECRET = "a-secret-of-this-installation-01";
const settings: Record<string, string> = { FULLCOURT_AUTH_SECRET: SECRET, FULLCOURT_ADMINS: "root@example.com" };
const home = new Installation(settings);
let provider: LocalProvider;
const passwords: Record<string, string> = {};

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
  provider = await startOidc(`http://127.0.0.1:${port}/api/auth/callback/oidc`);
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
  await page.goto(home.url);
  await page.getByLabel("E-mail").fill(`${name}@example.com`);
  await page.getByLabel("Password").fill(password);
  // All these tests come from one address, from which three may try in ten seconds.
  const isIn = () => page.url() === `${home.url}/`;
  await expect(async () => {
    if (!isIn()) await page.getByRole("button", { name: "Sign in", exact: true }).click({ timeout: 1_000 });
    await expect.poll(isIn, { timeout: 4_000 }).toBe(true);
  }).toPass({ intervals: [3_000] });
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
const as = (secret: string): Promise<APIRequestContext> =>
  requests.newContext({ baseURL: home.url, extraHTTPHeaders: { authorization: `Bearer ${secret}` } });

/** Every operation of the API's description. */
async function operations(): Promise<Array<{ method: string; route: string }>> {
  const { paths } = await (await fetch(`${home.url}/api/openapi.json`)).json();
  return Object.entries(paths as Record<string, object>).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => ({ method, route: route.replace(/\{\w+\}/g, "x") })),
  );
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
  await page.goto(`${home.url}/timings?tables=pgs`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectNoFaults(page, "sign-in");
  await page.getByLabel("E-mail").fill("ann@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Invalid email or password")).toBeVisible();
  await page.getByLabel("Password").fill(passwords.ann as string);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${home.url}/timings?tables=pgs`);
  const cookie = (await page.context().cookies()).find((one) => one.name.endsWith("session_token"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  const answer = await page.goto(`${home.url}/access`);
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();
  await expectNoFaults(page, "access");
  // What was done is seen at once, a new token once.
  await page.getByLabel("Name of a new token").fill("nightly");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText("it is not shown again")).toBeVisible();
  await expect(page.getByText(/"nightly" of ann@example.com: viewer/)).toBeVisible();
  for (const path of ["/", "/backfills", "/lineage", "/tables", "/tables/pgs", "/import"]) {
    await page.goto(`${home.url}${path}`);
    await expect(page.getByRole("main")).toBeVisible();
  }
  expect(faults).toEqual([]);
  await page.goto(`${home.url}/access`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/sign-in/);
  await page.goto(`${home.url}/backfills`);
  await expect(page).toHaveURL(/sign-in/);
});

test("a viewer looks and plans, and can launch nothing, by page, route or replayed action", async ({
  page,
  browser,
}) => {
  await signIn(page, "vic");
  await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
  const run = page.getByRole("dialog").getByRole("button", { name: /^Run these/ });
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
    .getByRole("button", { name: /^Run these/ })
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

test("tokens open what their scope says, until they end", async () => {
  const [viewer, operator, admin] = [
    await make("vic", "viewer"),
    await make("oli", "operator"),
    await make("ann", "admin"),
  ];
  const gone = await make("vic", "viewer");
  const [last] = JSON.parse((await home.fullcourt("tokens", "--json")).out);
  expect((await home.fullcourt("tokens", "revoke", last.id)).code).toBe(0);
  const nobody = await requests.newContext({ baseURL: home.url });
  const open = ["/api/health", "/api/openapi.json"];
  for (const { method, route } of await operations()) {
    const send = async (who: APIRequestContext) =>
      (await who.fetch(route, { method, ...(method === "post" ? { data: {} } : {}) })).status();
    if (open.includes(route)) {
      expect(await send(nobody), route).toBe(200);
      continue;
    }
    for (const who of [nobody, await as(gone), await as("fullcourt_made-up")])
      expect(await send(who), `${method} ${route} by nobody`).toBe(401);
    if (route === "/api/events") continue;
    const mayLook = (method === "get" && route !== "/api/audit") || route === "/api/plans";
    const [looked, operated] = [await send(await as(viewer)), await send(await as(operator))];
    if (mayLook) expect([401, 403], `${method} ${route} by a viewer`).not.toContain(looked);
    else expect(looked, `${method} ${route} by a viewer`).toBe(403);
    if (route !== "/api/audit") expect([401, 403], `${method} ${route} by an operator`).not.toContain(operated);
    else expect([operated, await send(await as(admin))]).toEqual([403, 200]);
  }
});

test("people come in by the provider: those who were added, and administrators by setting", async ({ page }) => {
  const byProvider = async (name: string) => {
    // A page that finds itself signed out goes to the sign-in page by itself: it is left first.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await page.goto(home.url);
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
  await page.goto(`${home.url}/access`);
  await expect(page.getByText("root@example.com, admin")).toBeVisible();
  await byProvider("mallory");
  await expect(page.getByText("nobody has added you here")).toBeVisible();
  const people = JSON.parse((await home.fullcourt("users", "--json")).out).map((one: { email: string }) => one.email);
  expect(people).not.toContain("mallory@example.com");
  expect(people).toContain("root@example.com");
});

test("an administrator adds, changes and removes people, and all of it is in the audit log", async ({ page }) => {
  await signIn(page, "ann");
  await page.goto(`${home.url}/access`);
  await page.getByLabel("E-mail of a new person").fill("new@example.com");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const shown = page.getByText("Password of new@example.com").locator("code");
  const password = (await shown.textContent()) ?? "";
  await page.getByLabel("Role of new@example.com").selectOption("operator");
  await expect(page.getByText("new@example.com is operator")).toBeVisible();
  const [theirs] = [await (await page.context().browser()?.newContext())?.newPage()];
  if (!theirs) throw new Error("no second browser window");
  passwords.new = password;
  await signIn(theirs, "new");
  page.on("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Remove new@example.com" }).click();
  await expect(page.getByRole("cell", { name: "users.remove" })).toBeVisible();
  // The session of somebody who was removed is over: the open page goes to the sign-in page by itself,
  // and another one starts there. The open one is sent nowhere, as that may meet its own going.
  await expect(theirs).toHaveURL(/sign-in/);
  const another = await theirs.context().newPage();
  await another.goto(`${home.url}/backfills`);
  await expect(another).toHaveURL(/sign-in/);
  await theirs.context().close();
  await page.getByRole("button", { name: "Remove ann@example.com" }).click();
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
      /__Secure-fullcourt\.session_token=.*HttpOnly; .*Secure|Secure.*HttpOnly/,
    );
    expect((await fetch(`${other.url}/sign-in`)).headers.get("strict-transport-security")).toContain("max-age");
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await tryIn(`guess number ${i}`)).status);
    expect(statuses).toContain(429);
  } finally {
    await other.remove();
  }
});
