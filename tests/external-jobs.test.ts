import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { requestsOf } from "@/lib/api/schemas";
import { cellKey } from "@/lib/engine/coverage/types";
import { compilePipeline, type Pipeline } from "@/lib/engine/pipeline/compile";
import { definePipeline, source, table } from "@/lib/engine/pipeline/define";
import type { CommandJob } from "@/lib/engine/pipeline/types";
import { eachDate } from "@/lib/util/dates";
import { execute } from "@/server/cli/execute";
import { readConfig } from "@/server/config";
import { type Context, openContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { readSource } from "@/server/coverage/sources";
import { loadPipeline } from "@/server/pipeline/load";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { logsOf, tasksOf } from "@/server/state/runs";
import { ensureBundle } from "../scripts/bundle.js";
import { readDuckDB, writeDuckDB } from "./support/duckdb-writer";
import { silentIo } from "./support/io";

const root = mkdtempSync(path.join(tmpdir(), "fullcourt-jobs-"));
let context: Context | undefined;
beforeAll(() => ensureBundle());
afterEach(async () => {
  vi.unstubAllEnvs();
  await context?.close();
  context = undefined;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [FIRST, LAST, TODAY] = ["2024-03-01", "2024-03-10", "2024-03-11"];

async function open(home: string, pipeline: Pipeline, more: Record<string, string> = {}): Promise<Context> {
  const settings = { FULLCOURT_HOME: path.join(root, home), FULLCOURT_TODAY: TODAY, ...more };
  context = await openContext(readConfig({ ...process.env, ...settings }), pipeline, "a test");
  return context;
}

async function statesOf(open: Context, id: string): Promise<Array<string | undefined>> {
  const { cells } = await readCoverage(open, FIRST, LAST);
  return eachDate(FIRST, LAST).map((date) => cells.get(cellKey(id, date))?.state);
}

describe("a table of another program with a job", () => {
  it("docs/external.md's configuration runs as it is: a gap is planned, run in two ranges, counted and checked, and nothing of theirs is changed from here", async () => {
    const folder = path.join(root, "shop");
    mkdirSync(path.join(folder, "bin"), { recursive: true });
    const config = /```ts\n(import.*?)```/s.exec(readFileSync("docs/external.md", "utf8"))?.[1] as string;
    writeFileSync(path.join(folder, "fullcourt.config.ts"), config);
    const file = path.join(folder, "warehouse.duckdb");
    const insert =
      "INSERT INTO marts.fct_orders SELECT order_id, order_date, customer_id, 9.5, now()::TIMESTAMP FROM staging.stg_orders";
    await writeDuckDB(file, [
      "CREATE SCHEMA staging",
      "CREATE SCHEMA marts",
      `CREATE TABLE staging.stg_orders AS SELECT range AS order_id, DATE '${FIRST}' + CAST(range // 3 AS INTEGER) AS order_date, range % 2 AS customer_id FROM range(30)`,
      "CREATE TABLE marts.dim_customers AS SELECT range AS customer_id FROM range(2)",
      "CREATE TABLE marts.fct_orders (order_id BIGINT, order_date DATE, customer_id BIGINT, amount DOUBLE, dbt_loaded_at TIMESTAMP)",
      `${insert} WHERE day(order_date) NOT IN (4, 5, 8)`,
    ]);
    // What dbt does: another process writes the file.
    const dbt = `
import { DuckDBInstance } from "@duckdb/node-api";
import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(path.join(folder, "calls"))}, process.argv.slice(1).join(" ") + "\\n");
const instance = await DuckDBInstance.create(${JSON.stringify(file)});
const connection = await instance.connect();
await connection.run("${insert} WHERE order_id NOT IN (SELECT order_id FROM marts.fct_orders)");
connection.closeSync();
instance.closeSync();
console.log("done");`;
    writeFileSync(path.join(folder, "dbt.mjs"), dbt);
    const program = path.join(folder, "bin", "dbt");
    writeFileSync(
      program,
      `#!/bin/sh\nexec node --input-type=module -e "$(cat ${path.join(folder, "dbt.mjs")})" "$@"\n`,
    );
    chmodSync(program, 0o755);
    vi.stubEnv("PATH", `${path.join(folder, "bin")}:${process.env.PATH}`);
    vi.stubEnv("FULLCOURT_CONFIG", path.join(folder, "fullcourt.config.ts"));
    const columns =
      "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns ORDER BY ALL";
    const before = await readDuckDB(file, columns);

    const own = await open("home-of-shop", await loadPipeline(path.join(root, "home-of-shop")));
    expect(own.config.warehouse).toEqual({ kind: "duckdb", file });
    const [C, M] = ["complete", "missing"];
    expect(await statesOf(own, "fct_orders")).toEqual([C, C, C, M, M, C, C, M, C, C]);
    const io = silentIo(root);
    const range = ["--start-date", FIRST, "--end-date", LAST];
    const code = await execute(own, ["backfill", "fct_orders", ...range, "--json"], io);
    const lines = io.said.out.trim().split("\n");
    const run = JSON.parse(lines.at(-1) as string);
    expect([code, run.status, run.rows], io.said.err).toEqual([0, "succeeded", 9]);
    expect(readFileSync(path.join(folder, "calls"), "utf8")).toBe("build --select fct_orders\n".repeat(2));
    expect(await statesOf(own, "fct_orders")).toEqual(Array(10).fill(C));
    expect((await logsOf(own.state.db, run.id)).map(({ message }) => message)).toContain("fct_orders: done");
    await own.close();
    context = undefined;
    expect(await readDuckDB(file, columns)).toEqual(before);
  });

  const lake = path.join(root, "lake");
  /** A job that writes a CSV file of its date into the folder, after what the script adds to it. */
  const write = (more: string, options: Partial<CommandJob>): CommandJob => ({
    command: [
      "sh",
      "-c",
      `set -e; folder="$1/marts/daily/order_date=$2"; ${more} mkdir -p "$folder"; printf 'order_id\\n1\\n' > "$folder/part.csv"; $3`,
      "sh",
      lake,
      "{start}",
      "true",
    ],
    timeoutMinutes: 2,
    ...options,
  });
  const daily = (job: CommandJob) =>
    compilePipeline(
      definePipeline({
        id: "lake",
        name: "Lake",
        timeZone: "UTC",
        layers: [{ id: "marts", label: "Marts" }],
        sources: [source({ id: "orders", name: "main.orders", dateColumn: "order_date", key: ["order_id"] })],
        tables: [
          table({
            id: "daily",
            name: "marts.daily",
            layer: "marts",
            dateColumn: "order_date",
            key: ["order_id"],
            inputs: [{ table: "orders" }],
            expected: { rows: 1 },
            build: { kind: "external", by: "a script", job },
          }),
        ],
      }),
    );
  const fill = async (home: string, job: CommandJob, end = "2024-03-03") => {
    rmSync(lake, { recursive: true, force: true });
    mkdirSync(lake);
    writeFileSync(path.join(lake, "orders.csv"), `order_date,order_id\n${eachDate(FIRST, LAST).join(",1\n")},1\n`);
    const own = await open(home, daily(job), { FULLCOURT_WAREHOUSE: `parquet:${lake}` });
    const request = { tables: ["daily"], start: FIRST, end, only: "bad" as const, upstream: true, downstream: true };
    const { planId, refusal } = await previewPlan(own, request);
    expect(refusal).toBeNull();
    const { id, done } = await launch(own, planId, DEFAULT_OPTIONS, "test");
    const run = await done;
    const log = (await logsOf(own.state.db, id)).map(({ message }) => message).join("\n");
    return { run, log, states: (await statesOf(own, "daily")).slice(0, 3) };
  };

  it("is started for each date, two at once, and a date that fails fails alone", async () => {
    // The first two wait for each other: one after the other they would wait until their time is over.
    const meet = `[ "$2" = 2024-03-03 ] && exit 3; touch "$1/_$2"; while [ ! -e "$1/_2024-03-01" ] || [ ! -e "$1/_2024-03-02" ]; do sleep 0.02; done;`;
    const { run, log, states } = await fill("home-of-dates", write(meet, { per: "date", parallel: 2 }));
    expect(run.status).toBe("failed");
    expect(states).toEqual(["complete", "complete", "failed"]);
    expect(log).toContain("sh ended with 3");
    expect(log).not.toContain("2024-03-01: the job");
  });

  it("done by counts, an exit code says nothing; done by exit, counts that are wrong fail the date", async () => {
    const counted = write("", { per: "date", done: "counts" });
    (counted.command as string[])[6] = "exit 4";
    const byCounts = await fill("home-of-counts", counted);
    expect([byCounts.run.status, byCounts.run.rows, byCounts.states]).toEqual([
      "succeeded",
      3,
      ["complete", "complete", "complete"],
    ]);
    expect(byCounts.log).toContain("sh ended with 4. Its counts decide.");
    await context?.close();
    const nothing = { ...write("", {}), command: ["true"] };
    const byExit = await fill("home-of-exit", nothing);
    expect([byExit.run.status, byExit.states]).toEqual(["failed", ["failed", "failed", "failed"]]);
    expect(byExit.log).toContain("the job has ended well, but the data say missing");
    expect(existsSync(path.join(lake, "marts"))).toBe(false);
  });

  it("a definition that cannot be is refused with all that is wrong", () => {
    const bad = { command: "true", per: "hour", parallel: 0, done: "never", rows: "output" } as unknown as CommandJob;
    expect(() => daily(bad)).toThrow(
      /per "hour": task, date or range.*done by "never".*parallel must be a number from 1.*cannot leave them as "output"/,
    );
  });
});

describe("a source with a job", () => {
  const lake = path.join(root, "feed");
  const D = "2024-03-05";
  const feed = (job: CommandJob) =>
    compilePipeline(
      definePipeline({
        id: "feed",
        name: "Feed",
        timeZone: "UTC",
        layers: [{ id: "marts", label: "Marts" }],
        sources: [
          source({
            id: "orders",
            name: "main.orders",
            dateColumn: "order_date",
            key: ["order_id"],
            completeness: { of: "done", counted: "LEAST(COUNT(*), 1)" },
            job,
          }),
          source({ id: "customers", name: "main.customers", key: ["customer_id"] }),
        ],
        tables: [
          table({
            id: "daily",
            name: "marts.daily",
            layer: "marts",
            dateColumn: "order_date",
            key: ["order_id"],
            inputs: [{ table: "orders" }, { table: "customers", critical: false }],
            expected: "some",
            build: { kind: "external", by: "a script" },
          }),
        ],
      }),
    );
  const partOf = (date: string) => path.join(lake, "orders", `order_date=${date}`);
  const fill = (dates: readonly string[]) => {
    rmSync(lake, { recursive: true, force: true });
    for (const date of dates) {
      mkdirSync(partOf(date), { recursive: true });
      writeFileSync(path.join(partOf(date), "part.csv"), "order_id\n1\n");
    }
    writeFileSync(path.join(lake, "customers.csv"), "customer_id\n1\n");
  };
  const load = `mkdir -p "$1/orders/order_date=$2"; printf 'order_id\\n1\\n2\\n' > "$1/orders/order_date=$2/part.csv"; echo loaded`;
  const sourceOn = async (own: Context, date: string) => (await readSource(own, "orders", date)).cell;

  it("is loaded again like a table of another program: planned, run, logged, counted and checked, by command and request alike", async () => {
    fill(eachDate(FIRST, LAST).filter((date) => date !== D));
    const job: CommandJob = { command: ["sh", "-c", load, "sh", lake, "{start}"], per: "date" };
    const own = await open("home-of-feed", feed(job), { FULLCOURT_WAREHOUSE: `parquet:${lake}` });
    expect((await sourceOn(own, D)).state).toBe("missing");
    const io = silentIo(root);
    const code = await execute(own, ["backfill", "orders", "--start-date", FIRST, "--end-date", LAST, "--json"], io);
    const run = JSON.parse(io.said.out.trim().split("\n").at(-1) as string);
    expect([code, run.status, run.rows], io.said.err).toEqual([0, "succeeded", 2]);
    expect(await tasksOf(own.state.db, run.id)).toMatchObject([{ table: "orders", dates: [D], status: "succeeded" }]);
    expect((await logsOf(own.state.db, run.id)).map(({ message }) => message)).toContain("orders: loaded");
    expect((await sourceOn(own, D)).state).toBe("complete");

    const { planRequest } = requestsOf(own.pipeline);
    const ask = (only: string, tables = ["orders"]) => planRequest.parse({ tables, start: FIRST, end: FIRST, only });
    expect((await previewPlan(own, ask("bad"))).tasks).toEqual([]);
    const again = await previewPlan(own, ask("all"));
    expect(again.tasks).toMatchObject([{ table: "orders", dates: [FIRST] }]);
    expect((await (await launch(own, again.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("succeeded");
    expect((await sourceOn(own, FIRST)).rows).toBe(2);
    // Nothing loads this one.
    expect(() => ask("all", ["customers"])).toThrow();
  });

  it("whose job brings nothing has failed, in figures", async () => {
    fill(eachDate(FIRST, LAST).filter((date) => date !== D));
    const own = await open("home-of-nothing", feed({ command: ["true"] }), { FULLCOURT_WAREHOUSE: `parquet:${lake}` });
    const request = { tables: ["orders"], start: D, end: D, only: "bad" as const, upstream: true, downstream: true };
    const { planId } = await previewPlan(own, request);
    const { status, error } = await (await launch(own, planId, DEFAULT_OPTIONS, "test")).done;
    expect([status, error]).toEqual(["failed", expect.stringContaining("the data say missing: 0 of")]);
  });

  it("needs dates to load", () => {
    const definition = feed({ command: ["true"] }).definition;
    const sources = definition.sources.map((one) => ({ ...one, dateColumn: "" }));
    expect(() => compilePipeline({ ...definition, sources })).toThrow("orders: it has a job and no date column");
  });
});
