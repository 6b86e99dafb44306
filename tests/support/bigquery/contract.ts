import { afterAll, beforeAll, expect, it } from "vitest";
import { seasonEnd, seasonStart } from "@/lib/pipelines/nba/season";
import type { Config } from "@/server/config";
import { type KeyValueStore, rangeParams, type Warehouse } from "@/server/warehouse";
import { openBigQuery } from "@/server/warehouse/bigquery";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { COVERAGE_SQL, NBA, processor, qualifiedName, topologicalOrder } from "@/tests/support/tables";
import { build, gameDates } from "../league";
import { smallLeague } from "../small-league";

const START = "2021-10-19";
const END = "2021-11-08";

function memory(): KeyValueStore {
  const kept = new Map<string, unknown>();
  return { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
}

/**
 * What the product asks of BigQuery, in empty datasets of its own: of the local server, of an emulator
 * that is not ours (which tells no bytes), of a real project.
 */
export function bigQueryContract(settings: () => Config, tellsBytes = true): void {
  let warehouse: Warehouse;
  let duck: Warehouse;
  let dates: string[];
  beforeAll(async () => {
    duck = await openDuckDB(":memory:", NBA);
    await duck.loadRaw(smallLeague(START, 21));
    dates = await gameDates(duck, START, END);
    warehouse = await openBigQuery(settings(), NBA);
  });
  afterAll(async () => {
    await warehouse?.close();
    await duck?.close();
  });

  it("raw rows go in by load jobs, the same again changes nothing", async () => {
    const league = smallLeague(START, 21);
    const first = await warehouse.loadRaw(league);
    for (const [table, rows] of league) expect(first.get(table), table).toBe(rows.length);
    for (const written of (await warehouse.loadRaw(league)).values()) expect(written).toBe(0);
  });

  it("every model gives the rows that it gives on DuckDB", async () => {
    for (const table of topologicalOrder()) {
      const own = dates.filter((date) => table.layer === "analytics" || date >= "2021-11-02");
      await build(duck, [table.id], START, END, own);
      const done = await warehouse.replacePartitions({
        table,
        dates: own,
        stamp: { processedAt: "2021-11-20T06:00:00.000Z", runId: "contract" },
      });
      const columns = table.columns.map((column) => column.name).join(", ");
      const sql = `SELECT ${columns} FROM ${qualifiedName(table)} ORDER BY ${table.dateColumn}, ${table.grain.join(", ")}`;
      const rows = await warehouse.query(sql);
      expect(rows, table.id).toEqual((await duck.query(sql)).map((row) => nearly(row, rows)));
      expect(done.rows, table.id).toBe(rows.length);
      if (tellsBytes) expect(done.bytes, table.id).toBeGreaterThan(0);
    }
  });

  it("every model, sent as a query, gives these rows too", async () => {
    for (const table of topologicalOrder()) {
      const columns = table.columns.map((column) => column.name).join(", ");
      const sql = `SELECT ${columns} FROM (${table.sql}) AS model ORDER BY ${table.dateColumn}, ${table.grain.join(", ")}`;
      const range = rangeParams("2021-11-05", "2021-11-05");
      const rows = await warehouse.query(sql, range);
      expect(rows.length, table.id).toBeGreaterThan(0);
      expect(rows, table.id).toEqual((await duck.query(sql, range)).map((row) => nearly(row, rows)));
    }
  });

  it("the catalog's look equals the plain statement, and a second look counts nothing", async () => {
    const kept = memory();
    const look = async () =>
      (await warehouse.facts("2021", "2021", kept, false)).map(
        (row) => `${row.kind} ${row.name} ${row.d} ${row.n} ${row.m} ${row.k}`,
      );
    const plain = await warehouse.query(COVERAGE_SQL, rangeParams(seasonStart(2021), seasonEnd(2021)));
    expect((await look()).sort()).toEqual(
      plain
        .filter(({ kind }) => kind !== "values")
        .map((row) => `${row.kind} ${row.name} ${row.d} ${row.n} ${row.m} ${row.k}`)
        .sort(),
    );
    const before = warehouse.queryCount;
    await look();
    expect(warehouse.queryCount - before).toBe(1);
  });

  it("a dry run gives bytes, doubled keys are refused, and a cancel is heard", async () => {
    const togs = processor("togs");
    if (tellsBytes) expect(await warehouse.bytesOf(togs, dates)).toBeGreaterThan(0);
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
  });
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
