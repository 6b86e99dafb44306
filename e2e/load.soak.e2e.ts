import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, type TestInfo, test } from "@playwright/test";
import autocannon from "autocannon";
import { listen } from "../bench/listen";
import { servedDemo } from "./server";

const SECONDS = 300;
const STREAMS = 200;
const RATE = 40;
/** DuckDB may take 1 GB (memory.ts); all of the server together, an import beside it too, stays below this. */
const MOST_MB = 4096;
const RANGE = "start=2021-11-02&end=2021-11-30";
const demo = servedDemo((home) => home.demo("clean"));

/** Megabytes that the server's processes have in memory. */
function residentMb(port: string): number {
  const pids = execFileSync("sh", ["-c", `ss -ltnpH "sport = :${port}" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u`])
    .toString()
    .split("\n")
    .filter(Boolean);
  const kb = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
  return kb.reduce((sum, one) => sum + one, 0) / 1024;
}

/** An open event stream that remembers which runs it has seen end. */
class Stream {
  private constructor(
    readonly ended: ReadonlySet<string>,
    readonly close: () => void,
  ) {}

  static async open(url: string): Promise<Stream> {
    const ended = new Set<string>();
    return new Stream(
      ended,
      await listen(url, (event) => {
        if (event.type === "run" && event.run.endedAt) ended.add(event.run.id);
      }),
    );
  }
}

function note(info: TestInfo, figures: Record<string, number | string>): void {
  const description = Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  info.annotations.push({ type: "measured", description });
  console.log(`measured: ${description}`);
}

test(`${STREAMS} event streams and mixed load: no lost run, no wrong row, memory within its bound`, async ({
  request,
}, info) => {
  test.setTimeout((SECONDS + 240) * 1000);
  const { port } = new URL(demo.url);
  const streams = await Promise.all(Array.from({ length: STREAMS }, () => Stream.open(demo.url)));
  const paths = [
    `/api/coverage?${RANGE}&view=page`,
    `/api/coverage?${RANGE}`,
    "/api/runs?limit=20",
    "/api/cell?table=mlfs&date=2021-11-20",
    "/api/rows?table=pgs&date=2021-11-20",
    "/api/timings",
    `/api/freshness?${RANGE}`,
    "/api/overview",
    "/api/activity",
    "/api/metrics",
    "/",
  ];
  const load = autocannon({
    url: demo.url,
    connections: 8,
    // As much as one address may ask, with room for what the test itself asks.
    overallRate: RATE,
    duration: SECONDS,
    timeout: 60,
    requests: [
      ...paths.map((path) => ({ method: "GET" as const, path })),
      {
        method: "POST" as const,
        path: "/api/plans",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ start: "2021-11-02", end: "2021-11-30", only: "all" }),
      },
    ],
  });
  // Meanwhile backfills are launched, behind each other where they meet.
  const until = Date.now() + SECONDS * 1000;
  const ids: string[] = [];
  const memory: number[] = [];
  for (let round = 0; Date.now() < until; round++) {
    const day = String(2 + (round % 26)).padStart(2, "0");
    const next = String(3 + (round % 26)).padStart(2, "0");
    const data = { start: `2021-11-${day}`, end: `2021-11-${next}`, only: "all", downstream: false };
    const plan = await request.post(`${demo.url}/api/plans`, { data });
    const { planId, tasks } = await plan.json();
    if (tasks?.length > 0) {
      const launched = await request.post(`${demo.url}/api/backfills`, { data: { planId, ifBusy: "queue" } });
      // The data may have changed since the plan, or the address has asked too often: then the launch says so.
      if (launched.status() === 202) ids.push((await launched.json()).id);
      else expect([409, 429]).toContain(launched.status());
    }
    memory.push(residentMb(port));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  const result = await load;
  const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 5)));
  const late = Math.max(...memory.slice(-Math.ceil(memory.length / 5)));
  const statusOf = async (id: string) => (await (await request.get(`${demo.url}/api/runs/${id}`)).json()).run.status;
  // What a run before it has rebuilt may leave its cells stale: then it is incomplete.
  for (const id of ids) await expect.poll(() => statusOf(id), { timeout: 120_000 }).toMatch(/^(succeeded|incomplete)$/);
  note(info, {
    requests: result.requests.total,
    "a second": Math.round(result.requests.average),
    "median ms": result.latency.p50,
    "99th percentile ms": result.latency.p99,
    runs: ids.length,
    "MB after a fifth": Math.round(early),
    "MB at the end": Math.round(late),
  });
  expect(ids.length).toBeGreaterThan(SECONDS / 60);
  expect([result.errors, result.timeouts, result["5xx"]]).toEqual([0, 0, 0]);
  expect(result["2xx"]).toBeGreaterThan(SECONDS);
  // Every stream has heard the end of every run.
  for (const stream of streams) await expect.poll(() => ids.filter((id) => !stream.ended.has(id))).toEqual([]);
  for (const stream of streams) stream.close();
  expect(late).toBeLessThan(MOST_MB);
  // Every partition holds its rows, each once; what other days' runs have made stale, one backfill brings back.
  const grid = JSON.parse(
    (await demo.fullcourt("coverage", "--start-date", "2021-11-02", "--end-date", "2021-11-30", "--json")).out,
  );
  for (const { date, cells } of grid.dates)
    for (const [table, { rows, distinct, expected }] of Object.entries(cells as Record<string, Record<string, number>>))
      expect([rows, distinct], `${table} ${date}`).toEqual([expected, expected]);
  const range = ["--start-date", "2021-11-02", "--end-date", "2021-11-30"];
  expect((await demo.fullcourt("backfill", "all", ...range, "--json")).code).toBe(0);
  const verified = await demo.fullcourt("verify", "--start-date", "2021-11-02", "--end-date", "2021-11-30", "--json");
  expect(JSON.parse(verified.out)).toEqual({ passed: true, problems: [] });
});
