import { readFileSync, writeFileSync } from "node:fs";
import { request as ask } from "node:http";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { visit } from "./page-parts";
import { Installation } from "./server";

const SECRET = "a-secret-of-this-installation-02";

/** A POST whose body is sent as long as it is taken; its status, or why it was cut off. */
const flood = (url: string, headers: Record<string, string>, mebibytes: number): Promise<number | string> =>
  new Promise((resolve) => {
    const piece = Buffer.alloc(1 << 20, "x");
    const sent = ask(url, { method: "POST", headers: { ...headers, "transfer-encoding": "chunked" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode as number);
      sent.destroy();
    });
    sent.on("error", (error) => resolve((error as { code?: string }).code ?? "cut off"));
    let left = mebibytes;
    const more = () => {
      while (left-- > 0) if (!sent.write(piece)) return void sent.once("drain", more);
      sent.end();
    };
    more();
  });

/** Mebibytes by which a server's memory has grown while something was done. */
async function growth(home: Installation, work: () => Promise<unknown>): Promise<number> {
  const { pid } = JSON.parse(readFileSync(path.join(home.home, "lock.json"), "utf8"));
  const mebibytes = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  // From here on its peak is counted anew.
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  const before = mebibytes("VmRSS");
  await work();
  return mebibytes("VmHWM") - before;
}

test.describe("without sign-in", () => {
  const home = new Installation();
  test.beforeAll(async () => {
    await home.demo("clean");
    await home.serve();
  });
  test.afterAll(() => home.remove());

  test("what a proxy has passed on or another site's page asks is refused: pages, routes, actions and commands", async () => {
    const statusOf = async (path: string, headers: Record<string, string>, method = "GET") =>
      (await fetch(`${home.url}${path}`, { method, headers, ...(method === "POST" ? { body: "[]" } : {}) })).status;
    const action = { "next-action": "0".repeat(40), origin: home.url };
    for (const own of [{ "x-forwarded-for": "203.0.113.5" }, { via: "1.1 x" }, { "sec-fetch-site": "cross-site" }])
      expect([
        await statusOf("/", own as never),
        await statusOf("/api/runs", own as never),
        await statusOf("/", { ...action, ...own } as never, "POST"),
        await statusOf("/api/openapi.json", own as never),
      ]).toEqual([403, 403, 403, 403]);
    const { token } = JSON.parse(readFileSync(path.join(home.home, "lock.json"), "utf8"));
    const command = (headers: Record<string, string>) =>
      fetch(`${home.url}/api/cli`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify({ argv: ["runs"], cwd: "/" }),
      }).then((answer) => answer.status);
    expect([await command({}), await command({ "x-forwarded-for": "127.0.0.1" })]).toEqual([200, 403]);
    // Next itself fills x-forwarded-* in: that is not taken for a proxy.
    expect([await statusOf("/", {}), await statusOf("/api/runs", {})]).toEqual([200, 200]);
  });

  test("answers say how they may be used, and HEAD is GET without a body", async () => {
    const page = await fetch(home.url);
    expect(page.headers.get("content-security-policy")).toMatch(
      /connect-src 'self'.*base-uri 'none'; form-action 'self'/,
    );
    const data = await fetch(`${home.url}/api/coverage`);
    expect(Object.fromEntries(data.headers)).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    for (const path of ["/api/coverage", "/api/live", "/api/ready", "/api/health", "/api/metrics"]) {
      const head = await fetch(`${home.url}${path}`, { method: "HEAD" });
      expect([head.status, await head.text()], path).toEqual([200, ""]);
    }
  });

  test("bodies of any size are refused in little memory", async () => {
    const json = { "content-type": "application/json" };
    let answers: Array<number | string> = [];
    const grown = await growth(home, async () => {
      answers = await Promise.all([
        flood(`${home.url}/api/plans`, json, 200),
        flood(`${home.url}/api/auth/sign-in/email`, json, 200),
        flood(`${home.url}/`, { "next-action": "0".repeat(40), origin: home.url, "content-type": "text/plain" }, 200),
        flood(`${home.url}/api/import`, { "content-type": "multipart/form-data; boundary=XX" }, 400),
      ]);
    });
    // Refused, or the connection closed while it was still sending.
    for (const answer of answers) expect(["ECONNRESET", "EPIPE", 400, 404, 413, 500]).toContain(answer);
    test.info().annotations.push({ type: "memory", description: `${Math.round(grown)} MiB` });
    expect(grown).toBeLessThan(300);
    expect((await fetch(`${home.url}/api/ready`)).status).toBe(200);
  });
});

test("with sign-in, a sign-in of 200 MB is refused in little memory", async () => {
  const home = new Installation({ FULLCOURT_AUTH_SECRET: SECRET });
  try {
    await home.fullcourt("users", "add", "ann@example.com", "--role", "admin");
    await home.serve();
    let answer: number | string = "";
    const grown = await growth(home, async () => {
      answer = await flood(`${home.url}/api/auth/sign-in/email`, { "content-type": "application/json" }, 200);
    });
    test.info().annotations.push({ type: "memory", description: `${Math.round(grown)} MiB` });
    expect([413, "ECONNRESET", "EPIPE"]).toContain(answer);
    expect(grown).toBeLessThan(300);
    const strange = await fetch(`${home.url}/api/ready`);
    expect(await strange.json()).toEqual({ ok: true, status: "ready" });
  } finally {
    await home.remove();
  }
});

test("FULLCOURT_KEY=on: the printed address opens the pages, nothing else does", async ({ page }) => {
  const home = new Installation({ FULLCOURT_KEY: "on" });
  try {
    await home.demo("clean");
    await home.serve();
    const [printed = ""] = /http:\/\/\S+\?key=\S+/.exec(home.said) ?? [];
    const key = new URL(printed).searchParams.get("key") as string;
    const statusOf = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(`${home.url}${path}`, { headers, redirect: "manual" })).status;
    for (const path of ["/", "/backfills", "/?key=wrong", "/api/coverage", "/api/openapi.json", "/api/ready"])
      expect(await statusOf(path), path).toBe(401);
    expect(await statusOf("/api/live")).toBe(200);
    expect(await statusOf("/api/coverage", { authorization: `Bearer ${key}` })).toBe(200);
    const bare = await page.goto(home.url);
    expect([bare?.status(), await page.locator("body").textContent()]).toEqual([
      401,
      "This server needs its key: open the address that `fullcourt serve` printed.",
    ]);
    await visit(page, printed);
    await expect(page).toHaveURL(`${home.url}/`);
    await expect(page.getByRole("grid").first()).toBeVisible();
    // The command line goes by the home's own secret.
    expect((await home.fullcourt("runs", "--json")).code).toBe(0);
  } finally {
    await home.remove();
  }
});
