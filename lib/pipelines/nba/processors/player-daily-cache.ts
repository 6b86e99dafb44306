import { columns } from "../../../engine/pipeline/columns";
import { gate, lookback, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { gameWindows, holdsFor, inRange, meanOver, NEXT_DATE, SEASON_TO_DATE, seasonOf } from "../sources/sql";
import { lastTenGames, SECONDS_PLAYED } from "./parts";

/**
 * pdc: each player of D with at least 5 games this season, his form and workload in one row.
 * Standard deviation is the sample's, from integer sums; TS% is pooled over the window.
 */
export const playerDailyCache: Table = {
  id: "pdc",
  name: "player_daily_cache",
  description: "form and workload of one player with at least 5 games before the date",
  dataset: "nba_precompute",
  layer: "precompute",
  warmUpDays: 14,
  due: "beforehand",
  dateColumn: "cache_date",
  grain: ["cache_date", "player_lookup"],
  inputs: [
    lookback("pgs", { kind: "epochToDate" }, { hours: [24, 72] }),
    lookback("togs", { kind: "units", units: 10, of: "members" }, { hours: [24, 72] }),
    sameDate("upgc", { hours: [12, 48] }),
    sameDate("psza", { hours: [6, 24] }),
    gate("pgs"),
  ],
  expected: {
    words: "the rostered players of upgc with at least 5 games of the season before the date",
    sql: `SELECT r.game_date AS d, COUNT(*) AS n
  FROM roster AS r
  JOIN fifth_games AS f
    ON f.player_lookup = r.player_lookup AND f.game_date < r.game_date AND f.last_date >= r.game_date
  GROUP BY r.game_date`,
  },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["cache_date", "DATE", "date D; only games before it count"],
    ["points_avg_last_5", "FLOAT64", "points a game over his last 5"],
    ["points_avg_last_10", "FLOAT64", "points a game over his last 10"],
    ["points_avg_season", "FLOAT64", "points a game this season"],
    ["points_std_last_10", "FLOAT64", "sample standard deviation of points over his last 10"],
    ["minutes_avg_last_10", "FLOAT64", "minutes a game over his last 10"],
    ["usage_rate_last_10", "FLOAT64", "mean USG% of his last 10 games"],
    ["ts_pct_last_10", "FLOAT64", "TS% over his last 10 games together, 0 to 1"],
    ["games_played_season", "INT64", "games with minutes this season"],
    ["team_pace_last_10", "FLOAT64", "mean pace of his team's last 10 games"],
    ["team_off_rating_last_10", "FLOAT64", "mean offensive rating of his team's last 10 games"],
    ["player_usage_rate_season", "FLOAT64", "mean USG% this season"],
    ["games_in_last_7_days", "INT64", "as in upgc"],
    ["games_in_last_14_days", "INT64", "as in upgc"],
    ["minutes_in_last_7_days", "FLOAT64", "as in upgc"],
    ["minutes_in_last_14_days", "FLOAT64", "as in upgc"],
    ["back_to_backs_last_14_days", "INT64", "as in upgc"],
    ["avg_minutes_per_game_last_7", "FLOAT64", "as in upgc"],
    ["primary_scoring_zone", "STRING", "as in psza"],
    ["paint_rate_last_10", "FLOAT64", "as in psza"],
    ["three_pt_rate_last_10", "FLOAT64", "as in psza"],
    ["assisted_rate_last_10", "FLOAT64", "as in psza"],
    ["player_age", "INT64", "whole years on D"],
    ["early_season_flag", "BOOL", "fewer than 10 games this season"],
  ),
  build: {
    kind: "sql",
    sql: `WITH rolled AS (
  SELECT
    player_lookup, season_year, game_date,
    ${NEXT_DATE} OVER in_order AS next_date,
    COUNT(*) OVER so_far AS games,
    COUNT(*) OVER last_10 AS games_10,
    SUM(points) OVER last_5 / COUNT(*) OVER last_5 AS points_5,
    SUM(points) OVER last_10 AS points_10,
    SUM(points * points) OVER last_10 AS squares_10,
    SUM(points) OVER so_far AS points_season,
    SUM(${SECONDS_PLAYED}) OVER last_10 AS seconds_10,
    SUM(fg_attempts) OVER last_10 AS fga_10,
    SUM(ft_attempts) OVER last_10 AS fta_10,
    ${meanOver("last_10", "usage_rate")} AS usage_10,
    ${meanOver("so_far", "usage_rate")} AS usage_season
  FROM nba_analytics.player_game_summary
  WHERE ${SEASON_TO_DATE}
  ${gameWindows("player_lookup", 5, 10)}
),
${lastTenGames("teams", "team_offense_game_summary", "team_abbr", "pace", "offensive_rating")},
players AS (
  SELECT
    *, ${seasonOf("game_date")} AS season_year
  FROM nba_analytics.upcoming_player_game_context
  WHERE ${inRange()}
)
SELECT
  u.player_lookup,
  u.game_date AS cache_date,
  r.points_5 AS points_avg_last_5,
  r.points_10 / r.games_10 AS points_avg_last_10,
  r.points_season / r.games AS points_avg_season,
  SQRT((r.games_10 * r.squares_10 - r.points_10 * r.points_10) / NULLIF(r.games_10 * (r.games_10 - 1), 0))
    AS points_std_last_10,
  r.seconds_10 / 60 / r.games_10 AS minutes_avg_last_10,
  r.usage_10 AS usage_rate_last_10,
  r.points_10 / NULLIF(2 * (r.fga_10 + 0.44 * r.fta_10), 0) AS ts_pct_last_10,
  r.games AS games_played_season,
  t.pace_10 AS team_pace_last_10,
  t.offensive_rating_10 AS team_off_rating_last_10,
  r.usage_season AS player_usage_rate_season,
  u.games_in_last_7_days,
  u.games_in_last_14_days,
  u.minutes_in_last_7_days,
  u.minutes_in_last_14_days,
  u.back_to_backs_last_14_days,
  u.avg_minutes_per_game_last_7,
  p.primary_scoring_zone,
  p.paint_rate_last_10,
  p.three_pt_rate_last_10,
  p.assisted_rate_last_10,
  u.player_age,
  r.games < 10 AS early_season_flag
FROM players AS u
JOIN rolled AS r
  ON r.player_lookup = u.player_lookup AND ${holdsFor("r", "u")}
LEFT JOIN teams AS t
  ON t.team_abbr = u.team_abbr AND ${holdsFor("t", "u")}
LEFT JOIN nba_precompute.player_shot_zone_analysis AS p
  ON p.analysis_date = u.game_date AND p.player_lookup = u.player_lookup AND ${inRange("p.analysis_date")}
WHERE r.games >= 5`,
  },
};
