import { columns } from "../../../engine/pipeline/columns";
import { lookback, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { GAME_DATES, gameWindows, holdsFor, NEXT_DATE, SCHEDULE, SEASON_TO_DATE } from "../sources/sql";

const ZONED_ATTEMPTS = "IF(paint_attempts IS NULL, NULL, fg_attempts)";

/**
 * psza: where each player shot from before D, over his last 10 and 20 games.
 * Paint and mid-range count the games that have shots; three-pointers and all attempts
 * are in every box score. A fact row carries its window's sums and holds until the next game.
 */
export const playerShotZoneAnalysis: Table = {
  id: "psza",
  name: "player_shot_zone_analysis",
  description: "where one player shot from before the date",
  dataset: "nba_precompute",
  layer: "precompute",
  warmUpDays: 14,
  due: "beforehand",
  dateColumn: "analysis_date",
  grain: ["analysis_date", "player_lookup"],
  offCalendar: true,
  inputs: [
    sameDate("nbac_schedule"),
    // The last 20 games of a player who seldom plays reach back to the season's first day.
    lookback("pgs", { kind: "epochToDate" }, { hours: [24, 72] }),
  ],
  expected: {
    words: "the players with minutes in a game of the season before the date",
    sql: "SELECT game_date AS d, players AS n FROM players_before",
  },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["analysis_date", "DATE", "date D; only games before it count"],
    ["paint_rate_last_10", "FLOAT64", "share of attempts from the paint, 0 to 100; NULL without shots"],
    ["mid_range_rate_last_10", "FLOAT64", "share of mid-range attempts, 0 to 100; NULL without shots"],
    ["three_pt_rate_last_10", "FLOAT64", "share of three-point attempts, 0 to 100"],
    ["total_shots_last_10", "INT64", "FGA over the last 10 games"],
    ["games_in_sample_10", "INT64", "games counted, at most 10"],
    ["sample_quality_10", "STRING", "excellent (10 games), good (7), limited (5) or insufficient"],
    ["paint_pct_last_10", "FLOAT64", "makes / attempts in the paint, 0 to 1"],
    ["mid_range_pct_last_10", "FLOAT64", "makes / attempts from mid-range, 0 to 1"],
    ["three_pt_pct_last_10", "FLOAT64", "3P / 3PA, 0 to 1"],
    ["paint_attempts_per_game", "FLOAT64", "attempts in the paint a game with shots"],
    ["mid_range_attempts_per_game", "FLOAT64", "mid-range attempts a game with shots"],
    ["three_pt_attempts_per_game", "FLOAT64", "3PA a game"],
    ["paint_rate_last_20", "FLOAT64", "share of attempts from the paint over 20 games, 0 to 100"],
    ["paint_pct_last_20", "FLOAT64", "makes / attempts in the paint over 20 games, 0 to 1"],
    ["games_in_sample_20", "INT64", "games counted, at most 20"],
    ["sample_quality_20", "STRING", "excellent (20 games), good (14), limited (10) or insufficient"],
    ["assisted_rate_last_10", "FLOAT64", "share of makes with an assist, 0 to 100"],
    ["unassisted_rate_last_10", "FLOAT64", "share of makes without one, 0 to 100"],
    [
      "primary_scoring_zone",
      "STRING",
      "paint (rate >= 40), perimeter (three >= 40), mid_range (>= 35) or balanced; NULL without shots",
    ],
    ["data_quality_tier", "STRING", "high (10 games), medium (7) or low"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
${GAME_DATES},
rolled AS (
  SELECT
    player_lookup, season_year, game_date,
    ${NEXT_DATE} OVER in_order AS next_date,
    COUNT(*) OVER last_10 AS games_10,
    SUM(fg_attempts) OVER last_10 AS fga_10,
    SUM(three_pt_attempts) OVER last_10 AS three_attempts_10,
    SUM(three_pt_makes) OVER last_10 AS three_makes_10,
    COUNT(paint_attempts) OVER last_10 AS zoned_games_10,
    SUM(${ZONED_ATTEMPTS}) OVER last_10 AS zoned_10,
    SUM(paint_attempts) OVER last_10 AS paint_attempts_10,
    SUM(paint_makes) OVER last_10 AS paint_makes_10,
    SUM(mid_range_attempts) OVER last_10 AS mid_attempts_10,
    SUM(mid_range_makes) OVER last_10 AS mid_makes_10,
    SUM(assisted_fg_makes) OVER last_10 AS assisted_10,
    SUM(unassisted_fg_makes) OVER last_10 AS unassisted_10,
    COUNT(*) OVER last_20 AS games_20,
    SUM(${ZONED_ATTEMPTS}) OVER last_20 AS zoned_20,
    SUM(paint_attempts) OVER last_20 AS paint_attempts_20,
    SUM(paint_makes) OVER last_20 AS paint_makes_20
  FROM nba_analytics.player_game_summary
  WHERE ${SEASON_TO_DATE}
  ${gameWindows("player_lookup", 10, 20)}
),
rated AS (
  SELECT
    d.game_date AS analysis_date, r.*,
    100 * r.paint_attempts_10 / NULLIF(r.zoned_10, 0) AS paint_rate,
    100 * r.mid_attempts_10 / NULLIF(r.zoned_10, 0) AS mid_range_rate,
    100 * r.three_attempts_10 / NULLIF(r.fga_10, 0) AS three_pt_rate
  FROM dates AS d
  JOIN rolled AS r ON ${holdsFor("r", "d")}
)
SELECT
  player_lookup,
  analysis_date,
  paint_rate AS paint_rate_last_10,
  mid_range_rate AS mid_range_rate_last_10,
  three_pt_rate AS three_pt_rate_last_10,
  fga_10 AS total_shots_last_10,
  games_10 AS games_in_sample_10,
  CASE WHEN games_10 >= 10 THEN 'excellent' WHEN games_10 >= 7 THEN 'good' WHEN games_10 >= 5 THEN 'limited'
    ELSE 'insufficient' END AS sample_quality_10,
  paint_makes_10 / NULLIF(paint_attempts_10, 0) AS paint_pct_last_10,
  mid_makes_10 / NULLIF(mid_attempts_10, 0) AS mid_range_pct_last_10,
  three_makes_10 / NULLIF(three_attempts_10, 0) AS three_pt_pct_last_10,
  paint_attempts_10 / NULLIF(zoned_games_10, 0) AS paint_attempts_per_game,
  mid_attempts_10 / NULLIF(zoned_games_10, 0) AS mid_range_attempts_per_game,
  three_attempts_10 / games_10 AS three_pt_attempts_per_game,
  100 * paint_attempts_20 / NULLIF(zoned_20, 0) AS paint_rate_last_20,
  paint_makes_20 / NULLIF(paint_attempts_20, 0) AS paint_pct_last_20,
  games_20 AS games_in_sample_20,
  CASE WHEN games_20 >= 20 THEN 'excellent' WHEN games_20 >= 14 THEN 'good' WHEN games_20 >= 10 THEN 'limited'
    ELSE 'insufficient' END AS sample_quality_20,
  100 * assisted_10 / NULLIF(assisted_10 + unassisted_10, 0) AS assisted_rate_last_10,
  100 * unassisted_10 / NULLIF(assisted_10 + unassisted_10, 0) AS unassisted_rate_last_10,
  CASE
    WHEN paint_rate IS NULL THEN NULL
    WHEN paint_rate >= 40 THEN 'paint'
    WHEN three_pt_rate >= 40 THEN 'perimeter'
    WHEN mid_range_rate >= 35 THEN 'mid_range'
    ELSE 'balanced'
  END AS primary_scoring_zone,
  CASE WHEN games_10 >= 10 THEN 'high' WHEN games_10 >= 7 THEN 'medium' ELSE 'low' END AS data_quality_tier
FROM rated`,
  },
};
