import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawLeague } from "@/lib/pipelines/nba/demo/league";
import { memoryContext } from "@/tests/support/context";
import { PROCESSORS, qualifiedName } from "@/tests/support/tables";
import type { Context } from "../context";
import { getCoverage } from "../coverage";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { listRuns } from "../state/runs";
import { countsByDate, type Row, rangeParams } from "../warehouse";
import { makeDemo } from "./index";

/** The grid as it was found in November 2021: pgs, upgc, togs, tdgs, pcf, pdc, mlfs. */
const FOUND: Record<string, number[]> = {
  "2021-11-15": [241, 389, 88, 88, 389, 202, 389],
  "2021-11-16": [0, 105, 0, 0, 0, 54, 0],
  "2021-11-17": [232, 382, 0, 0, 382, 207, 382],
  "2021-11-18": [0, 212, 0, 0, 212, 110, 212],
  "2021-11-19": [190, 314, 0, 0, 314, 177, 314],
  "2021-11-20": [203, 312, 0, 0, 312, 181, 312],
  "2021-11-21": [0, 179, 0, 0, 179, 95, 0],
  "2021-11-22": [225, 346, 0, 0, 346, 207, 346],
  "2021-11-23": [0, 141, 0, 0, 0, 75, 0],
  "2021-11-24": [276, 450, 0, 0, 450, 276, 0],
};
const COLUMNS = ["pgs", "upgc", "togs", "tdgs", "pcf", "pdc", "mlfs"];
const NOVEMBER = { start: "2021-11-15", end: "2021-11-30" };

let context: Context;
beforeAll(async () => {
  context = await memoryContext();
});
afterAll(() => context.close());

function grouped(rows: Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.game_id} ${row.team_abbr}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}
const sum = (rows: Row[], column: string) =>
  rows.reduce((total, row) => total + ((row[column] as number | null) ?? 0), 0);

describe("the league", () => {
  const league = drawLeague();
  const rows = (table: string) => league.get(table) ?? [];

  it("is the same every time", () => {
    expect(JSON.stringify([...drawLeague()])).toBe(JSON.stringify([...league]));
  });

  it("adds up: players to teams, shots to field goals, minutes to five times the game", () => {
    const players = grouped(rows("nbac_gamebook_player_stats"));
    const shots = grouped(rows("shots"));
    expect(rows("nbac_team_boxscore")).toHaveLength(2 * rows("nbac_schedule").length);
    for (const team of rows("nbac_team_boxscore")) {
      const key = `${team.game_id} ${team.team_abbr}`;
      const own = players.get(key) ?? [];
      for (const column of [
        "points",
        "field_goals_made",
        "field_goals_attempted",
        "three_pointers_made",
        "free_throws_attempted",
        "assists",
        "steals",
        "blocks",
        "turnovers",
        "offensive_rebounds",
        "defensive_rebounds",
      ]) {
        expect(sum(own, column), `${key} ${column}`).toBe(team[column]);
      }
      expect(team.points).toBe(
        2 * (team.field_goals_made as number) +
          (team.three_pointers_made as number) +
          (team.free_throws_made as number),
      );
      const taken = shots.get(key) ?? [];
      expect(taken.length).toBe(team.field_goals_attempted);
      expect(taken.filter((shot) => shot.made).length).toBe(team.field_goals_made);
      expect(taken.filter((shot) => shot.assisted).length).toBe(team.assists);
      const seconds = own.reduce((total, row) => {
        const [m = 0, s = 0] = String(row.minutes ?? "0:0")
          .split(":")
          .map(Number);
        return total + 60 * m + s;
      }, 0);
      expect(seconds).toBe((team.minutes as number) * 60);
      expect(own.filter((row) => row.started)).toHaveLength(5);
    }
  });

  it("has a winner in every game, the schedule's score, and nobody twice on a date", () => {
    const points = new Map(rows("nbac_team_boxscore").map((row) => [`${row.game_id} ${row.team_abbr}`, row.points]));
    const seen = new Set<string>();
    for (const game of rows("nbac_schedule")) {
      expect(game.home_team_score).not.toBe(game.away_team_score);
      expect(points.get(`${game.game_id} ${game.home_team_abbr}`)).toBe(game.home_team_score);
      for (const team of [game.home_team_abbr, game.away_team_abbr]) {
        expect(seen.has(`${game.game_date} ${team}`)).toBe(false);
        seen.add(`${game.game_date} ${team}`);
      }
    }
  });
});

describe("the clean season", () => {
  it("is complete everywhere", async () => {
    await makeDemo(context, { clean: true });
    const { summary } = await getCoverage(context, { start: "2021-10-19", end: "2021-11-30" });
    expect(summary.counts).toEqual({ complete: 350, bootstrap: 70, not_expected: 10 });
    expect(summary.safeThrough).toBe("2021-11-30");
  });
});

describe("November 2021", () => {
  beforeAll(async () => {
    await makeDemo(context, {});
  });

  it("shows the 70 counts as they were found", async () => {
    const grid = await getCoverage(context, NOVEMBER);
    const shown = Object.fromEntries(
      grid.dates
        .filter((date) => date.date <= "2021-11-24")
        .map((date) => [date.date, COLUMNS.map((table) => date.cells[table]?.rows)]),
    );
    expect(shown).toEqual(FOUND);
    expect(grid.dates.filter((date) => date.date <= "2021-11-24").map((date) => date.units)).toEqual([
      11, 3, 11, 6, 9, 9, 5, 10, 4, 13,
    ]);
    expect(grid.summary.units).toBe(115);
  });

  it("names what was wrong, also what nobody saw then", async () => {
    const { dates, summary } = await getCoverage(context, NOVEMBER);
    const inState = (table: string, state: string) =>
      dates.filter((date) => date.cells[table]?.state === state).map((date) => Number(date.date.slice(8)));
    expect(inState("pgs", "missing")).toEqual([16, 18, 21, 23, 28, 30]);
    expect(inState("togs", "duplicated")).toEqual([15]);
    expect(inState("tdgs", "missing")).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30]);
    expect(inState("pcf", "corrupt")).toEqual([18, 21, 28]);
    expect(inState("mlfs", "corrupt")).toEqual([18]);
    expect(inState("pdc", "corrupt")).toEqual([16, 18, 21, 23, 28, 30]);
    expect(inState("pcf", "blocked")).toEqual([16, 23, 30]);
    expect(inState("mlfs", "blocked")).toEqual([16, 21, 23, 28, 30]);
    expect(inState("mlfs", "missing")).toEqual([24]);
    expect(inState("psza", "tainted")).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30]);
    // tdza of Nov 16 reads the doubled rows of Nov 15.
    expect(inState("tdza", "tainted")).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30]);
    expect(dates.find((date) => date.date === "2021-11-15")?.status).toBe("togs, tdgs held 4 times");
    expect(dates.find((date) => date.date === "2021-11-25")?.status).toBe("no games");
    expect(summary).toMatchObject({ datesToDo: 15, safeThrough: "2021-11-14" });
  });

  it("is healed by one backfill: 2,625 pgs rows, 230 togs, 230 tdgs, two rows a game everywhere", async () => {
    const plan = await previewPlan(context, {
      tables: PROCESSORS.map((one) => one.id),
      ...NOVEMBER,
      only: "bad",
      upstream: true,
      downstream: true,
    });
    const before = (await getCoverage(context, NOVEMBER)).dates.flatMap((date) => Object.values(date.cells));
    // Exactly what is not complete: nothing that is right is touched.
    expect(plan.cells).toHaveLength(
      before.filter((cell) => cell.state !== "complete" && cell.state !== "not_expected").length,
    );
    const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done;
    expect(run).toMatchObject({ status: "succeeded", cells: plan.cells.length });
    const { summary } = await getCoverage(context, NOVEMBER);
    expect(summary.counts).toEqual({ complete: 150, not_expected: 10 });
    const count = async (table: string) => {
      const processor = PROCESSORS.find((one) => one.id === table) as (typeof PROCESSORS)[number];
      const byDate = await countsByDate(context.warehouse, processor, NOVEMBER.start, NOVEMBER.end);
      return [...byDate.values()].reduce((a, b) => a + b, 0);
    };
    expect(await count("pgs")).toBe(2625);
    expect(await count("togs")).toBe(230);
    expect(await count("tdgs")).toBe(230);
    const uneven = await context.warehouse.query(
      "SELECT game_id, COUNT(*) AS n FROM nba_analytics.team_offense_game_summary GROUP BY game_id HAVING COUNT(*) <> 2",
    );
    expect(uneven).toEqual([]);
  });

  it("a healed row equals the row of the clean season, but for when and by which run it was built", async () => {
    const healed = new Map<string, Row[]>();
    const read = (table: (typeof PROCESSORS)[number]) =>
      context.warehouse.query(
        `SELECT * EXCEPT (processed_at, run_id) FROM ${qualifiedName(table)} WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date ORDER BY ${table.grain.join(", ")}`,
        rangeParams(NOVEMBER.start, NOVEMBER.end),
      );
    for (const table of PROCESSORS) healed.set(table.id, await read(table));
    await makeDemo(context, { clean: true });
    for (const table of PROCESSORS) expect(await read(table), table.id).toEqual(healed.get(table.id));
  });

  it("marks its sample history as such", async () => {
    const runs = await listRuns(context.state.db);
    expect(runs.filter((run) => run.sample)).toHaveLength(43);
    expect(runs.find((run) => run.id === "demo-build")?.sample).toBe(false);
  });
});
