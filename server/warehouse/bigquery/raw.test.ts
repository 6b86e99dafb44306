import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RAW_TABLES, rawTable } from "@/lib/pipelines/nba/sources";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { smallLeague } from "@/tests/support/small-league";
import { NBA, processor } from "@/tests/support/tables";
import { sync } from "../../backup/sync";
import { readConfig } from "../../config";
import { makeContext } from "../../context";
import { importFiles } from "../../import";
import { openState } from "../../state/db";
import { openDuckDB } from "../duckdb";
import type { Row, Warehouse } from "../types";
import { openBigQuery } from "./index";

/** Raw rows on their way to BigQuery and back, by load jobs of Parquet files. */
const START = "2021-10-19";
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-raw-"));
let local: LocalBigQuery;
let warehouse: Warehouse;
let duck: Warehouse;

const settings = () =>
  readConfig({
    ...process.env,
    FULLCOURT_HOME: folder,
    BIGQUERY_PROJECT: "test",
    BIGQUERY_ENDPOINT: local.url,
    FULLCOURT_TODAY: "2021-11-08",
  });

beforeAll(async () => {
  local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
  warehouse = await openBigQuery(settings(), NBA);
  duck = await openDuckDB(":memory:", NBA);
});
afterAll(async () => {
  await warehouse?.close();
  await local?.stop();
  await duck?.close();
  rmSync(folder, { recursive: true, force: true });
});

const all = (table: (typeof RAW_TABLES)[number]) =>
  `SELECT ${table.columns.map((column) => column.name).join(", ")}, processed_at FROM nba_raw.${table.name}
   ORDER BY ${table.grain.join(", ")}, processed_at`;

async function expectEqual(one: Warehouse, other: Warehouse): Promise<void> {
  for (const table of RAW_TABLES)
    expect(await one.query(all(table)), table.name).toEqual(await other.query(all(table)));
}

it("rows that a job hands over take the place of a date's, typed, stamped and whole, or not at all", async () => {
  const table = processor("utgc");
  const row = (team: string, date: string): Row => ({
    ...Object.fromEntries(table.columns.map((column) => [column.name, null])),
    team_abbr: team,
    game_date: date,
    game_id: "1",
  });
  const replace = (rows: Row[]) =>
    warehouse.replacePartitions({
      table,
      dates: [START],
      rows,
      stamp: { processedAt: "2021-10-20T06:00:00.000Z", runId: "r1" },
    });
  const there = () =>
    warehouse.query("SELECT team_abbr, run_id FROM nba_analytics.upcoming_team_game_context ORDER BY team_abbr");
  expect(await replace([row("BOS", START), row("MIL", START)])).toMatchObject({ rows: 2, deleted: 0 });
  expect(await replace([row("BOS", START), row("NYK", START)])).toMatchObject({ rows: 2, deleted: 2 });
  await expect(replace([row("BOS", START), row("BOS", START)])).rejects.toThrow("more than one row");
  expect(await there()).toEqual([
    { team_abbr: "BOS", run_id: "r1" },
    { team_abbr: "NYK", run_id: "r1" },
  ]);
  await replace([]);
  expect(await there()).toEqual([]);
});

it("rows that a job hands over may be of every type", async () => {
  const table = processor("mlfs");
  const value = { STRING: "x", INT64: 7, FLOAT64: 0.5, BOOL: true, DATE: START, TIMESTAMP: "2021-10-20T06:00:00.000Z" };
  const of = (type: string): Row[string] =>
    type.startsWith("ARRAY")
      ? [of(type.slice(6, -1)) as string, of(type.slice(6, -1)) as string]
      : value[type as keyof typeof value];
  const row: Row = Object.fromEntries(table.columns.map(({ name, type }) => [name, of(type)]));
  row[table.dateColumn] = START;
  expect(new Set(table.columns.map(({ type }) => type))).toContain("ARRAY<FLOAT64>");
  const stamp = { processedAt: "2021-10-20T06:00:00.000Z", runId: "r3" };
  expect(await warehouse.replacePartitions({ table, dates: [START], rows: [row], stamp })).toMatchObject({ rows: 1 });
  const columns = table.columns.map(({ name }) => name).join(", ");
  const { dataset, name } = table;
  expect(await warehouse.query(`SELECT ${columns} FROM ${dataset}.${name}`)).toEqual([row]);
  await warehouse.replacePartitions({ table, dates: [START], rows: [], stamp });
});

it("loads what an import brings: the same rows as DuckDB; the same again writes nothing; a changed row replaces its own", async () => {
  const league = smallLeague(START, 12);
  await duck.loadRaw(league);
  const first = await warehouse.loadRaw(league);
  for (const [table, rows] of league) expect(first.get(table), table).toBe(rows.length);
  await expectEqual(warehouse, duck);
  const again = await warehouse.loadRaw(league, "2022-01-01T00:00:00.000Z");
  for (const table of league.keys()) expect(again.get(table), table).toBe(0);
  const games = league.get("nbac_schedule") ?? [];
  const moved = new Map([["nbac_schedule", games.map((game, at) => (at === 0 ? { ...game, game_status: 4 } : game))]]);
  for (const target of [warehouse, duck]) expect((await target.loadRaw(moved)).get("nbac_schedule")).toBe(1);
  await expectEqual(warehouse, duck);
  expect([...(await local.engine.tables()).keys()].filter((name) => name.includes("fullcourt_load"))).toEqual([]);
});

it("writes by name: columns in another order, one more of somebody's own", async () => {
  const game: Row = {
    game_id: "0022101999",
    game_date: START,
    game_status: 1,
    home_team_abbr: "BOS",
    away_team_abbr: "NYK",
  };
  const names = rawTable("nbac_schedule").columns.map((column) => column.name);
  const shuffled = ["processed_at", ...names.toReversed(), "'mine' AS note"].join(", ");
  for (const target of [warehouse, duck]) {
    await target.execute(
      `CREATE OR REPLACE TABLE nba_raw.nbac_schedule AS SELECT ${shuffled} FROM nba_raw.nbac_schedule`,
    );
    await target.loadRaw(new Map([["nbac_schedule", [game]]]), "2021-10-18T00:00:00.000Z");
    const sql =
      "SELECT home_team_abbr, away_team_abbr, game_status, note FROM nba_raw.nbac_schedule WHERE game_id = '0022101999'";
    const shown = { home_team_abbr: "BOS", away_team_abbr: "NYK", game_status: 1, note: null };
    expect(await target.query(sql), target.engine).toEqual([shown]);
    await target.replaceRaw([{ table: "nbac_schedule", rows: [game, game] }]);
    expect(await target.query(sql), target.engine).toEqual([shown, shown]);
    await target.execute(
      `CREATE OR REPLACE TABLE nba_raw.nbac_schedule AS SELECT ${names.join(", ")}, processed_at
       FROM nba_raw.nbac_schedule WHERE game_id <> '0022101999'`,
    );

    const table = processor("utgc");
    const { dataset, name } = table;
    await target.execute(`CREATE OR REPLACE TABLE ${dataset}.${name} AS
      SELECT 'mine' AS note, model_version, run_id, processed_at, ${table.columns
        .map((one) => one.name)
        .toReversed()
        .join(", ")}
      FROM ${dataset}.${name} WHERE FALSE`);
    const row: Row = { team_abbr: "BOS", game_date: START, game_id: "7", opponent_team_abbr: "NYK" };
    await target.replacePartitions({
      table,
      dates: [START],
      rows: [row],
      stamp: { processedAt: "2021-10-20T06:00:00.000Z", runId: "r2" },
    });
    expect(
      await target.query(`SELECT team_abbr, opponent_team_abbr, game_id, run_id, note FROM ${dataset}.${name}`),
    ).toEqual([{ team_abbr: "BOS", opponent_team_abbr: "NYK", game_id: "7", run_id: "r2", note: null }]);
  }
});

it("an import's files load as they do into DuckDB", async () => {
  const file = path.join(folder, "games.csv");
  writeFileSync(
    file,
    `game_id;game_date;game_status;home_team_abbr;away_team_abbr;home_team_score;game_start_utc
22101998;${START};3;BOS;NYK;100;${START}T19:30:00-05:00
22101999;${START};1;LAL;GSW;;\n`,
  );
  const read = async (target: Warehouse) => {
    expect((await importFiles({ warehouse: target, pipeline: NBA }, [file])).written).toEqual({ nbac_schedule: 2 });
    expect((await importFiles({ warehouse: target, pipeline: NBA }, [file])).written).toEqual({ nbac_schedule: 0 });
    return target.query(
      "SELECT * EXCEPT (processed_at) FROM nba_raw.nbac_schedule WHERE game_id >= '0022101998' ORDER BY game_id",
    );
  };
  const rows = await read(warehouse);
  expect(rows).toEqual(await read(duck));
  expect(rows).toMatchObject([
    { game_id: "0022101998", home_team_score: 100, game_start_utc: "2021-10-20T00:30:00.000Z" },
    { game_id: "0022101999", home_team_score: null, game_start_utc: null },
  ]);
});

it("puts doubled rows as they are in place of all, and clears all in one transaction", async () => {
  const row = (smallLeague(START, 1).get("nbac_schedule") ?? [])[0] as Row;
  await warehouse.replaceRaw([{ table: "nbac_schedule", rows: [row, row, row] }]);
  const count = `SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule WHERE game_id = '${row.game_id}'`;
  expect(await warehouse.query(count)).toEqual([{ n: 3 }]);
  await warehouse.clear();
  expect(await warehouse.query("SELECT COUNT(*) AS n FROM nba_raw.shots")).toEqual([{ n: 0 }]);
});

it("sync moves everything up, a month down, doubled rows as they are, and nothing when it fails", async () => {
  const context = makeContext(settings(), NBA, duck, await openState({ databaseUrl: undefined }));
  await duck.clear();
  const league = smallLeague(START, 21);
  await duck.loadRaw(league);
  const shots = league.get("shots") ?? [];
  // A line belongs to the date of its game, which its table may not say.
  const line = { game_id: "0022100001", spread: -3.5, total: 220, opening_spread: -3, opening_total: 221 };
  await duck.replaceRaw([
    { table: "shots", rows: [...shots, ...shots.slice(0, 5)] },
    { table: "odds_game_lines", rows: [line] },
  ]);
  const up = await sync(context, "bigquery");
  expect(up).toMatchObject({ from: "duckdb", to: "bigquery", range: null });
  expect(up.tables.shots).toBe((league.get("shots") ?? []).length + 5);
  await expectEqual(warehouse, duck);

  // Down: the local warehouse gets the days asked for, and keeps the others.
  await duck.clear();
  const down = await sync(context, "duckdb", { start: "2021-10-25", end: "2021-11-05" });
  expect(down.range).toEqual({ start: "2021-10-25", end: "2021-11-05" });
  const days = await duck.query("SELECT MIN(game_date) AS first, MAX(game_date) AS last FROM nba_raw.shots");
  expect(days).toEqual([{ first: "2021-10-25", last: "2021-11-05" }]);
  expect(await duck.query("SELECT COUNT(*) AS n FROM nba_raw.odds_game_lines")).toEqual([{ n: 1 }]);
  await sync(context, "duckdb", { start: START, end: "2021-11-08" });
  await expectEqual(warehouse, duck);

  const real = local.engine.run.bind(local.engine);
  local.engine.run = (script, params, signal) =>
    real(script.replace("INSERT INTO nba_raw.shots", "INSERT INTO nowhere.shots"), params, signal);
  await duck.execute("DELETE FROM nba_raw.shots WHERE game_date > '2021-11-01'");
  await expect(sync(context, "bigquery")).rejects.toThrow("BigQuery:");
  local.engine.run = real;
  const [{ last } = { last: null }] = await warehouse.query("SELECT MAX(game_date) AS last FROM nba_raw.shots");
  expect(last).toBe("2021-11-08");
  await expect(sync(context, "bigquery", { start: "2021-11-05", end: "2021-11-01" })).rejects.toThrow("empty");
  await context.state.close();
});
