import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BigQuery } from "@google-cloud/bigquery";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COVERAGE_SQL } from "@/lib/coverage/sql";
import { topologicalOrder } from "@/lib/pipeline/graph";
import { processor, qualifiedName } from "@/lib/processors";
import { seasonEnd, seasonStart } from "@/lib/season";
import { DATASETS } from "@/lib/stored";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { build, gameDates } from "@/tests/support/league";
import { smallLeague } from "@/tests/support/small-league";
import { type Config, readConfig } from "../../config";
import { openDuckDB } from "../duckdb";
import { type Memory, rangeParams, type Warehouse } from "../types";
import { openBigQuery } from "./index";

/**
 * What the product asks of BigQuery, in datasets of its own that go away: on the local server, and on a
 * real project when FULLCOURT_TEST_BIGQUERY_PROJECT names one (with application default credentials).
 */
const START = "2021-10-19";
const END = "2021-11-08";
const project = process.env.FULLCOURT_TEST_BIGQUERY_PROJECT;
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-contract-"));
const prefix = `fullcourt_test_${randomBytes(4).toString("hex")}_`;

let duck: Warehouse;
let dates: string[];
beforeAll(async () => {
  duck = await openDuckDB(":memory:");
  await duck.loadRaw(smallLeague(START, 21));
  dates = await gameDates(duck, START, END);
});
afterAll(async () => {
  await duck.close();
  rmSync(folder, { recursive: true, force: true });
});

function memory(): Memory {
  const kept = new Map<string, unknown>();
  return { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
}

function contract(settings: () => Config): void {
  let warehouse: Warehouse;
  beforeAll(async () => {
    warehouse = await openBigQuery(settings());
  }, 300_000);
  afterAll(() => warehouse?.close());

  it("raw rows go in by load jobs, the same again changes nothing", async () => {
    const league = smallLeague(START, 21);
    const first = await warehouse.loadRaw(league);
    for (const [table, rows] of league) expect(first.get(table)?.written, table).toBe(rows.length);
    for (const { written } of (await warehouse.loadRaw(league)).values()) expect(written).toBe(0);
  }, 300_000);

  it("every model gives the rows that it gives on DuckDB", async () => {
    for (const table of topologicalOrder()) {
      const own = dates.filter((date) => table.phase === 3 || date >= "2021-11-02");
      await build(duck, [table.short], START, END, own);
      const done = await warehouse.replacePartitions({
        table,
        dates: own,
        stamp: { processedAt: "2021-11-20T06:00:00.000Z", runId: "contract" },
      });
      const columns = table.columns.map((column) => column.name).join(", ");
      const sql = `SELECT ${columns} FROM ${qualifiedName(table)} ORDER BY ${table.dateColumn}, ${table.grain.join(", ")}`;
      const rows = await warehouse.query(sql);
      expect(rows, table.short).toEqual((await duck.query(sql)).map((row) => nearly(row, rows)));
      expect(done.rows, table.short).toBe(rows.length);
      expect(done.bytes, table.short).toBeGreaterThan(0);
    }
  }, 600_000);

  it("every model, sent as a query, gives these rows too", async () => {
    for (const table of topologicalOrder()) {
      const columns = table.columns.map((column) => column.name).join(", ");
      const sql = `SELECT ${columns} FROM (${table.sql}) AS model ORDER BY ${table.dateColumn}, ${table.grain.join(", ")}`;
      const range = rangeParams("2021-11-05", "2021-11-05");
      const rows = await warehouse.query(sql, range);
      expect(rows.length, table.short).toBeGreaterThan(0);
      expect(rows, table.short).toEqual((await duck.query(sql, range)).map((row) => nearly(row, rows)));
    }
  }, 300_000);

  it("the catalog's look equals the plain statement, and a second look counts nothing", async () => {
    const kept = memory();
    const look = async () =>
      (await warehouse.facts(2021, 2021, kept)).map(
        (row) => `${row.kind} ${row.name} ${row.d} ${row.n} ${row.m} ${row.k}`,
      );
    const plain = await warehouse.query(COVERAGE_SQL, rangeParams(seasonStart(2021), seasonEnd(2021)));
    expect((await look()).sort()).toEqual(
      plain.map((row) => `${row.kind} ${row.name} ${row.d} ${row.n} ${row.m} ${row.k}`).sort(),
    );
    const before = warehouse.queryCount;
    await look();
    expect(warehouse.queryCount - before).toBe(1);
  }, 300_000);

  it("a dry run gives bytes, doubled keys are refused, and a cancel is heard", async () => {
    const togs = processor("togs");
    expect(await warehouse.bytesOf(togs, dates)).toBeGreaterThan(0);
    const from = `SELECT * FROM ${qualifiedName(togs)}`;
    await expect(
      warehouse.replacePartitions({
        table: togs,
        dates,
        select: `SELECT * FROM (${from}) AS a UNION ALL SELECT * FROM (${from}) AS b`,
      }),
    ).rejects.toMatchObject({ code: "duplicate_rows" });
    await expect(
      warehouse.replacePartitions({ table: togs, dates, signal: AbortSignal.abort(new Error("cancelled")) }),
    ).rejects.toThrow("cancelled");
  }, 300_000);
}

/** Sums of FLOAT64 have no order: the last digits may differ. */
function nearly(row: Record<string, unknown>, others: ReadonlyArray<Record<string, unknown>>) {
  const keys = Object.keys(row).filter((key) => typeof row[key] === "string");
  const other = others.find((one) => keys.every((key) => one[key] === row[key])) ?? {};
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      const found = other[key];
      const near =
        typeof value === "number" && typeof found === "number" && Math.abs(value - found) <= 1e-9 * Math.abs(value);
      return [key, near ? found : value];
    }),
  );
}

describe("on the local server", () => {
  let local: LocalBigQuery;
  beforeAll(async () => {
    local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
    local.engine.evaluatorValues = 200_000;
  });
  afterAll(async () => {
    // The models' own queries were answered by Google's evaluator.
    expect(local.engine.evaluated).toBeGreaterThanOrEqual(topologicalOrder().length);
    await local.stop();
  });
  contract(() =>
    readConfig({
      ...process.env,
      BIGQUERY_PROJECT: "local",
      BIGQUERY_ENDPOINT: local.url,
      BIGQUERY_DATASET_PREFIX: prefix,
    }),
  );
});

describe.skipIf(!project)("on a real project (FULLCOURT_TEST_BIGQUERY_PROJECT)", () => {
  afterAll(async () => {
    const client = new BigQuery({ projectId: project as string });
    for (const dataset of DATASETS) await client.dataset(`${prefix}${dataset}`).delete({ force: true });
  });
  contract(() =>
    readConfig({
      ...process.env,
      BIGQUERY_PROJECT: project,
      BIGQUERY_DATASET_PREFIX: prefix,
      FULLCOURT_WAREHOUSE: "bigquery",
    }),
  );
});
