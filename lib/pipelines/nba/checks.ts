import type { Check } from "../../engine/pipeline/types";

/** 48 minutes and 5 for each overtime; the longest game ever had six. */
const LONGEST_GAME = 48 + 6 * 5;

const between = (column: string, low: number, high: number, reason: string): Check => ({
  column,
  between: [low, high],
  reason,
});
const rule = (text: string, reason: string, column?: string): Check => ({
  ...(column ? { column } : {}),
  rule: text,
  reason,
});
const always = (column: string, reason: string): Check => ({ column, notNull: 1, reason });

const SHARE = "a share of attempts, 0 to 100";
const RATIO = "makes of attempts, 0 to 1";
/** Three points of one attempt make 3 / 2. */
const SHOOTING = "points of shots: a three of each attempt makes 1.5";
const SHOOTING_MAX = 1.5;

/** Points are made of baskets, threes and free throws. */
const pointsAddUp = (points: string, fg: string, three: string, ft: string): Check =>
  rule(`${points} = 2 * ${fg} + ${three} + ${ft}`, "two points a basket, one more a three, one a free throw", points);

/** Makes are never more than attempts. */
const madeOfAttempts = (prefix: string, made: string, attempted: string): Check[] =>
  ["field_goals", "three_pointers", "free_throws"].map((kind) =>
    rule(`${prefix}${kind}${made} <= ${prefix}${kind}${attempted}`, "a make is an attempt", `${prefix}${kind}${made}`),
  );

const WINNER = "who has more points has won";
const ZONES = ["paint", "mid_range", "perimeter", "balanced"];

/** What values of the tables and sources must be, by definition: of no range that only happens to be in the data. */
export const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  pgs: [
    always("minutes_played", "a row is a player who played"),
    between("minutes_played", 0, LONGEST_GAME, "nobody plays longer than the game, of at most six overtimes"),
    always("points", "a player who played has a count of points, if only 0"),
    pointsAddUp("points", "fg_makes", "three_pt_makes", "ft_makes"),
    { column: "usage_rate", notNull: 0.9, reason: "it needs the team's totals alone, which every box score has" },
    {
      column: "usage_rate",
      between: [0, 100],
      where: "minutes_played >= 5",
      reason: "a share of the team's possessions; of a few seconds the estimate is of nothing",
    },
    between("ts_pct", 0, SHOOTING_MAX, SHOOTING),
    between("efg_pct", 0, SHOOTING_MAX, SHOOTING),
    {
      column: "paint_attempts",
      notNull: 1,
      where: "data_quality_tier = 'high'",
      reason: "the game has shots: who took none has 0",
    },
    { column: "win_flag", distinctAtLeast: 2, reason: "of the two teams of a game one wins" },
  ],
  togs: [
    { column: "points_scored", notZero: 1, reason: "no team has ever ended a game with 0" },
    pointsAddUp("points_scored", "fg_makes", "three_pt_makes", "ft_makes"),
    rule("possessions > 0 AND pace > 0", "a game has possessions", "possessions"),
    between("ts_pct", 0, SHOOTING_MAX, SHOOTING),
    rule("win_flag = (margin_of_victory > 0)", WINNER, "win_flag"),
    between("overtime_periods", 0, 6, "the longest game ever had six overtimes"),
    {
      column: "team_paint_attempts",
      notNull: 1,
      where: "shot_zones_available",
      reason: "the game has shots",
    },
  ],
  tdgs: [
    { column: "points_allowed", notZero: 1, reason: "no team has ever ended a game with 0" },
    pointsAddUp("points_allowed", "opp_fg_makes", "opp_three_pt_makes", "opp_ft_makes"),
    rule("opponent_pace > 0", "a game has possessions", "opponent_pace"),
    between("opponent_ts_pct", 0, SHOOTING_MAX, SHOOTING),
    rule("win_flag = (margin_of_victory > 0)", WINNER, "win_flag"),
    rule(
      "(opp_paint_attempts IS NULL) = (points_in_paint_allowed IS NULL)",
      "both come from the shots of the game",
      "opp_paint_attempts",
    ),
  ],
  upgc: [
    between("games_in_last_7_days", 0, 7, "at most one game a day"),
    between("games_in_last_14_days", 0, 14, "at most one game a day"),
    between("minutes_in_last_7_days", 0, 7 * LONGEST_GAME, "at most the whole of each day's game"),
    {
      column: "avg_usage_rate_last_7_games",
      between: [0, 100],
      share: 0.95,
      reason: "a share of the team's possessions, but for who has played seconds alone",
    },
    between("projected_usage_rate", 0, 40, "capped at 40"),
    between("completeness_percentage", 0, 100, "games that are there of those expected"),
    { column: "season_phase", in: ["early", "regular", "playoffs"], reason: "the three phases" },
    always("home_game", "one of the two teams is at home"),
  ],
  utgc: [
    between("games_in_last_7_days", 0, 7, "at most one game a day"),
    between("games_in_last_14_days", 0, 14, "at most one game a day"),
    { column: "last_game_result", in: ["W", "L"], reason: "a game is won or lost" },
    rule(
      "team_win_streak_entering = 0 OR team_loss_streak_entering = 0",
      "the last game ended one of the two streaks",
      "team_win_streak_entering",
    ),
    between("travel_miles", 0, 12_451, "half the way around the earth"),
    always("home_game", "one of the two teams is at home"),
  ],
  psza: [
    between("paint_rate_last_10", 0, 100, SHARE),
    between("mid_range_rate_last_10", 0, 100, SHARE),
    between("three_pt_rate_last_10", 0, 100, SHARE),
    between("paint_pct_last_10", 0, 1, RATIO),
    between("mid_range_pct_last_10", 0, 1, RATIO),
    between("three_pt_pct_last_10", 0, 1, RATIO),
    between("games_in_sample_10", 1, 10, "a player with a game before, of whom ten are counted"),
    { column: "primary_scoring_zone", in: ZONES, reason: "the four names of the definition" },
  ],
  tdza: [
    between("paint_pct_allowed_last_15", 0, 1, RATIO),
    between("mid_range_pct_allowed_last_15", 0, 1, RATIO),
    between("three_pt_pct_allowed_last_15", 0, 1, RATIO),
    between("games_in_sample", 1, 15, "a team with a game before, of whose games fifteen are counted"),
  ],
  pcf: [
    always("fatigue_score", "every player has one"),
    between("fatigue_score", 35, 100, "100 less all that may be taken off: 15, 10, 10, 8, 12 and 10"),
    between("shot_zone_mismatch_score", -10, 10, "clamped"),
    between("pace_score", -3, 3, "clamped"),
    between("usage_spike_score", -3, 3, "clamped"),
    rule(
      "ABS(total_composite_adjustment - ((fatigue_score - 100) / 20 + shot_zone_mismatch_score + pace_score + usage_spike_score)) < 0.000001",
      "the sum of the four",
      "total_composite_adjustment",
    ),
    between("data_completeness_pct", 0, 100, "inputs that are there, of five"),
  ],
  pdc: [
    between("player_usage_rate_season", 0, 100, "a share of the team's possessions"),
    between("ts_pct_last_10", 0, SHOOTING_MAX, SHOOTING),
    rule("games_played_season >= 5", "players with five games have a row", "games_played_season"),
    rule("early_season_flag = (games_played_season < 10)", "the flag's definition", "early_season_flag"),
    between("games_in_last_7_days", 0, 7, "at most one game a day"),
  ],
  mlfs: [
    rule("ARRAY_LENGTH(features) = feature_count AND feature_count = 25", "25 features", "features"),
    rule(
      "features[SAFE_OFFSET(14)] > features[SAFE_OFFSET(15)]",
      "a pace is never 0 or 1, as home is: the vector is not one value throughout",
      "features",
    ),
    rule(
      "feature_quality_score > 40 AND feature_quality_score <= 100",
      "some features are always calculated, so that not all are defaults",
      "feature_quality_score",
    ),
  ],
  nbac_schedule: [
    { column: "game_status", in: [1, 2, 3, 4, 9], reason: "the league's statuses" },
    rule("home_team_abbr <> away_team_abbr", "a game has two teams", "home_team_abbr"),
  ],
  nbac_gamebook_player_stats: [
    { column: "player_status", in: ["active", "dnp", "inactive"], reason: "the three statuses" },
    {
      column: "minutes",
      notNull: 0.9,
      where: "points > 0",
      reason: "who scored has played",
    },
    pointsAddUp("points", "field_goals_made", "three_pointers_made", "free_throws_made"),
    ...madeOfAttempts("", "_made", "_attempted"),
  ],
  bdl_player_boxscores: [
    { column: "minutes", notNull: 0.9, where: "points > 0", reason: "who scored has played" },
    ...madeOfAttempts("", "_made", "_attempted"),
  ],
  nbac_team_boxscore: [
    pointsAddUp("points", "field_goals_made", "three_pointers_made", "free_throws_made"),
    ...madeOfAttempts("", "_made", "_attempted"),
  ],
  shots: [
    { column: "shot_value", in: [2, 3], reason: "a basket counts two or three" },
    {
      column: "zone",
      in: [
        "restricted_area",
        "paint_non_ra",
        "mid_range",
        "left_corner_3",
        "right_corner_3",
        "above_the_break_3",
        "backcourt",
      ],
      reason: "the seven zones",
    },
  ],
  team_rosters: [always("player_lookup", "a row is a player"), always("team_abbr", "of a team")],
  nbac_injury_report: [
    {
      column: "status",
      in: ["available", "probable", "questionable", "doubtful", "out"],
      reason: "the five statuses of the report",
    },
  ],
  odds_player_points_props: [rule("points_line > 0", "a line on points is above 0", "points_line")],
};
