import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type FactRow, toFacts } from "@/lib/engine/coverage/facts";
import { classify } from "@/lib/engine/coverage/states";
import { cellKey } from "@/lib/engine/coverage/types";
import { seasonEnd, seasonStart } from "@/lib/pipelines/nba/season";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { build, gameDates } from "@/tests/support/league";
import { smallLeague } from "@/tests/support/small-league";
import { COVERAGE_SQL, NBA, PROCESSORS, processor, qualifiedName } from "@/tests/support/tables";
import { readConfig } from "../../config";
import { openState, type State } from "../../state/db";
import { keyValueStore } from "../../state/key-value-store";
import { openDuckDB } from "../duckdb";
import { rangeParams, type Warehouse } from "../types";
import { openBigQuery } from "./index";

/** Coverage from the service's catalog: the same facts as the plain statement, for next to no bytes. */
const START = "2021-10-19";
const END = "2021-11-08";
const SEASON = 2021;
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-looks-"));
const file = path.join(folder, "warehouse.duckdb");
let local: LocalBigQuery;
let warehouse: Warehouse;
let state: State;
let dates: string[];

const settings = () => readConfig({ ...process.env, BIGQUERY_PROJECT: "test", BIGQUERY_ENDPOINT: local.url });

beforeAll(async () => {
  const duck = await openDuckDB(file, NBA);
  await duck.loadRaw(smallLeague(START, 21));
  dates = await gameDates(duck, START, END);
  await build(duck, ["pgs", "togs", "tdgs", "upgc", "utgc"], START, END, dates);
  await build(
    duck,
    ["psza", "tdza", "pcf", "pdc", "mlfs"],
    START,
    END,
    dates.filter((date) => date >= "2021-11-02"),
  );
  await duck.close();
  local = await LocalBigQuery.start(file);
  warehouse = await openBigQuery(settings(), NBA);
  state = await openState({ databaseUrl: undefined });
});
afterAll(async () => {
  await warehouse?.close();
  await local?.stop();
  await state?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  local.engine.seen.length = 0;
  local.engine.bytesRead = 0;
});

const range = rangeParams(seasonStart(SEASON), seasonEnd(SEASON));
const sorted = (rows: unknown) =>
  (rows as FactRow[])
    // Values of a date with doubled keys are a row of their own in the plain statement alone.
    .filter(({ kind }) => kind !== "values")
    .map(({ kind, name, d, n, m, k, oldest, newest, info }) =>
      JSON.stringify([kind, name, d, n, m, k, oldest, newest, info]),
    )
    .sort();
const look = (by = warehouse) => by.facts(String(SEASON), String(SEASON), keyValueStore(state.db), true);
const expectTrue = async (by = warehouse) =>
  expect(sorted(await look(by))).toEqual(sorted(await by.query(COVERAGE_SQL, range)));
/** Statements that counted rows, not the catalog's. */
const counting = () => local.engine.seen.filter(({ sql }) => !sql.includes("INFORMATION_SCHEMA"));
const measured = async (work: () => Promise<unknown>) => {
  const [bytes, queries] = [local.engine.bytesRead, local.engine.seen.length];
  await work();
  return { bytes: local.engine.bytesRead - bytes, queries: local.engine.seen.length - queries };
};

it("the first look gives what the plain statement gives, the second asks the catalog alone", async () => {
  await expectTrue();
  local.engine.seen.length = 0;
  expect(await measured(() => look())).toEqual({ bytes: 0, queries: 1 });
});

it("what has been seen is kept: another process on the same state counts nothing", async () => {
  const other = await openBigQuery(settings(), NBA);
  expect(await measured(() => look(other))).toEqual({ bytes: 0, queries: 1 });
  await expectTrue(other);
});

it("a write of one date counts that date alone, the games not at all", async () => {
  await warehouse.replacePartitions({
    table: processor("togs"),
    dates: ["2021-11-05"],
    stamp: { processedAt: "2021-11-20T06:00:00.000Z", runId: "r" },
  });
  local.engine.seen.length = 0;
  await look();
  const [count, ...others] = counting();
  expect(others).toEqual([]);
  expect(count?.params.dates_togs?.value).toEqual(["2021-11-05"]);
  expect(count?.sql).not.toContain("nba_raw");
  await expectTrue();
});

it("another program's rows, doubled or taken away, are found by the catalog", async () => {
  const togs = qualifiedName(processor("togs"));
  await local.engine.run(
    `INSERT INTO ${togs} (game_id, game_date, team_abbr, processed_at)
    SELECT game_id, game_date, team_abbr, TIMESTAMP '2021-11-21 00:00:00+00' FROM ${togs} WHERE game_date = '2021-11-03'`,
    {},
  );
  await expectTrue();
  // Rows that are only taken away move no time, but their number.
  await local.engine.run(
    "DELETE FROM nba_analytics.player_game_summary WHERE game_date = '2021-11-04' AND team_abbr = 'BOS'",
    {},
  );
  await expectTrue();
  await local.engine.run("DELETE FROM nba_precompute.player_daily_cache WHERE cache_date = '2021-11-06'", {});
  await expectTrue();
});

it("a raw row that changes has the season's games and expected rows read again, once", async () => {
  await local.engine.run("UPDATE nba_raw.nbac_schedule SET game_status = 4 WHERE game_date = '2021-11-07'", {});
  await expectTrue();
  expect((await measured(() => look())).queries).toBe(1);
});

it("a write of the same rows by a statement is counted again, whatever the catalog says", async () => {
  await warehouse.execute("DELETE FROM nba_analytics.team_offense_game_summary WHERE game_date = '2021-11-08'");
  await expectTrue();
});

it("where the schedule has lost a month, results stand in for it, and their changes count", async () => {
  await local.engine.run("DELETE FROM nba_raw.nbac_schedule WHERE game_date < '2021-11-01'", {});
  await expectTrue();
  const facts = toFacts(NBA, await look(), seasonStart(SEASON), seasonEnd(SEASON));
  expect(facts.dates.get("2021-10-20")).toMatchObject({ fromResults: true, done: 2, due: 2 });
  expect(facts.dates.get("2021-11-03")?.fromResults).toBeUndefined();
  const cells = classify(facts, "2021-12-01");
  const cell = cells.get(cellKey("togs", "2021-10-20"));
  expect(cell).toMatchObject({ rows: 4, expected: 4, state: "complete" });
  expect(cell?.reasons.map((one) => one.code)).toContain("calendar_from_rows");
  await local.engine.run("DELETE FROM nba_analytics.player_game_summary WHERE game_date = '2021-10-19'", {});
  await expectTrue();
});

it("bytes: a look after one write, against counting anew and against a subquery a date and table", async () => {
  const plain = await measured(() => warehouse.query(COVERAGE_SQL, range));
  const counts = await measured(async () => {
    for (const table of PROCESSORS)
      await warehouse.query(
        `SELECT ${table.dateColumn}, COUNT(*) AS n FROM ${qualifiedName(table)} GROUP BY ${table.dateColumn}`,
      );
  });
  const old = await measured(async () => {
    for (const table of PROCESSORS)
      for (const date of dates)
        await warehouse.query(`SELECT COUNT(*) AS n FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = @d`, {
          d: { type: "DATE", value: date },
        });
  });
  await warehouse.replacePartitions({
    table: processor("mlfs"),
    dates: ["2021-11-05"],
    stamp: { processedAt: "2021-11-22T06:00:00.000Z", runId: "r" },
  });
  const ours = await measured(() => look());
  console.info(
    `bytes and queries: look ${JSON.stringify(ours)}, whole statement ${JSON.stringify(plain)}, COUNT(*) ${JSON.stringify(counts)}, a query a cell ${JSON.stringify(old)}`,
  );
  expect(ours.queries).toBeLessThanOrEqual(4);
  expect(ours.bytes).toBeGreaterThan(0);
  expect(ours.bytes).toBeLessThan(plain.bytes / 20);
  expect(ours.bytes).toBeLessThan(counts.bytes);
  expect(old.queries).toBe(PROCESSORS.length * dates.length);
});
