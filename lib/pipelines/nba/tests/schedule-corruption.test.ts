import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Cell } from "@/lib/api/coverage";
import { reason } from "@/lib/engine/coverage/reasons";
import { classify } from "@/lib/engine/coverage/states";
import { cellKey, NEEDS_WORK } from "@/lib/engine/coverage/types";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { addDays, dayNumber, eachDate } from "@/lib/util/dates";
import { findSuperfluous } from "@/server/checks/repair";
import type { Context } from "@/server/context";
import { countUnits, getCoverage, knownDates, readCoverage } from "@/server/coverage";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import type { Params, Row } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { memoryContext } from "@/tests/support/context";
import { build, gameDates, LeagueBuilder } from "@/tests/support/league";
import { smallLeague } from "@/tests/support/small-league";
import { NBA, PROCESSORS, qualifiedName, topologicalOrder } from "@/tests/support/tables";

/** Damages that come from the schedule and the raw tables, on a small clean season. */
const START = "2021-10-19";
const END = addDays(START, 25);
/** A date with three games, one with a single game, one without games, all after bootstrap. */
const THREE = addDays(START, 20);
const SINGLE = addDays(START, 17);
const NONE = addDays(START, 23);
const ALL = wholeChain({ start: START, end: END }, NBA);

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-season-"));
const season = path.join(folder, "season.duckdb");
beforeAll(async () => {
  const warehouse = await openDuckDB(season, NBA);
  await warehouse.loadRaw(smallLeague(START, 26));
  const dates = await gameDates(warehouse, START, END);
  for (const table of topologicalOrder()) {
    const own = dates.filter((date) => table.layer === "analytics" || dayNumber(date) - dayNumber(START) >= 14);
    await build(warehouse, [table.id], START, END, own);
  }
  await warehouse.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

let context: Context;
let copies = 0;
/** Opens a copy of the season of its own. */
async function open(today: string): Promise<void> {
  const file = path.join(folder, `${copies++}.duckdb`);
  cpSync(season, file);
  context = await memoryContext(today, await openDuckDB(file, NBA));
}
beforeEach(() => open("2021-12-31"));
afterEach(() => context.close());

const change = (sql: string, params: Record<string, string> = {}) =>
  context.warehouse.execute(
    sql,
    Object.fromEntries(
      Object.entries(params).map(([name, value]): [string, Params[string]] => [
        name,
        { type: /^\d{4}-/.test(value) ? "DATE" : "STRING", value },
      ]),
    ),
  );
const grid = () => getCoverage(context, { start: START, end: END });
const states = async (date: string) => {
  const cells = (await grid()).dates.find((one) => one.date === date)?.cells ?? {};
  return Object.fromEntries(Object.entries(cells).map(([table, cell]) => [table, cell.states.join(" ")]));
};
/** What there is to see of the season, of its summer before too. */
const looks = async () => ({
  cells: await getCoverage(context, { start: addDays(START, -30), end: END }),
  games: await countUnits(context, addDays(START, -30), END),
  known: await knownDates(context),
});
const SHOT = {
  shot_number: 1,
  team_abbr: "BOS",
  player_lookup: "bosone",
  shot_value: 2,
  made: true,
  zone: "mid_range",
};
const wrong = async () =>
  (await grid()).dates
    .flatMap((date) => Object.values(date.cells))
    .filter((cell) => cell.states.some((state) => NEEDS_WORK.has(state)));

async function heal() {
  const plan = await previewPlan(context, ALL);
  const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done;
  expect(run.status).toBe("succeeded");
  return plan;
}
const firstGame = async (date: string) =>
  (
    await context.warehouse.query("SELECT MIN(game_id) AS id FROM nba_raw.nbac_schedule WHERE game_date = @date", {
      date: { type: "DATE", value: date },
    })
  )[0]?.id as string;

describe("the schedule changes", () => {
  it("a game moved to another date counts there: surplus on the old date, missing on the new", async () => {
    const id = await firstGame(THREE);
    for (const table of ["nbac_schedule", "nbac_gamebook_player_stats", "nbac_team_boxscore", "shots"]) {
      await change(`UPDATE nba_raw.${table} SET game_date = @to WHERE game_id = @id`, { to: NONE, id });
    }
    expect(await states(THREE)).toMatchObject({
      pgs: "surplus",
      togs: "surplus",
      tdgs: "surplus",
      upgc: "surplus",
      utgc: "surplus",
      pcf: "corrupt surplus",
    });
    expect(await states(NONE)).toMatchObject({
      pgs: "missing",
      togs: "missing",
      tdgs: "missing",
      upgc: "missing",
      utgc: "missing",
      psza: "missing",
      pcf: "blocked missing",
    });
    await heal();
    expect(await wrong()).toEqual([]);
    expect((await grid()).dates.find((one) => one.date === NONE)?.cells.togs).toMatchObject({
      rows: 2,
      state: "complete",
    });
  });

  it("a postponed game expects nothing; where it was the only one, its rows go and the date is quiet", async () => {
    await change("UPDATE nba_raw.nbac_schedule SET game_status = 4 WHERE game_date = @date", { date: SINGLE });
    expect(await states(SINGLE)).toMatchObject({ pgs: "surplus", upgc: "surplus", psza: "not_expected" });
    await heal();
    expect(Object.values(await states(SINGLE)).every((state) => state === "not_expected")).toBe(true);
    expect(await wrong()).toEqual([]);
    // Cancelled is the same.
    await change("UPDATE nba_raw.nbac_schedule SET game_status = 9 WHERE game_date = @date", { date: SINGLE });
    expect(Object.values(await states(SINGLE)).every((state) => state === "not_expected")).toBe(true);
    expect(await wrong()).toEqual([]);
  });

  it("games that are not of the season change no cell: told by their ids, others by their flags", async () => {
    const before = await looks();
    const league = new LeagueBuilder();
    const box = (team: string, i: number) => ({
      team,
      player: `${team.toLowerCase()}${i}`,
      minutes: "20:00",
      started: true,
    });
    const others: Array<[id: string, date: string, flags: Row]> = [
      ["0012100001", addDays(START, -16), {}],
      ["0012100066", THREE, { is_regular_season: true }],
      ["0032100001", NONE, {}],
      ["all-stars", NONE, { is_all_star: true }],
      ["before-the-season", addDays(START, -10), { is_regular_season: false, is_playoffs: false }],
    ];
    for (const [id, date, flags] of others) {
      const players = ["BOS", "NYK"].flatMap((team) => Array.from({ length: 9 }, (_, i) => box(team, i)));
      league.game({ id, date, home: "BOS", away: "NYK", players, score: [90, 80] });
      Object.assign((league.rows.get("nbac_schedule") ?? []).at(-1) as Row, flags);
      league.add("shots", { ...SHOT, game_id: id, game_date: date });
    }
    await context.warehouse.loadRaw(league.rows);
    expect(await looks()).toEqual(before);
    // What results alone tell of a month without a schedule, too.
    await change("DELETE FROM nba_raw.nbac_schedule WHERE game_date < DATE '2021-11-01'");
    const lost = await looks();
    for (const [id, date] of others.slice(0, 1))
      await change(
        `INSERT INTO nba_analytics.player_game_summary (game_id, game_date, team_abbr, opponent_team_abbr, player_lookup, processed_at)
         VALUES (@id, @date, 'BOS', 'NYK', 'bosone', TIMESTAMP '2021-12-01 00:00:00')`,
        { id, date },
      );
    const { dates } = (await looks()).cells;
    expect(dates.filter(({ date }) => date >= START)).toEqual(lost.cells.dates.filter(({ date }) => date >= START));
  });

  it("play-ins and the Cup's final are games of the season", async () => {
    const games = await countUnits(context, START, END);
    const league = new LeagueBuilder();
    for (const [id, flag] of [
      ["0052100101", false],
      ["0062100001", false],
      ["0042100101", null],
    ] as const) {
      league.game({ id, date: NONE, home: "BOS", away: "NYK", status: 1 });
      Object.assign((league.rows.get("nbac_schedule") ?? []).at(-1) as Row, {
        is_regular_season: flag,
        is_playoffs: flag,
      });
    }
    await context.warehouse.loadRaw(league.rows);
    expect(await countUnits(context, START, END)).toBe(games + 3);
    expect((await grid()).dates.find(({ date }) => date === NONE)?.cells.utgc?.expected).toBe(6);
  });
});

describe("raw sources and tables go missing", () => {
  it("a lost raw source does not condemn rows that are there; lost with them, the cell is blocked and left out", async () => {
    const lost = await context.warehouse.query("SELECT * FROM nba_raw.nbac_team_boxscore WHERE game_date = @date", {
      date: { type: "DATE", value: THREE },
    });
    await change("DELETE FROM nba_raw.nbac_team_boxscore WHERE game_date = @date", { date: THREE });
    expect(await wrong()).toEqual([]);
    await change(`DELETE FROM nba_analytics.team_offense_game_summary WHERE game_date = @date`, { date: THREE });
    expect((await states(THREE)).togs).toBe("blocked missing");
    const plan = await previewPlan(context, ALL);
    expect(plan.cells).toEqual([]);
    expect(plan.leftOut.find((cell) => cell.table === "togs")).toMatchObject({
      date: THREE,
      reason: "nbac_team_boxscore is short of 3 of 3 games (GSW @ LAL, MIA @ DEN, NYK @ BOS).",
    });
    expect(plan.leftOut.find((cell) => cell.table === "upgc")?.reason).toMatch(/no backfill can fill/);
    // It comes back, and one backfill puts all right.
    await context.warehouse.loadRaw(new Map([["nbac_team_boxscore", lost]]));
    await heal();
    expect(await wrong()).toEqual([]);
  });

  it("a game that is final in the schedule and in no source is named so", async () => {
    for (const table of [
      "nba_raw.nbac_team_boxscore",
      "nba_raw.nbac_gamebook_player_stats",
      "nba_analytics.player_game_summary",
    ])
      await change(`DELETE FROM ${table} WHERE game_date = @date`, { date: SINGLE });
    await change("DELETE FROM nba_analytics.team_offense_game_summary WHERE game_date = @date", { date: SINGLE });
    const { cells }: { cells: Record<string, Cell> } = (await grid()).dates.find((one) => one.date === SINGLE) ?? {
      cells: {},
    };
    for (const [short, table] of [
      ["togs", "nbac_team_boxscore"],
      ["pgs", "nbac_gamebook_player_stats"],
    ] as const)
      expect(cells[short]?.reasons).toEqual(
        expect.arrayContaining([
          reason("source_short", { source: table, short: 1, needed: 1, of: "units", names: ["BOS @ MIA"] }),
          reason("done_without_rows", { units: 1 }),
        ]),
      );
  });

  /** Everything of a game goes, but for its row of the schedule. */
  async function vanish(id: string): Promise<void> {
    for (const table of ["nba_raw.nbac_team_boxscore", "nba_raw.nbac_gamebook_player_stats", "nba_raw.shots"])
      await change(`DELETE FROM ${table} WHERE game_id = @id`, { id });
    for (const table of ["player_game_summary", "team_offense_game_summary", "team_defense_game_summary"])
      await change(`DELETE FROM nba_analytics.${table} WHERE game_id = @id`, { id });
    await change(
      "UPDATE nba_raw.nbac_schedule SET home_team_score = NULL, away_team_score = NULL WHERE game_id = @id",
      { id },
    );
  }
  const summaries = async (date: string) => {
    const { pgs, togs, tdgs } = ((await grid()).dates.find((one) => one.date === date)?.cells ?? {}) as Record<
      string,
      Cell
    >;
    return [pgs, togs, tdgs].map((cell) => [cell?.state, cell?.reasons[0]?.code]);
  };

  it("a final game without a score or a row anywhere is named, and nothing waits for it for ever", async () => {
    await vanish(await firstGame(THREE));
    await vanish(await firstGame(SINGLE));
    expect(await summaries(THREE)).toEqual(Array(3).fill(["complete", "done_unseen"]));
    expect(await summaries(SINGLE)).toEqual(Array(3).fill(["not_expected", "done_unseen"]));
    const [game] = await context.warehouse.query(
      "SELECT CONCAT(away_team_abbr, ' @ ', home_team_abbr) AS name FROM nba_raw.nbac_schedule WHERE game_date = @date",
      { date: { type: "DATE", value: SINGLE } },
    );
    const { togs } = (await grid()).dates.find((one) => one.date === SINGLE)?.cells ?? {};
    expect(togs?.reasons).toEqual([reason("done_unseen", { units: [game?.name as string] })]);
    // For two days it may still come.
    const { facts } = await readCoverage(context, START, END);
    expect(classify(facts, addDays(SINGLE, 2)).get(cellKey("togs", SINGLE))?.states).toEqual(["blocked"]);
    expect(classify(facts, addDays(SINGLE, 3)).get(cellKey("togs", SINGLE))?.states).toEqual(["not_expected"]);
  });

  it("a past game that the schedule does not call final is named where its box score is there; its rows stay", async () => {
    await change("UPDATE nba_raw.nbac_schedule SET game_status = 1 WHERE game_date = @date", { date: SINGLE });
    expect(await summaries(SINGLE)).toEqual(Array(3).fill(["complete", "not_done"]));
    expect((await grid()).dates.find((one) => one.date === SINGLE)?.cells.togs?.reasons).toContainEqual(
      reason("not_done", { open: 1, late: 1 }),
    );
    expect(await findSuperfluous(context, [...PROCESSORS], eachDate(START, END))).toEqual([]);
    expect(await wrong()).toEqual([]);
    // Nor are rows of later dates too many that were made of it.
    await change("UPDATE nba_raw.nbac_schedule SET game_status = 1 WHERE game_date < @date", { date: SINGLE });
    expect(await findSuperfluous(context, [...PROCESSORS], eachDate(START, END))).toEqual([]);
  });

  it("an empty table is missing everywhere it is expected, and built again", async () => {
    const table = PROCESSORS.find((one) => one.id === "upgc") as (typeof PROCESSORS)[number];
    await change(`DELETE FROM ${qualifiedName(table)} WHERE TRUE`);
    const missing = (await wrong()).filter((cell) => cell.state === "missing").map((cell) => cell.table);
    expect(new Set(missing)).toEqual(new Set(["upgc"]));
    expect((await states(THREE)).pcf).toBe("corrupt");
    await heal();
    expect(await wrong()).toEqual([]);
  });
});

describe("dates to come", () => {
  it("expect what is known before the games, without a gate, and no summaries", async () => {
    await context.close();
    await open(THREE);
    const later = { date: THREE };
    await change(
      "UPDATE nba_raw.nbac_schedule SET game_status = 1, home_team_score = NULL, away_team_score = NULL WHERE game_date >= @date",
      later,
    );
    for (const table of ["nbac_gamebook_player_stats", "nbac_team_boxscore", "shots"])
      await change(`DELETE FROM nba_raw.${table} WHERE game_date >= @date`, later);
    for (const table of PROCESSORS)
      await change(`DELETE FROM ${qualifiedName(table)} WHERE ${table.dateColumn} >= @date`, later);
    expect(await states(THREE)).toMatchObject({
      pgs: "pending",
      togs: "pending",
      tdgs: "pending",
      upgc: "missing",
      utgc: "missing",
      psza: "missing",
      pcf: "blocked missing",
    });
    await heal();
    expect(await states(THREE)).toMatchObject({
      pgs: "pending",
      upgc: "complete",
      pcf: "complete",
      pdc: "complete",
      mlfs: "complete",
    });
    expect(await wrong()).toEqual([]);
  });

  it("a range built twice changes nothing but when and by which run", async () => {
    const read = async () => {
      const rows = [];
      for (const table of PROCESSORS)
        rows.push(
          await context.warehouse.query(
            `SELECT * EXCEPT (processed_at, run_id) FROM ${qualifiedName(table)} ORDER BY ${table.dateColumn}, ${table.grain.join(", ")}`,
          ),
        );
      return rows;
    };
    const before = await read();
    const plan = await previewPlan(context, { ...ALL, only: "all" });
    expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done).status).toBe("succeeded");
    expect(await read()).toEqual(before);
  });
});
