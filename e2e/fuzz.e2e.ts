import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type APIRequestContext, type APIResponse, expect, test } from "@playwright/test";
import { servedDemo } from "./server";

const demo = servedDemo();

const HOSTILE = [
  "'; DROP TABLE nba_raw.nbac_schedule; --",
  "pgs) UNION ALL SELECT 1 --",
  "2021-11-15' OR '1'='1",
  "../../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "file:///etc/passwd",
  "pgs\u0000",
  "\u202e\u0000\uffff",
  "{{7*7}}#{7*7}",
  "<script>alert(1)</script>",
  "-1",
  "9".repeat(400),
  "x".repeat(7_000),
  "",
];

/** The whole grid as text, once the rate lets it through. */
async function readGrid(request: APIRequestContext): Promise<string> {
  const ask = () => request.get(`${demo.url}/api/coverage?start=2021-10-19&end=2021-11-30`);
  let answer = await ask();
  for (; answer.status() === 429; answer = await ask()) await new Promise((resolve) => setTimeout(resolve, 500));
  return answer.text();
}

interface Operation {
  parameters?: Array<{ name: string; in: string }>;
  requestBody?: { content: Record<string, unknown> };
}

test("hostile values in every parameter of every route are refused or harmless, and change nothing", async ({
  request,
}) => {
  const { paths } = (await (await request.get(`${demo.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const seen = () => readGrid(request);
  const before = await seen();
  const faults: string[] = [];
  /** Sends until the rate lets it through; a fault of the server is remembered. */
  const send = async (what: string, ask: () => Promise<APIResponse>) => {
    for (;;) {
      const answer = await ask();
      if (answer.status() === 429) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      const isRefused = answer.status() >= 400 && answer.status() < 500;
      if (!isRefused && answer.status() >= 500)
        faults.push(`${what}: ${answer.status()} ${(await answer.text()).slice(0, 200)}`);
      const text = await answer.text().catch(() => "");
      if (/root:.*:0:0:/.test(text)) faults.push(`${what}: a file of the machine`);
      return;
    }
  };
  for (const [route, operations] of Object.entries(paths)) {
    if (route === "/api/events") continue;
    for (const [method, operation] of Object.entries(operations)) {
      const names = (operation.parameters ?? []).filter((one) => one.in !== "header");
      for (const value of HOSTILE) {
        for (const { name, in: where } of names) {
          const target =
            where === "path"
              ? route.replace(`{${name}}`, encodeURIComponent(value || "x"))
              : `${route.replace(/\{\w+\}/g, "x")}?${new URLSearchParams({ [name]: value })}`;
          await send(`${method} ${target.slice(0, 120)}`, () =>
            request.fetch(`${demo.url}${target}`, { method, ...(method === "post" ? { data: {} } : {}) }),
          );
        }
        if (method !== "post" || !operation.requestBody?.content["application/json"]) continue;
        const target = route.replace(/\{\w+\}/g, "x");
        const cells = [{ table: value, date: value }];
        const bodies: unknown[] = [
          { planId: value, start: value, end: value, tables: [value], cells, reason: value, by: value },
          { start: "2021-11-15", end: "2021-11-16", tables: ["pgs"], dates: [value], only: value },
          [value],
          value,
        ];
        for (const data of bodies)
          await send(`post ${target} ${JSON.stringify(data).slice(0, 80)}`, () =>
            request.post(`${demo.url}${target}`, {
              data: JSON.stringify(data),
              headers: { "content-type": "application/json" },
            }),
          );
      }
    }
  }
  const large = JSON.stringify({ start: "2021-11-15", end: "2021-11-16", padding: "x".repeat(10 << 20) });
  await send("10 MB of JSON", () =>
    request.post(`${demo.url}/api/plans`, { data: large, headers: { "content-type": "application/json" } }),
  );
  await send("broken JSON", () =>
    request.post(`${demo.url}/api/plans`, { data: Buffer.from("{"), headers: { "content-type": "application/json" } }),
  );
  expect(faults).toEqual([]);
  expect(await seen()).toBe(before);
});

test("hostile arguments of every server action are refused, and change nothing", async ({ request }) => {
  const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  const ids = Object.keys(manifest.node);
  expect(ids.length).toBeGreaterThan(8);
  const seen = () => readGrid(request);
  const before = await seen();
  const faults: string[] = [];
  let refused = 0;
  for (const id of ids) {
    for (const value of [...HOSTILE, null, 1e308, [], {}, [[]], { __proto__: null }]) {
      const cells = [{ table: value, date: value }];
      for (const args of [
        [value],
        [value, value],
        [{ start: value, end: value, tables: [value], cells }],
        [cells],
        [],
      ]) {
        const send = () =>
          request.post(demo.url, {
            data: Buffer.from(JSON.stringify(args)),
            headers: { "next-action": id, "content-type": "text/plain;charset=UTF-8", origin: demo.url },
          });
        let answer = await send();
        for (; answer.status() === 429; answer = await send()) await new Promise((resolve) => setTimeout(resolve, 500));
        const text = await answer.text();
        if (/"ok":false/.test(text)) refused++;
        if (/"code":"internal"/.test(text)) faults.push(`${id} ${JSON.stringify(args).slice(0, 80)}: not refused`);
        if (/"ok":true/.test(text)) faults.push(`${id} ${JSON.stringify(args).slice(0, 80)}: taken`);
        if (/root:.*:0:0:|Failed query|at .*\.(ts|js):\d+/.test(text)) faults.push(`${id}: ${text.slice(0, 200)}`);
      }
    }
  }
  // The only action without an argument would make the demo season, and finds a warehouse that holds one.
  expect(faults).toEqual([]);
  expect(refused).toBeGreaterThan(ids.length * 20);
  expect(await seen()).toBe(before);
  expect((await request.get(`${demo.url}/api/live`)).status()).toBe(200);
});

test("files that would fill the memory are refused with a clear error, and nothing is loaded", async () => {
  const wide = path.join(demo.home, "wide.csv");
  const names = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",");
  writeFileSync(wide, `${names}\n${names}\n`);
  const columns = await demo.fullcourt("import", wide, "--into", "shots", "--json");
  expect(columns.code).toBe(2);
  expect(JSON.parse(columns.out).error.message.length).toBeLessThan(5_000);
  const bomb = path.join(demo.home, "bomb.csv.gz");
  writeFileSync(bomb, gzipSync(Buffer.concat([Buffer.from("game_id,game_date\n"), Buffer.alloc(3 << 29, "0")])));
  const blown = await demo.fullcourt("import", bomb, "--json");
  expect(blown.code).toBe(2);
  expect(JSON.parse(blown.out).error.message).toMatch(/bomb\.csv\.gz/);
  // The server lives on.
  expect((await demo.fullcourt("coverage", "--date", "2021-11-15", "--json")).code).toBe(0);
});
