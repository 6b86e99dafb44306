import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toDuckDB } from "@/server/warehouse/dialect";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { bound } from "@/server/warehouse/duckdb-values";
import { rangeParams } from "@/server/warehouse/types";
import { COVERAGE_SQL, modelOf, NBA, PROCESSORS } from "@/tests/support/tables";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-joins-"));
let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  const file = path.join(folder, "warehouse.duckdb");
  await (await openDuckDB(file, NBA)).close();
  instance = await DuckDBInstance.create(file);
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

/** Names of the operators in the engine's plan of a statement. */
async function planOf(sql: string): Promise<string> {
  const text = `EXPLAIN ${await toDuckDB(sql)}`;
  const rows = (await connection.runAndReadAll(text, bound(text, rangeParams("2021-11-01", "2021-11-30")))).getRows();
  return rows.flat().join("\n");
}

/** A join that compares every row of one side with every row of the other: a season would take its square. */
const EVERY_ROW = /BLOCKWISE_NL_JOIN|NESTED_LOOP_JOIN/;

describe("joins", () => {
  it("go by equal keys in every model and in the statement behind the grid", async () => {
    for (const table of PROCESSORS.filter((one) => one.sql !== undefined))
      expect(await planOf(modelOf(table)), table.id).not.toMatch(EVERY_ROW);
    expect(await planOf(COVERAGE_SQL), "coverage").not.toMatch(EVERY_ROW);
  });

  it("that compare every row are seen by this test", async () => {
    const slow = `SELECT a.points FROM nba_analytics.player_game_summary AS a
      LEFT JOIN nba_analytics.player_game_summary AS b
      ON b.player_lookup = a.player_lookup AND (b.game_date IS NULL OR b.game_date < a.game_date)
      WHERE a.game_date BETWEEN @start_date AND @end_date`;
    const all = `SELECT a.points FROM nba_analytics.player_game_summary AS a
      LEFT JOIN nba_analytics.player_game_summary AS b ON b.game_date < a.game_date OR b.points = a.points`;
    expect([await planOf(slow), await planOf(all)].join("\n")).toMatch(EVERY_ROW);
  });
});
