import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARENAS } from "@/lib/pipelines/nba/teams";
import type { Row, Warehouse } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { build, LeagueBuilder, type PlayerLine, rowsBy } from "@/tests/support/league";
import { NBA, PROCESSORS } from "@/tests/support/tables";

/** Each formula of the pipeline on an example that can be computed by hand. */
let warehouse: Warehouse;
const open: Warehouse[] = [];

async function league(make: (builder: LeagueBuilder) => void): Promise<Warehouse> {
  const fresh = await openDuckDB(":memory:", NBA);
  open.push(fresh);
  const builder = new LeagueBuilder();
  make(builder);
  await fresh.loadRaw(builder.rows);
  return fresh;
}
afterAll(async () => {
  for (const one of open) await one.close();
});

const TATUM: PlayerLine = {
  team: "BOS",
  player: "jaysontatum",
  minutes: "36:00",
  fg: [10, 20],
  three: [4, 10],
  ft: [6, 8],
  orb: 2,
  drb: 6,
  ast: 5,
  stl: 1,
  blk: 1,
  tov: 3,
  started: true,
};
const BROWN: PlayerLine = {
  team: "BOS",
  player: "jaylenbrown",
  minutes: "12:30",
  fg: [3, 10],
  three: [0, 2],
  ft: [0, 0],
  tov: 2,
  orb: 1,
  drb: 3,
};
const BRUNSON: PlayerLine = {
  team: "NYK",
  player: "jalenbrunson",
  minutes: "40:00",
  fg: [12, 25],
  three: [2, 5],
  ft: [4, 4],
  orb: 0,
  drb: 4,
  ast: 8,
  tov: 4,
  started: true,
};
const BENCHED: PlayerLine = { team: "NYK", player: "deepbench", minutes: null };

describe("game summaries", () => {
  beforeAll(async () => {
    warehouse = await league((l) => {
      l.game({
        id: "1",
        date: "2021-10-20",
        home: "BOS",
        away: "NYK",
        players: [TATUM, BROWN, BRUNSON, BENCHED],
        overtimes: 1,
      });
      // The gamebook comes twice; the later row is the right one.
      l.add("nbac_gamebook_player_stats", {
        ...(l.rows.get("nbac_gamebook_player_stats")?.[0] as Row),
        assists: 99,
        processed_at: "2021-10-20T00:00:00.000Z",
      });
      for (const [n, zone, made, assisted] of [
        [1, "restricted_area", true, true],
        [2, "paint_non_ra", false, null],
        [3, "mid_range", true, false],
        [4, "left_corner_3", true, true],
      ] as const) {
        l.add("shots", {
          game_id: "1",
          game_date: "2021-10-20",
          shot_number: n,
          team_abbr: "BOS",
          player_lookup: "jaysontatum",
          shot_value: zone.endsWith("3") ? 3 : 2,
          made,
          zone,
          assisted,
          blocked_by: n === 2 ? "jalenbrunson" : null,
        });
      }
      l.add("odds_player_points_props", {
        game_date: "2021-10-20",
        player_lookup: "jaysontatum",
        points_line: 28.5,
        opening_line: 27.5,
      });
      l.add("odds_player_points_props", {
        game_date: "2021-10-20",
        player_lookup: "jaylenbrown",
        points_line: 6,
        opening_line: 6,
      });
      // A game that is only scheduled has no summary.
      l.game({ id: "2", date: "2021-10-20", home: "LAL", away: "GSW", status: 1 });
    });
    await build(warehouse, ["pgs", "togs", "tdgs"], "2021-10-20", "2021-10-20");
  });

  it("pgs: one row for each player with minutes, counts as in the box score", async () => {
    const rows = await rowsBy(warehouse, "pgs", "2021-10-20", "player_lookup");
    expect([...rows.keys()].sort()).toEqual(["jalenbrunson", "jaylenbrown", "jaysontatum"]);
    expect(rows.get("jaysontatum")).toMatchObject({
      points: 30,
      minutes_played: 36,
      assists: 5,
      fg_attempts: 20,
      fg_makes: 10,
      three_pt_attempts: 10,
      ft_makes: 6,
      team_abbr: "BOS",
      opponent_team_abbr: "NYK",
      home_game: true,
      starter_flag: true,
      win_flag: true,
      season_year: 2021,
    });
    expect(rows.get("jalenbrunson")).toMatchObject({ home_game: false, win_flag: false, opponent_team_abbr: "BOS" });
  });

  it("pgs: USG%, TS% and eFG% by Basketball-Reference's formulas", async () => {
    const rows = await rowsBy(warehouse, "pgs", "2021-10-20", "player_lookup");
    const tatum = rows.get("jaysontatum") as Row;
    // Team: 36:00 + 12:30 = 2,910 s; FGA 30, FTA 8, TOV 5.
    const own = 20 + 0.44 * 8 + 3;
    const team = 30 + 0.44 * 8 + 5;
    expect(tatum.usage_rate).toBeCloseTo((100 * own * (2910 / 5)) / (2160 * team), 9);
    expect(tatum.ts_pct).toBeCloseTo(30 / (2 * (20 + 0.44 * 8)), 9);
    expect(tatum.efg_pct).toBeCloseTo((10 + 0.5 * 4) / 20, 9);
  });

  it("pgs: zones from shots, and the points line", async () => {
    const rows = await rowsBy(warehouse, "pgs", "2021-10-20", "player_lookup");
    expect(rows.get("jaysontatum")).toMatchObject({
      paint_attempts: 2,
      paint_makes: 1,
      mid_range_attempts: 1,
      mid_range_makes: 1,
      assisted_fg_makes: 2,
      unassisted_fg_makes: 1,
      points_line: 28.5,
      line_movement: 1,
      over_under_result: "OVER",
      margin: 1.5,
    });
    // The game has shots: who took none has zeros, not NULL.
    expect(rows.get("jaylenbrown")).toMatchObject({ paint_attempts: 0, over_under_result: "PUSH", margin: 0 });
    expect(rows.get("jalenbrunson")).toMatchObject({ points_line: null, over_under_result: null });
  });

  it("togs: possessions, ratings, pace over the overtime's length", async () => {
    const rows = await rowsBy(warehouse, "togs", "2021-10-20", "team_abbr");
    expect(rows.size).toBe(2);
    const boston = 30 - 3 + 5 + 0.44 * 8;
    const newYork = 25 - 0 + 4 + 0.44 * 4;
    const row = rows.get("BOS") as Row;
    expect(row).toMatchObject({
      points_scored: 36,
      rebounds: 12,
      home_game: true,
      win_flag: true,
      margin_of_victory: 6,
      overtime_periods: 1,
      players_inactive: 0,
      team_paint_attempts: 2,
      points_in_paint_scored: 2,
      shot_zones_available: true,
    });
    expect(row.possessions).toBeCloseTo(boston, 9);
    expect(row.offensive_rating).toBeCloseTo((100 * 36) / boston, 9);
    expect(row.pace).toBeCloseTo((48 * ((boston + newYork) / 2)) / (265 / 5), 9);
    expect(row.ts_pct).toBeCloseTo(36 / (2 * (30 + 0.44 * 8)), 9);
  });

  it("tdgs: what the other side did", async () => {
    const rows = await rowsBy(warehouse, "tdgs", "2021-10-20", "defending_team_abbr");
    expect(rows.size).toBe(2);
    const boston = 30 - 3 + 5 + 0.44 * 8;
    const row = rows.get("NYK") as Row;
    expect(row).toMatchObject({
      opponent_team_abbr: "BOS",
      points_allowed: 36,
      opp_fg_attempts: 30,
      turnovers_forced: 5,
      opp_paint_attempts: 2,
      blocks_paint: 1,
      blocks_three_pt: 0,
      mid_range_points_allowed: 2,
      three_pt_points_allowed: 12,
      home_game: false,
      win_flag: false,
      margin_of_victory: -6,
      defensive_rebounds: 4,
    });
    expect(row.defensive_rating).toBeCloseTo((100 * 36) / boston, 9);
  });

  it("without shots the zone columns are NULL, three-pointers are not", async () => {
    const bare = await league((l) =>
      l.game({ id: "9", date: "2021-10-21", home: "BOS", away: "NYK", players: [TATUM, BRUNSON] }),
    );
    await build(bare, ["pgs", "togs", "tdgs"], "2021-10-21", "2021-10-21");
    expect((await rowsBy(bare, "pgs", "2021-10-21", "player_lookup")).get("jaysontatum")).toMatchObject({
      paint_attempts: null,
      mid_range_makes: null,
      assisted_fg_makes: null,
      three_pt_attempts: 10,
    });
    expect((await rowsBy(bare, "tdgs", "2021-10-21", "defending_team_abbr")).get("NYK")).toMatchObject({
      opp_paint_attempts: null,
      blocks_paint: null,
      three_pt_points_allowed: 12,
    });
  });

  it("a gamebook in which nobody has a minute is no box score: the second source is read, if it has the game", async () => {
    const withoutMinutes = (hasSecond: boolean) =>
      league((l) => {
        l.game({ id: "9", date: "2021-10-21", home: "BOS", away: "NYK", players: [TATUM, BRUNSON] });
        for (const row of l.rows.get("nbac_gamebook_player_stats") ?? []) {
          if (hasSecond) l.add("bdl_player_boxscores", { ...row });
          row.minutes = "00:00";
        }
      });
    const sources = async (built: Warehouse) => {
      await build(built, ["pgs", "upgc"], "2021-10-21", "2021-10-21");
      const rows = [...(await rowsBy(built, "pgs", "2021-10-21", "player_lookup")).values()];
      return rows.map((row) => row.primary_source_used);
    };
    expect(await sources(await withoutMinutes(true))).toEqual(["bdl_player_boxscores", "bdl_player_boxscores"]);
    const alone = await withoutMinutes(false);
    expect(await sources(alone)).toEqual([]);
    // Who is listed is listed, whether he has minutes or not.
    expect((await rowsBy(alone, "upgc", "2021-10-21", "player_lookup")).size).toBe(2);
  });

  it("the second source serves a game that the gamebook lacks", async () => {
    const second = await league((l) => {
      l.game({ id: "9", date: "2021-10-21", home: "BOS", away: "NYK", players: [TATUM, BRUNSON] });
      for (const row of l.rows.get("nbac_gamebook_player_stats") ?? []) l.add("bdl_player_boxscores", row);
      l.rows.delete("nbac_gamebook_player_stats");
    });
    await build(second, ["pgs"], "2021-10-21", "2021-10-21");
    const rows = await rowsBy(second, "pgs", "2021-10-21", "player_lookup");
    expect(rows.size).toBe(2);
    expect(rows.get("jaysontatum")).toMatchObject({
      points: 30,
      primary_source_used: "bdl_player_boxscores",
      player_status: "active",
    });
  });
});

/** Twelve games of BOS on odd days from Nov 1, against NYK; Tatum's points and minutes vary. */
const POINTS = [10, 20, 30, 25, 15, 35, 28, 22, 18, 26, 40, 12];
const DATES = POINTS.map((_, i) => `2021-11-${String(1 + 2 * i).padStart(2, "0")}`);

describe("upcoming and precompute tables", () => {
  beforeAll(async () => {
    warehouse = await league((l) => {
      POINTS.forEach((points, i) => {
        const date = DATES[i] as string;
        l.game({
          id: `10${i}`,
          date,
          home: i % 2 === 0 ? "BOS" : "NYK",
          away: i % 2 === 0 ? "NYK" : "BOS",
          players: [
            {
              team: "BOS",
              player: "jaysontatum",
              minutes: "36:00",
              points,
              fg: [Math.floor(points / 2), 20],
              three: [0, 8],
              ft: [points % 2, 4],
              tov: 2,
              started: true,
            },
            {
              team: "BOS",
              player: "jaylenbrown",
              minutes: "30:00",
              fg: [8, 16],
              three: [2, 6],
              ft: [2, 2],
              tov: 2,
              orb: 2,
              started: true,
            },
            ...(i < 2 ? [{ team: "BOS", player: "rookie", minutes: "5:00", fg: [1, 2] as [number, number] }] : []),
            {
              team: "NYK",
              player: "jalenbrunson",
              minutes: "38:00",
              fg: [9, 20],
              three: [2, 6],
              ft: [5, 6],
              tov: 3,
              started: true,
            },
          ],
        });
        let n = 0;
        const shoot = (team: string, player: string, zone: string, count: number, made: number) => {
          for (let k = 0; k < count; k++) {
            n++;
            l.add("shots", {
              game_id: `10${i}`,
              game_date: date,
              shot_number: n,
              team_abbr: team,
              player_lookup: player,
              shot_value: zone === "above_the_break_3" ? 3 : 2,
              made: k < made,
              zone,
              assisted: k < made ? k % 2 === 0 : null,
            });
          }
        };
        shoot("BOS", "jaysontatum", "restricted_area", 10, 6);
        shoot("BOS", "jaysontatum", "mid_range", 2, 1);
        shoot("BOS", "jaysontatum", "above_the_break_3", 8, 3);
        shoot("NYK", "jalenbrunson", "paint_non_ra", 5, i % 2 === 0 ? 5 : 0);
        shoot("NYK", "jalenbrunson", "mid_range", 9, 4);
        shoot("NYK", "jalenbrunson", "above_the_break_3", 6, 2);
      });
      // The date in question: Nov 24, the day after the twelfth game.
      l.game({ id: "200", date: "2021-11-24", home: "BOS", away: "NYK", status: 1 });
      l.game({ id: "201", date: "2021-11-24", home: "LAL", away: "GSW", status: 4 });
      l.game({ id: "202", date: "2021-11-24", home: "DEN", away: "MIA", status: 9 });
      l.roster("2021-11-20", "BOS", {
        jaysontatum: "1998-03-03",
        jaylenbrown: "1996-10-24",
        rookie: "2001-11-25",
        unknown: null,
      });
      l.roster("2021-11-25", "BOS", { someoneelse: null });
      l.add("nbac_injury_report", { game_date: "2021-11-24", player_lookup: "jaylenbrown", status: "Out" });
      l.add("nbac_injury_report", { game_date: "2021-11-24", player_lookup: "rookie", status: "questionable" });
      l.add("odds_game_lines", {
        game_id: "200",
        game_date: "2021-11-24",
        spread: -3.5,
        total: 215,
        opening_spread: -3,
        opening_total: 214,
      });
    });
    await build(
      warehouse,
      PROCESSORS.map((one) => one.id),
      "2021-11-01",
      "2021-11-24",
    );
  });

  it("upgc: one row for each player on the latest roster snapshot, or else of the team's latest box score", async () => {
    const rows = await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup");
    expect([...rows.keys()].sort()).toEqual(["jalenbrunson", "jaylenbrown", "jaysontatum", "rookie", "unknown"]);
    expect(rows.get("jaysontatum")?.roster_source).toBe("roster");
    expect(rows.get("jalenbrunson")?.roster_source).toBe("latest_box_score");
  });

  it("upgc: rest, workload and form from games before D", async () => {
    const tatum = (await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup")).get("jaysontatum") as Row;
    expect(tatum).toMatchObject({
      days_rest: 0,
      back_to_back: true,
      days_rest_before_last_game: 1,
      opponent_days_rest: 0,
      games_in_last_7_days: 4,
      games_in_last_14_days: 7,
      minutes_in_last_7_days: 144,
      avg_minutes_per_game_last_7: 36,
      back_to_backs_last_14_days: 0,
      player_age: 23,
      player_status: "available",
      season_phase: "regular",
      expected_games_count: 12,
      actual_games_count: 12,
      completeness_percentage: 100,
      game_spread: -3.5,
      has_prop_line: false,
    });
    expect(tatum.points_avg_last_5).toBeCloseTo((22 + 18 + 26 + 40 + 12) / 5, 9);
    expect(tatum.points_avg_last_10).toBeCloseTo(POINTS.slice(2).reduce((a, b) => a + b) / 10, 9);
    const rookie = (await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup")).get("rookie") as Row;
    expect(rookie).toMatchObject({
      days_rest: 20,
      player_age: 19,
      player_status: "questionable",
      games_in_last_7_days: 0,
      avg_minutes_per_game_last_7: null,
    });
    const unknown = (await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup")).get("unknown") as Row;
    expect(unknown).toMatchObject({
      days_rest: null,
      back_to_back: false,
      points_avg_last_5: null,
      player_age: null,
      projected_usage_rate: null,
    });
  });

  it("upgc: projected usage takes the shares of teammates listed out, at most 40", async () => {
    const rows = await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup");
    // Seconds of the team: 66 min; FGA 36, FTA 6, TOV 4. All games from the third on are alike but for the rookie's.
    const team = 36 + 0.44 * 6 + 4;
    const usage = (own: number, minutes: number) => (100 * own * (66 / 5)) / (minutes * team);
    const tatum = usage(20 + 0.44 * 4 + 2, 36);
    const brown = usage(16 + 0.44 * 2 + 2, 30);
    expect(rows.get("jaysontatum")?.avg_usage_rate_last_7_games).toBeCloseTo(tatum, 8);
    expect(rows.get("jaysontatum")?.projected_usage_rate).toBeCloseTo(
      Math.min(40, tatum * (1 + (brown / 100) * (30 / 48))),
      8,
    );
    expect(rows.get("jaylenbrown")?.projected_usage_rate).toBeCloseTo(brown, 8);
    expect(rows.get("jaysontatum")?.star_teammates_out).toBe(brown >= 25 ? 1 : 0);
    expect(rows.get("jaylenbrown")?.star_teammates_out).toBe(0);
  });

  it("upgc: the opponent's pace against the league's, both sides alike", async () => {
    const row = (await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup")).get("jaysontatum") as Row;
    const pace = (rookie: boolean) => {
      const boston = 36 + (rookie ? 2 : 0) - 2 + 4 + 0.44 * 6;
      const newYork = 20 + 3 + 0.44 * 6;
      return (48 * ((boston + newYork) / 2)) / 48;
    };
    expect(row.opponent_pace_last_10).toBeCloseTo(pace(false), 8);
    expect(row.pace_differential).toBeCloseTo(pace(false) - (2 * pace(true) + 10 * pace(false)) / 12, 8);
  });

  it("utgc: two rows a game that is not postponed; streak, rest and travel", async () => {
    const rows = await rowsBy(warehouse, "utgc", "2021-11-24", "team_abbr");
    expect([...rows.keys()].sort()).toEqual(["BOS", "NYK"]);
    expect(rows.get("BOS")).toMatchObject({
      days_since_last_game: 1,
      team_days_rest: 0,
      is_back_to_back: true,
      game_number_in_season: 13,
      games_in_last_7_days: 4,
      games_in_last_14_days: 7,
      last_game_result: "W",
      starters_out_count: 1,
      questionable_players_count: 1,
      game_total: 215,
    });
    const boston = (i: number) => (POINTS[i] as number) + 20;
    // New York scores 25 a game; Boston 20 and Tatum's points.
    let streak = 0;
    for (let i = POINTS.length - 1; i >= 0 && boston(i) > 25; i--) streak++;
    expect(rows.get("BOS")?.team_win_streak_entering).toBe(streak);
    expect(rows.get("NYK")?.team_loss_streak_entering).toBe(streak);
    expect(rows.get("BOS")?.last_game_margin).toBe(12 + 20 - 25);
    // The twelfth game was in New York: about 190 miles as the crow flies.
    expect(rows.get("BOS")?.travel_miles).toBeGreaterThan(180);
    expect(rows.get("BOS")?.travel_miles).toBeLessThan(200);
  });

  it("psza: rates, percentages and the primary zone", async () => {
    const rows = await rowsBy(warehouse, "psza", "2021-11-24", "player_lookup");
    expect([...rows.keys()].sort()).toEqual(["jalenbrunson", "jaylenbrown", "jaysontatum", "rookie"]);
    const tatum = rows.get("jaysontatum") as Row;
    expect(tatum).toMatchObject({
      total_shots_last_10: 200,
      games_in_sample_10: 10,
      games_in_sample_20: 12,
      sample_quality_10: "excellent",
      sample_quality_20: "limited",
      primary_scoring_zone: "paint",
      data_quality_tier: "high",
    });
    expect(tatum.paint_rate_last_10).toBeCloseTo(50, 9);
    expect(tatum.mid_range_rate_last_10).toBeCloseTo(10, 9);
    expect(tatum.three_pt_rate_last_10).toBeCloseTo(40, 9);
    expect(tatum.paint_pct_last_10).toBeCloseTo(0.6, 9);
    expect(tatum.paint_attempts_per_game).toBeCloseTo(10, 9);
    // Makes: 6, 1 and 3 a game, of which 3, 1 and 2 assisted.
    expect(tatum.assisted_rate_last_10).toBeCloseTo(60, 9);
    expect(rows.get("rookie")).toMatchObject({
      games_in_sample_10: 2,
      sample_quality_10: "insufficient",
      data_quality_tier: "low",
    });
    // 25 % paint, 45 % mid-range, 30 % three.
    expect(rows.get("jalenbrunson")?.primary_scoring_zone).toBe("mid_range");
  });

  it("tdza: percentages allowed and the difference to the league", async () => {
    const rows = await rowsBy(warehouse, "tdza", "2021-11-24", "team_abbr");
    expect(rows.size).toBe(2);
    const boston = rows.get("BOS") as Row;
    // Boston lets Brunson make 5 of 5 and 0 of 5 in turn; New York lets Tatum make 6 of 10.
    expect(boston.paint_pct_allowed_last_15).toBeCloseTo(0.5, 9);
    expect(boston.paint_defense_vs_league_avg).toBeCloseTo(100 * (0.5 - (0.5 + 0.6) / 2), 8);
    expect(boston).toMatchObject({
      games_in_sample: 12,
      data_quality_tier: "medium",
      paint_attempts_allowed_per_game: 5,
      opponent_points_per_game: 25,
    });
    // Differences: paint -5; mid-range 100 * (4/9 - (4/9 + 1/2) / 2) = -2.8; three 100 * (1/3 - (1/3 + 2/14) / 2) = +9.5.
    expect(boston).toMatchObject({ strongest_zone: "paint", weakest_zone: "three_pt" });
  });

  it("pcf: the four scores", async () => {
    const rows = await rowsBy(warehouse, "pcf", "2021-11-24", "player_lookup");
    expect(rows.size).toBe(5);
    const tatum = rows.get("jaysontatum") as Row;
    // 100 - 15 (back to back) - 10 (4 games in 7 days) - 8 (36 min a game); 144 min in 7 days and 23 years cost nothing.
    expect(tatum.fatigue_score).toBe(67);
    // New York's paint defence is 5 points worse than the league's; he takes half of his shots there.
    expect(tatum.shot_zone_mismatch_score).toBeCloseTo(5 * 1, 8);
    const upgc = (await rowsBy(warehouse, "upgc", "2021-11-24", "player_lookup")).get("jaysontatum") as Row;
    expect(tatum.pace_score).toBeCloseTo((upgc.pace_differential as number) / 2, 9);
    const spike =
      0.3 *
      ((upgc.projected_usage_rate as number) - (upgc.avg_usage_rate_last_7_games as number)) *
      (upgc.star_teammates_out === 1 ? 1.15 : 1);
    expect(tatum.usage_spike_score).toBeCloseTo(Math.min(3, spike), 8);
    expect(tatum.total_composite_adjustment).toBeCloseTo(
      (67 - 100) / 20 + 5 + (tatum.pace_score as number) + (tatum.usage_spike_score as number),
      8,
    );
    expect(tatum).toMatchObject({ data_completeness_pct: 100, missing_data_fields: null, has_warnings: false });
    expect(rows.get("unknown")).toMatchObject({
      shot_zone_mismatch_score: 0,
      pace_score: tatum.pace_score,
      usage_spike_score: 0,
      data_completeness_pct: 40,
      missing_data_fields: "days_rest,projected_usage_rate,player_shot_zone",
    });
  });

  it("pdc: players with at least five games; sample deviation, pooled TS%", async () => {
    const rows = await rowsBy(warehouse, "pdc", "2021-11-24", "player_lookup");
    expect([...rows.keys()].sort()).toEqual(["jalenbrunson", "jaylenbrown", "jaysontatum"]);
    const tatum = rows.get("jaysontatum") as Row;
    const last = POINTS.slice(2);
    const mean = last.reduce((a, b) => a + b) / 10;
    expect(tatum.points_avg_season).toBeCloseTo(POINTS.reduce((a, b) => a + b) / 12, 9);
    expect(tatum.points_std_last_10).toBeCloseTo(Math.sqrt(last.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 9), 9);
    expect(tatum.ts_pct_last_10).toBeCloseTo(last.reduce((a, b) => a + b) / (2 * (200 + 0.44 * 40)), 9);
    expect(tatum).toMatchObject({
      games_played_season: 12,
      early_season_flag: false,
      minutes_avg_last_10: 36,
      primary_scoring_zone: "paint",
      player_age: 23,
    });
  });

  it("mlfs: 25 features in their order, with their sources", async () => {
    const rows = await rowsBy(warehouse, "mlfs", "2021-11-24", "player_lookup");
    expect(rows.size).toBe(5);
    const tatum = rows.get("jaysontatum") as Row;
    const features = tatum.features as number[];
    expect(features).toHaveLength(25);
    expect(tatum.feature_count).toBe(25);
    expect((tatum.feature_names as string[])[13]).toBe("opponent_def_rating");
    expect(features[0]).toBeCloseTo(23.6, 9);
    expect(features[4]).toBe(4);
    expect(features[5]).toBe(67);
    expect(features[9]).toBe(0);
    // Latest two: 40 and 12, mean 26; the three before: 22, 18, 26, mean 22: a rise of 4.
    expect(features[11]).toBe(1);
    expect(features[12]).toBe(0);
    expect(features.slice(15, 18)).toEqual([1, 1, 0]);
    expect(features[18]).toBeCloseTo(0.5, 9);
    const odd = POINTS.slice(2).filter((points) => points % 2 === 1).length;
    expect(features[21]).toBeCloseTo(odd / POINTS.slice(2).reduce((a, b) => a + b), 9);
    const wins = POINTS.filter((points) => points + 20 > 25).length;
    expect(features[24]).toBeCloseTo(wins / 12, 9);
    expect(tatum).toMatchObject({ feature_quality_score: 100, data_source: "phase4", is_home: true });
    // Brown is listed out.
    expect((rows.get("jaylenbrown") as Row).features).toHaveProperty("10", 3);
    // Nothing is known of a new player: defaults, each said to be one.
    const unknown = rows.get("unknown") as Row;
    expect((unknown.features as number[]).slice(0, 4)).toEqual([10, 10, 10, 5]);
    expect((unknown.feature_sources as string[]).slice(0, 5)).toEqual([
      "default",
      "default",
      "default",
      "default",
      "phase3",
    ]);
    // The rookie is not in pdc: his averages come from upgc and pgs.
    expect(((rows.get("rookie") as Row).feature_sources as string[]).slice(0, 4)).toEqual([
      "phase3",
      "phase3",
      "phase3",
      "phase3",
    ]);
    const sources = unknown.feature_sources as string[];
    const weight = { phase4: 100, calculated: 100, phase3: 75, default: 40 } as Record<string, number>;
    expect(unknown.feature_quality_score).toBeCloseTo(
      sources.reduce((sum, source) => sum + (weight[source] as number), 0) / 25,
      9,
    );
  });

  it("every row carries processed_at and run_id", async () => {
    for (const { id } of PROCESSORS) {
      const rows = await rowsBy(warehouse, id, "2021-11-24", "run_id");
      if (id !== "pgs" && id !== "togs" && id !== "tdgs") expect([...rows.keys()], id).toEqual(["test"]);
    }
  });
});

describe("travel", () => {
  /** Miles that each team travels to its last game, by "team date". */
  async function miles(...games: Array<[date: string, away: string, home: string]>): Promise<Record<string, number>> {
    warehouse = await league((l) => {
      for (const [i, [date, away, home]] of games.entries())
        l.game({ id: `${i}`, date, home, away, score: [100, 90], players: [] });
    });
    const days = games.map(([date]) => date).sort();
    await build(warehouse, ["utgc"], days[0] as string, days.at(-1) as string);
    const rows = await warehouse.query(
      "SELECT team_abbr, game_date, travel_miles FROM nba_analytics.upcoming_team_game_context",
    );
    return Object.fromEntries(rows.map((row) => [`${row.team_abbr} ${row.game_date}`, row.travel_miles as number]));
  }

  it("goes to where a team played then", async () => {
    const far = await miles(
      ["1999-11-02", "NJN", "VAN"],
      ["1999-11-03", "NJN", "SEA"],
      ["2005-11-02", "BOS", "NOK"],
      ["2005-11-04", "BOS", "CHA"],
      ["2018-11-02", "SAC", "GSW"],
      ["2020-12-25", "MIA", "TOR"],
    );
    // As the crow flies: East Rutherford to Vancouver, on to Seattle; Boston to Oklahoma City; Oakland; Miami to Tampa.
    expect(far["NJN 1999-11-02"]).toBeCloseTo(2420, -2);
    expect(far["NJN 1999-11-03"]).toBeCloseTo(119, -1);
    expect(far["BOS 2005-11-02"]).toBeCloseTo(1493, -2);
    expect(far["SAC 2018-11-02"]).toBeCloseTo(67, -1);
    expect(far["MIA 2020-12-25"]).toBeCloseTo(205, -2);
  });

  it("goes to neutral courts, whoever is the home team, and not at all between games there", async () => {
    const far = await miles(
      ["2020-07-31", "BOS", "MIL"],
      ["2020-08-02", "POR", "BOS"],
      ["2020-09-30", "MIA", "LAL"],
      // The Cup's semifinals and final; then home.
      ["2023-12-07", "NOP", "LAL"],
      ["2023-12-09", "IND", "LAL"],
      ["2023-12-12", "LAL", "DAL"],
      // Of two games on one date, one is abroad.
      ["2017-01-12", "DEN", "IND"],
      ["2017-01-12", "CHI", "NYK"],
    );
    expect(far["MIL 2020-07-31"]).toBeCloseTo(1070, -2);
    expect([far["BOS 2020-08-02"], far["LAL 2023-12-09"]]).toEqual([0, 0]);
    expect(far["LAL 2020-09-30"]).toBeCloseTo(2202, -2);
    expect([far["NOP 2023-12-07"], far["LAL 2023-12-07"]].map((one) => Math.round((one as number) / 10))).toEqual([
      151, 23,
    ]);
    expect(far["LAL 2023-12-12"]).toBeCloseTo(1071, -2);
    expect(far["IND 2017-01-12"]).toBeCloseTo(4000, -3);
    expect(far["NYK 2017-01-12"]).toBe(0);
  });

  it("and rest go on to the last game of 2020, and the next season begins anew", async () => {
    await miles(
      ["2020-09-30", "MIA", "LAL"],
      ["2020-10-02", "MIA", "LAL"],
      ["2020-10-11", "LAL", "MIA"],
      ["2020-12-22", "LAC", "LAL"],
    );
    const rows = await warehouse.query(
      `SELECT game_date, season_year, days_since_last_game, game_number_in_season, travel_miles
      FROM nba_analytics.upcoming_team_game_context WHERE team_abbr = 'LAL' ORDER BY game_date`,
    );
    expect(rows.map((row) => [row.season_year, row.days_since_last_game, row.game_number_in_season])).toEqual([
      [2019, null, 1],
      [2019, 2, 2],
      [2019, 9, 3],
      [2020, null, 1],
    ]);
    expect(rows[2]?.travel_miles).toBe(0);
  });

  it("is never empty: every abbreviation has a place in every season", async () => {
    const teams = [...new Set(ARENAS.map(({ abbr }) => abbr))];
    const seasons = [...new Set(ARENAS.flatMap(({ first, last }) => [first, Math.min(last, 2030)]))].sort();
    // Two by two, at either's home.
    const games = seasons.flatMap((season) =>
      teams.map((team, i): [date: string, away: string, home: string] => [
        `${season}-${i % 2 ? 11 : 12}-01`,
        teams[i ^ 1] ?? "nobody",
        team,
      ]),
    );
    const far = Object.entries(await miles(...games)).filter(([key]) => !key.startsWith("nobody"));
    expect(far.length).toBeGreaterThanOrEqual((2 * teams.length - 1) * seasons.length);
    expect(far.filter(([, one]) => one === null)).toEqual([]);
  });
});
