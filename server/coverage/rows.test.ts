import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import type { Column } from "@/lib/engine/pipeline/columns";
import { memoryContext } from "@/tests/support/context";
import type { Row } from "../warehouse";
import { MAX_ROWS, readRows, toParquet } from "./rows";

const COLUMNS: Column[] = [
  { name: "player", type: "STRING", description: "" },
  { name: "points", type: "INT64", description: "" },
  { name: "ts_pct", type: "FLOAT64", description: "" },
  { name: "home", type: "BOOL", description: "" },
  { name: "game_date", type: "DATE", description: "" },
  { name: "features", type: "ARRAY<FLOAT64>", description: "" },
  { name: "reasons", type: "ARRAY<STRING>", description: "" },
  { name: "processed_at", type: "TIMESTAMP", description: "" },
];
const ROWS: Row[] = [
  {
    player: 'O"Neal, Shaq',
    points: 61,
    ts_pct: 0.7,
    home: true,
    game_date: "2021-11-15",
    features: [1, 2.5],
    reasons: ["a", "b"],
    processed_at: "2021-11-16T06:00:00.000Z",
  },
  { player: "x", points: null, processed_at: null },
];

it("rows as Parquet keep their types, a DATE and an array too, and NULLs", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-rows-"));
  const file = path.join(folder, "rows.parquet");
  writeFileSync(file, await toParquet(ROWS, COLUMNS));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const types = await connection.runAndReadAll(`SELECT column_type FROM (DESCRIBE FROM '${file}')`);
  expect(types.getRows().flat()).toEqual([
    ...["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "DOUBLE[]", "VARCHAR[]", "TIMESTAMP WITH TIME ZONE"],
  ]);
  const rows = await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM '${file}'`);
  expect(rows.getRows()).toEqual([
    ['O"Neal, Shaq', "61", "0.7", "true", "2021-11-15", "[1.0, 2.5]", "[a, b]", "2021-11-16 06:00:00+00"],
    ["x", ...Array(7).fill(null)],
  ]);
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

it("more rows than one answer holds are an error", async () => {
  const context = await memoryContext();
  const insert = (first: number, last: number) =>
    context.warehouse.execute(
      `INSERT INTO nba_raw.nbac_schedule (game_id, game_date)
       SELECT CAST(n AS STRING), DATE '2021-11-15' FROM UNNEST(GENERATE_ARRAY(${first}, ${last})) AS n`,
    );
  await insert(1, MAX_ROWS);
  expect(await readRows(context, "nbac_schedule", "2021-11-15")).toHaveLength(MAX_ROWS);
  await insert(MAX_ROWS + 1, MAX_ROWS + 1);
  await expect(readRows(context, "nbac_schedule", "2021-11-15")).rejects.toThrow("has more than 50,000 rows");
  await context.close();
});
