import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
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

let clients = 0;
let agent: Agent | undefined;

/** Sends one request, and once a client has had its share of the rate as the next one, from another address of this machine. */
async function send(
  target: string,
  { method = "get", body, headers }: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string }> {
  agent ??= new Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.0.1.${++clients}` });
  const sent = httpRequest(demo.url + target, { method, headers, agent });
  // A body that is refused is not read to its end.
  sent.on("error", () => undefined);
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  sent.end(body);
  const [answer] = await answered;
  const status = answer.statusCode as number;
  const said = await text(answer);
  if (status !== 429) return { status, text: said };
  agent.destroy();
  agent = undefined;
  return send(target, { method, body, headers });
}

const JSON_BODY = { "content-type": "application/json" };

/** The whole grid as text. */
const readGrid = async () => (await send("/api/coverage?start=2021-10-19&end=2021-11-30")).text;

interface Operation {
  parameters?: Array<{ name: string; in: string }>;
  requestBody?: { content: Record<string, unknown> };
}

test("hostile values in every parameter of every route are refused or harmless, and change nothing", async () => {
  const { paths } = JSON.parse((await send("/api/openapi.json")).text) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const before = await readGrid();
  const faults: string[] = [];
  /** A fault of the server is remembered. */
  const attack = async (method: string, target: string, body?: string) => {
    const { status, text } = await send(target, { method, body, headers: body === undefined ? {} : JSON_BODY });
    const what = `${method} ${target.slice(0, 120)} ${body?.slice(0, 80)}`;
    if (status >= 500) faults.push(`${what}: ${status} ${text.slice(0, 200)}`);
    if (/root:.*:0:0:/.test(text)) faults.push(`${what}: a file of the machine`);
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
          await attack(method, target, method === "post" ? "{}" : undefined);
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
        for (const body of bodies) await attack("post", target, JSON.stringify(body));
      }
    }
  }
  const large = JSON.stringify({ start: "2021-11-15", end: "2021-11-16", padding: "x".repeat(10 << 20) });
  for (const body of [large, "{"]) await attack("post", "/api/plans", body);
  expect(faults).toEqual([]);
  expect(await readGrid()).toBe(before);
});

test("files that would fill the memory are refused with a clear error, and nothing is loaded", async () => {
  const wide = path.join(demo.home, "wide.csv");
  const names = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",");
  writeFileSync(wide, `${names}\n${names}\n`);
  const columns = await demo.fullcourt("import", wide, "--into", "shots", "--json");
  expect(columns.code, columns.err + columns.out).toBe(2);
  expect(JSON.parse(columns.out).error.message.length).toBeLessThan(5_000);
  const bomb = path.join(demo.home, "bomb.csv.gz");
  writeFileSync(bomb, gzipSync(Buffer.concat([Buffer.from("game_id,game_date\n"), Buffer.alloc(3 << 29, "0")])));
  const blown = await demo.fullcourt("import", bomb, "--json");
  expect(blown.code, blown.err + blown.out).toBe(2);
  expect(JSON.parse(blown.out).error.message).toMatch(/bomb\.csv\.gz/);
  // The server lives on.
  expect((await demo.fullcourt("coverage", "--date", "2021-11-15", "--json")).code).toBe(0);
});

// The last: what Next passes on from page to page within the server is counted as this machine's, as commands are.
test("hostile arguments of every server action are refused, and change nothing", async () => {
  const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  const ids = Object.keys(manifest.node);
  expect(ids.length).toBeGreaterThan(8);
  const before = await readGrid();
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
        const headers = { "next-action": id, "content-type": "text/plain;charset=UTF-8", origin: demo.url };
        const { text } = await send("/", { method: "post", body: JSON.stringify(args), headers });
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
  expect(await readGrid()).toBe(before);
  expect((await send("/api/live")).status).toBe(200);
});
