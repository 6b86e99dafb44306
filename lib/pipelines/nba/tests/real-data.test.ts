import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eachDate } from "@/lib/util/dates";
import { checkRange } from "@/server/checks";
import type { Context } from "@/server/context";
import { getCoverage } from "@/server/coverage";
import { importFiles } from "@/server/import";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import type { Row } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { memoryContext } from "@/tests/support/context";
import { build, rowsBy } from "@/tests/support/league";
import { hasSharedData, realData, sharedData } from "@/tests/support/shared-data";
import { NBA, PROCESSORS } from "@/tests/support/tables";

const SEASON = { start: "2025-10-21", end: "2025-11-24" };

/** Rows of a file in which nothing is quoted. */
function rowsOf(...name: string[]): Array<Record<string, string>> {
  const [header = "", ...lines] = gunzipSync(readFileSync(sharedData(...name)))
    .toString()
    .trimEnd()
    .split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])));
}

/** 260 real games, read by the test itself too: no code of the product stands between. */
describe.skipIf(!hasSharedData)(realData("the real games of 2025-26"), () => {
  let context: Context;
  const box = hasSharedData ? rowsOf("nba-2025-26", "player_box.csv.gz") : [];
  const once = [...new Map(box.map((row) => [`${row.game_id} ${row.player_id}`, row])).values()];

  beforeAll(async () => {
    context = await memoryContext("2025-11-25");
    const result = await importFiles(context, [
      sharedData("nba-2025-26", "player_box.csv.gz"),
      sharedData("nba-2025-26", "games.csv"),
    ]);
    expect(result.tables).toEqual({ nbac_schedule: 260, nbac_gamebook_player_stats: 6840, nbac_team_boxscore: 520 });
    expect(result.duplicates).toEqual({ nbac_gamebook_player_stats: 6840 });
    // The source keeps every rule of the raw data but the doubling.
    expect(result.findings).toEqual([]);
    const plan = await previewPlan(context, {
      tables: PROCESSORS.map((one) => one.id),
      ...SEASON,
      only: "bad",
      upstream: true,
      downstream: true,
    });
    const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done;
    expect(run.status).toBe("succeeded");
  });
  afterAll(() => context?.close());

  it("are complete in every table; missing shots are a reason, not a gap", async () => {
    const { summary, dates } = await getCoverage(context, SEASON);
    expect(summary).toMatchObject({ units: 260, datesToDo: 0, counts: { complete: 280, bootstrap: 70 } });
    expect((await checkRange(context, [...PROCESSORS], eachDate(SEASON.start, SEASON.end))).passed).toBe(true);
    expect(dates.find((date) => date.date === "2025-11-12")?.cells.togs).toMatchObject({
      rows: 24,
      state: "complete",
      reasons: [{ code: "optional_source_short", params: { source: "shots", short: 12, needed: 12 } }],
    });
    expect(dates.every((date) => date.cells.togs?.rows === 2 * date.units)).toBe(true);
    const psza = await rowsBy(context.warehouse, "psza", "2025-11-12", "player_lookup");
    expect(psza.get("shaigilgeousalexander")).toMatchObject({
      paint_rate_last_10: null,
      primary_scoring_zone: null,
      games_in_sample_10: 10,
    });
  });

  it("have the known scores: OKC 125 HOU 124, LAL 109 GSW 119, NYK 119 CLE 111", async () => {
    const first = await rowsBy(context.warehouse, "togs", "2025-10-21", "team_abbr");
    expect(first.get("OKC")).toMatchObject({
      game_id: "0022500001",
      points_scored: 125,
      win_flag: true,
      margin_of_victory: 1,
      home_game: true,
    });
    expect(first.get("HOU")).toMatchObject({ points_scored: 124, win_flag: false, home_game: false });
    expect([first.get("LAL")?.points_scored, first.get("GSW")?.points_scored]).toEqual([109, 119]);
    const second = await rowsBy(context.warehouse, "togs", "2025-10-22", "team_abbr");
    expect([second.get("NYK")?.points_scored, second.get("CLE")?.points_scored]).toEqual([119, 111]);
  });

  it("togs and tdgs of 0022500001, by hand", async () => {
    const sum = (team: string, column: string) =>
      once
        .filter((row) => Number(row.game_id) === 22500001 && row.team_abbr === team)
        .reduce((total, row) => total + Number(row[column]), 0);
    const possessions = (team: string) =>
      sum(team, "fg_attempted") -
      sum(team, "offensive_rebounds") +
      sum(team, "turnovers") +
      0.44 * sum(team, "ft_attempted");
    // Two overtimes: 290 minutes.
    const okc = (await rowsBy(context.warehouse, "togs", "2025-10-21", "team_abbr")).get("OKC") as Row;
    expect(okc).toMatchObject({
      overtime_periods: 2,
      fg_attempts: sum("OKC", "fg_attempted"),
      rebounds: sum("OKC", "offensive_rebounds") + sum("OKC", "defensive_rebounds"),
      shot_zones_available: false,
      team_paint_attempts: null,
    });
    expect(okc.possessions).toBeCloseTo(possessions("OKC"), 9);
    expect(okc.offensive_rating).toBeCloseTo((100 * 125) / possessions("OKC"), 9);
    expect(okc.pace).toBeCloseTo((48 * (possessions("OKC") + possessions("HOU"))) / 2 / (290 / 5), 9);
    const defence = (await rowsBy(context.warehouse, "tdgs", "2025-10-21", "defending_team_abbr")).get("OKC") as Row;
    expect(defence).toMatchObject({
      points_allowed: 124,
      opponent_team_abbr: "HOU",
      opp_fg_makes: sum("HOU", "fg_made"),
      turnovers_forced: sum("HOU", "turnovers"),
      steals: sum("OKC", "steals"),
      win_flag: true,
    });
    expect(defence.defensive_rating).toBeCloseTo((100 * 124) / possessions("HOU"), 9);
  });

  it("sums by team and game equal sums over the source, and two rows a game on every date", async () => {
    const expected = new Map<string, number[]>();
    for (const row of once) {
      const key = `${(row.game_id as string).padStart(10, "0")} ${row.team_abbr}`;
      const before = expected.get(key) ?? [0, 0, 0, 0];
      expected.set(
        key,
        ["points", "fg_attempted", "assists", "turnovers"].map(
          (column, i) => (before[i] as number) + Number(row[column]),
        ),
      );
    }
    const rows = await context.warehouse.query(
      "SELECT game_id, team_abbr, points_scored, fg_attempts, assists, turnovers FROM nba_analytics.team_offense_game_summary",
    );
    expect(
      new Map(
        rows.map((row) => [
          `${row.game_id} ${row.team_abbr}`,
          [row.points_scored, row.fg_attempts, row.assists, row.turnovers],
        ]),
      ),
    ).toEqual(expected);
    const players = await context.warehouse.query(
      "SELECT SUM(points) AS points, COUNT(*) AS n FROM nba_analytics.player_game_summary",
    );
    const played = once.filter((row) => row.minutes && row.minutes !== "0:00");
    expect(players).toEqual([
      { points: played.reduce((total, row) => total + Number(row.points), 0), n: played.length },
    ]);
  });
});

/** 92,641 real shots of 2017 and the team logs of that season. */
describe.skipIf(!hasSharedData)(realData("the real shots of 2017-18"), () => {
  let context: Context;
  beforeAll(async () => {
    context = await memoryContext("2018-06-01");
    await importFiles(context, [sharedData("team-logs", "log-2018.csv.gz"), sharedData("shots-2017-18.csv.gz")]);
    const plan = await previewPlan(context, {
      tables: ["togs", "tdgs", "tdza"],
      start: "2017-10-17",
      end: "2017-12-31",
      only: "bad",
      upstream: true,
      downstream: true,
    });
    expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done).status).toBe("succeeded");
  });
  afterAll(() => context?.close());

  it("attempts and makes by zone equal a count over the shot file", async () => {
    const shots = rowsOf("shots-2017-18.csv.gz");
    const counted = new Map<string, number[]>();
    for (const shot of shots) {
      const key = `${shot.game_id} ${shot.team_abbr}`;
      const own = counted.get(key) ?? [0, 0, 0, 0];
      const place =
        shot.zone === "restricted_area" || shot.zone === "paint_non_ra" ? 0 : shot.zone === "mid_range" ? 2 : -1;
      if (place >= 0) {
        own[place] = (own[place] as number) + 1;
        if (shot.made === "1") own[place + 1] = (own[place + 1] as number) + 1;
      }
      counted.set(key, own);
    }
    const rows = await context.warehouse.query(
      "SELECT game_id, team_abbr, team_paint_attempts, team_paint_makes, team_mid_range_attempts, team_mid_range_makes FROM nba_analytics.team_offense_game_summary WHERE shot_zones_available",
    );
    expect(
      new Map(
        rows.map((row) => [
          `${row.game_id} ${row.team_abbr}`,
          [row.team_paint_attempts, row.team_paint_makes, row.team_mid_range_attempts, row.team_mid_range_makes],
        ]),
      ),
    ).toEqual(counted);
  });

  it("tdza of 2017-12-31 equals a plain computation for all 30 teams", async () => {
    const D = "2017-12-31";
    const logs = rowsOf("team-logs/log-2018.csv.gz").filter((row) => (row.GAME_DATE as string) < D);
    // [makes, attempts] of paint and mid-range, by game and attacking team.
    const shots = new Map<string, number[]>();
    for (const shot of rowsOf("shots-2017-18.csv.gz")) {
      const key = `${shot.game_id} ${shot.team_abbr}`;
      const own = shots.get(key) ?? [0, 0, 0, 0];
      const place =
        shot.zone === "restricted_area" || shot.zone === "paint_non_ra" ? 0 : shot.zone === "mid_range" ? 2 : -1;
      if (place >= 0) {
        own[place] = (own[place] as number) + Number(shot.made);
        own[place + 1] = (own[place + 1] as number) + 1;
      }
      shots.set(key, own);
    }
    /** What a team allowed in one game: makes and attempts by zone, points, rating. */
    const allowed = new Map<string, Array<{ date: string; zones: number[][]; points: number; rating: number }>>();
    for (const row of logs) {
      const other = (row.MATCHUP as string).slice(-3);
      const [paintMade, paint, midMade, mid] = shots.get(`${row.GAME_ID} ${row.TEAM_ABBREVIATION}`) as [
        number,
        number,
        number,
        number,
      ];
      const possessions = Number(row.FGA) - Number(row.OREB) + Number(row.TOV) + 0.44 * Number(row.FTA);
      const game = {
        date: row.GAME_DATE as string,
        zones: [
          [paintMade, paint],
          [midMade, mid],
          [Number(row.FG3M), Number(row.FG3A)],
        ],
        points: Number(row.PTS),
        rating: (100 * Number(row.PTS)) / possessions,
      };
      allowed.set(other, [...(allowed.get(other) ?? []), game]);
    }
    const share = (games: Array<{ zones: number[][] }>, zone: number) => {
      const sum = (part: number) =>
        games.reduce((total, game) => total + ((game.zones[zone] as number[])[part] as number), 0);
      return sum(0) / sum(1);
    };
    const monthBefore = "2017-12-01";
    const league = [0, 1, 2].map((zone) => {
      const teams = [...allowed.values()]
        .map((games) => games.filter((game) => game.date >= monthBefore))
        .filter((games) => games.length >= 10);
      return teams.reduce((total, games) => total + share(games, zone), 0) / teams.length;
    });
    const rows = await rowsBy(context.warehouse, "tdza", D, "team_abbr");
    expect(rows.size).toBe(30);
    for (const [team, games] of allowed) {
      const last = games.sort((a, b) => a.date.localeCompare(b.date)).slice(-15);
      const row = rows.get(team) as Row;
      expect(row.games_in_sample, team).toBe(last.length);
      for (const [zone, name] of ["paint", "mid_range", "three_pt"].entries()) {
        expect(row[`${name}_pct_allowed_last_15`], `${team} ${name}`).toBeCloseTo(share(last, zone), 9);
        expect(row[`${name}_defense_vs_league_avg`], `${team} ${name}`).toBeCloseTo(
          100 * (share(last, zone) - (league[zone] as number)),
          7,
        );
      }
      expect(row.defensive_rating_last_15).toBeCloseTo(
        last.reduce((total, game) => total + game.rating, 0) / last.length,
        7,
      );
      expect(row.opponent_points_per_game).toBeCloseTo(
        last.reduce((total, game) => total + game.points, 0) / last.length,
        9,
      );
    }
  });
});

describe.skipIf(!hasSharedData)(realData("real logs of teams, every season that is there"), () => {
  it("import without a finding, and no team's travel is empty", async () => {
    const warehouse = await openDuckDB(":memory:", NBA);
    const files = readdirSync(sharedData("team-logs")).map((name) => sharedData("team-logs", name));
    const result = await importFiles({ warehouse, pipeline: NBA }, files);
    expect(result.findings).toEqual([]);
    const [known] = await warehouse.query(
      "SELECT MIN(game_date) AS first, MAX(game_date) AS last FROM nba_raw.nbac_schedule",
    );
    await build(warehouse, ["utgc"], known?.first as string, known?.last as string);
    const [counted] = await warehouse.query(
      "SELECT COUNT(*) AS n, COUNT(travel_miles) AS miles FROM nba_analytics.upcoming_team_game_context",
    );
    expect(counted).toEqual({ n: result.tables.nbac_team_boxscore, miles: result.tables.nbac_team_boxscore });
    await warehouse.close();
  });
});
