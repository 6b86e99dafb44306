import { columns } from "../../../engine/pipeline/columns";
import { lookback, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { exact, gameWindows, holdsFor, oneRowPerGrain, ROSTERED } from "../sources/sql";
import { lastTenGames, SECONDS_PLAYED } from "./parts";

const usageOfLast = (games: number) =>
  `SUM(IF(n <= ${games}, usage_e10, NULL)) / NULLIF(COUNTIF(n <= ${games} AND usage_e10 IS NOT NULL), 0) / 1e10`;

/**
 * upgc: what is known of each rostered player before his team's game of D.
 *
 * Averages of rates run over integers (rate x 1e10), so that their sum has no order.
 * A player's share of his team's usage is usage/100 x minutes/48 (the inverse of USG%);
 * projected usage = usage over the last 5 games x (1 + the shares of teammates listed out), at most 40.
 * All of a player's form is read from the last 30 days of pgs.
 */
export const upcomingPlayerGameContext: Table = {
  id: "upgc",
  name: "upcoming_player_game_context",
  description: "what is known of one rostered player before his team's game",
  dataset: "nba_analytics",
  layer: "analytics",
  due: "beforehand",
  dateColumn: "game_date",
  grain: ["game_date", "player_lookup"],
  inputs: [
    sameDate("nbac_schedule", { hours: [12, 36] }),
    lookback("nbac_schedule", { kind: "epochToDate" }),
    sameDate("team_rosters"),
    // Where a team has no roster snapshot, its box score names its players.
    lookback("nbac_gamebook_player_stats", { kind: "epochToDate" }, { critical: false }),
    lookback("bdl_player_boxscores", { kind: "epochToDate" }, { critical: false }),
    sameDate("nbac_injury_report", { critical: false, hours: [8, 24], invalidates: true }),
    sameDate("odds_player_points_props", { critical: false, hours: [12, 48], invalidates: true }),
    sameDate("odds_game_lines", { critical: false, hours: [4, 12], invalidates: true }),
    lookback("pgs", { kind: "days", days: 30 }, { hours: [24, 72] }),
    lookback("togs", { kind: "units", units: 10, of: "members" }, { critical: false, hours: [24, 72] }),
    // League pace.
    lookback("togs", { kind: "days", days: 30 }, { critical: false }),
    lookback("tdgs", { kind: "units", units: 10, of: "members" }, { critical: false, hours: [24, 72] }),
  ],
  expected: {
    words: "one for each player on the roster of a team that plays",
    sql: "SELECT game_date AS d, COUNT(*) AS n FROM roster GROUP BY game_date",
  },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["game_id", "STRING", "the game of the date"],
    ["game_date", "DATE", "US Eastern date"],
    ["team_abbr", "STRING", "his team"],
    ["opponent_team_abbr", "STRING", "the other team"],
    ["home_game", "BOOL", "his team plays at home"],
    ["back_to_back", "BOOL", "he played the day before"],
    ["days_rest", "INT64", "days between his last game with minutes and D; NULL before the first"],
    ["days_rest_before_last_game", "INT64", "the same, as it was at his last game"],
    ["games_in_last_7_days", "INT64", "his games on the 7 days before D"],
    ["games_in_last_14_days", "INT64", "his games on the 14 days before D"],
    ["minutes_in_last_7_days", "FLOAT64", "his minutes on the 7 days before D"],
    ["minutes_in_last_14_days", "FLOAT64", "his minutes on the 14 days before D"],
    ["avg_minutes_per_game_last_7", "FLOAT64", "minutes a game on the 7 days before D"],
    ["back_to_backs_last_14_days", "INT64", "games on the 14 days before D that followed one of the day before"],
    ["avg_usage_rate_last_7_games", "FLOAT64", "mean USG% of his last 7 games"],
    [
      "projected_usage_rate",
      "FLOAT64",
      "USG% of his last 5 games, raised by what players listed out leave; at most 40",
    ],
    ["points_avg_last_5", "FLOAT64", "points a game over his last 5"],
    ["points_avg_last_10", "FLOAT64", "points a game over his last 10"],
    ["star_teammates_out", "INT64", "teammates listed out whose USG% over their last 10 games is at least 25"],
    ["opponent_pace_last_10", "FLOAT64", "mean pace of the opponent's last 10 games"],
    ["pace_differential", "FLOAT64", "opponent_pace_last_10 - the league's mean pace over the last 30 days"],
    ["opponent_def_rating_last_10", "FLOAT64", "mean defensive rating of the opponent's last 10 games"],
    ["opponent_days_rest", "INT64", "days between the opponent's last game and D"],
    ["player_age", "INT64", "whole years on D"],
    ["player_status", "STRING", "status on the injury report; available when not listed"],
    ["season_phase", "STRING", "early (first 14 days), regular or playoffs"],
    ["has_prop_line", "BOOL", "there is a points line"],
    ["current_points_line", "FLOAT64", "points line"],
    ["opening_points_line", "FLOAT64", "points line at opening"],
    ["line_movement", "FLOAT64", "current - opening"],
    ["game_spread", "FLOAT64", "home team's spread"],
    ["game_total", "FLOAT64", "total points line"],
    ["expected_games_count", "INT64", "final games of his team on the last 30 days"],
    ["actual_games_count", "INT64", "those of them that pgs has"],
    ["completeness_percentage", "FLOAT64", "100 x actual / expected; NULL when none is expected"],
    ["roster_source", "STRING", "roster, box_score or latest_box_score: how his team is known"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${ROSTERED},
first_dates AS (
  SELECT season_year, MIN(game_date) AS first_date FROM schedule GROUP BY season_year
),
spine AS (
  SELECT
    r.game_date, r.player_lookup, r.team_abbr, r.birth_date, r.roster_source,
    t.game_id, t.opponent_team_abbr, t.home_game, t.season_year, t.is_playoffs
  FROM roster AS r
  JOIN team_games AS t ON t.game_date = r.game_date AND t.team_abbr = r.team_abbr
),
facts AS (
  SELECT
    player_lookup, game_id, game_date, season_year, points,
    ${SECONDS_PLAYED} AS seconds,
    ${exact("usage_rate")} AS usage_e10,
    LAG(game_date) OVER (PARTITION BY player_lookup, season_year ORDER BY game_date, game_id) AS previous_date
  FROM nba_analytics.player_game_summary
  WHERE game_date >= DATE_SUB(@start_date, INTERVAL 30 DAY) AND game_date < @end_date
),
recent AS (
  SELECT
    s.game_date AS d, f.player_lookup, f.game_date, f.previous_date, f.points, f.seconds, f.usage_e10,
    ROW_NUMBER() OVER (PARTITION BY s.game_date, s.player_lookup ORDER BY f.game_date DESC, f.game_id DESC) AS n
  FROM spine AS s
  JOIN facts AS f
    ON f.player_lookup = s.player_lookup AND f.season_year = s.season_year
    AND f.game_date >= DATE_SUB(s.game_date, INTERVAL 30 DAY) AND f.game_date < s.game_date
),
form AS (
  SELECT
    d, player_lookup,
    DATE_DIFF(d, MAX(game_date), DAY) - 1 AS days_rest,
    MAX(IF(n = 1 AND previous_date >= DATE_SUB(d, INTERVAL 30 DAY), DATE_DIFF(game_date, previous_date, DAY) - 1, NULL))
      AS days_rest_before_last_game,
    COUNTIF(game_date >= DATE_SUB(d, INTERVAL 7 DAY)) AS games_7,
    COUNTIF(game_date >= DATE_SUB(d, INTERVAL 14 DAY)) AS games_14,
    SUM(IF(game_date >= DATE_SUB(d, INTERVAL 7 DAY), seconds, 0)) AS seconds_7,
    SUM(IF(game_date >= DATE_SUB(d, INTERVAL 14 DAY), seconds, 0)) AS seconds_14,
    COUNTIF(game_date >= DATE_SUB(d, INTERVAL 14 DAY) AND DATE_DIFF(game_date, previous_date, DAY) = 1)
      AS back_to_backs_14,
    SUM(IF(n <= 5, points, NULL)) / NULLIF(COUNTIF(n <= 5 AND points IS NOT NULL), 0) AS points_5,
    SUM(IF(n <= 10, points, NULL)) / NULLIF(COUNTIF(n <= 10 AND points IS NOT NULL), 0) AS points_10,
    SUM(IF(n <= 5, seconds, 0)) / COUNTIF(n <= 5) AS seconds_per_game_5,
    ${usageOfLast(5)} AS usage_5,
    ${usageOfLast(7)} AS usage_7,
    ${usageOfLast(10)} AS usage_10
  FROM recent
  GROUP BY d, player_lookup
),
injuries AS (
  ${oneRowPerGrain("nbac_injury_report")}
),
known AS (
  SELECT
    s.*, f.* EXCEPT (d, player_lookup),
    COALESCE(LOWER(i.status), 'available') AS player_status,
    LOWER(i.status) = 'out' AND f.usage_10 >= 25 AS is_star_out,
    IF(LOWER(i.status) = 'out', ${exact("f.usage_5 * f.seconds_per_game_5 / 288000")}, 0)
      AS freed_e10
  FROM spine AS s
  LEFT JOIN form AS f ON f.d = s.game_date AND f.player_lookup = s.player_lookup
  LEFT JOIN injuries AS i ON i.game_date = s.game_date AND i.player_lookup = s.player_lookup
),
with_team AS (
  SELECT
    k.*,
    SUM(COALESCE(k.freed_e10, 0)) OVER (PARTITION BY k.game_date, k.team_abbr) - COALESCE(k.freed_e10, 0)
      AS teammates_freed_e10,
    SUM(IF(k.is_star_out, 1, 0)) OVER (PARTITION BY k.game_date, k.team_abbr) - IF(k.is_star_out, 1, 0) AS stars_out
  FROM known AS k
),
${lastTenGames("pace", "team_offense_game_summary", "team_abbr", "pace")},
${lastTenGames("defense", "team_defense_game_summary", "defending_team_abbr", "defensive_rating")},
league AS (
  SELECT
    d.game_date,
    SUM(${exact("t.pace")}) / NULLIF(COUNT(t.pace), 0) / 1e10 AS pace
  FROM (SELECT DISTINCT game_date, season_year FROM playing) AS d
  JOIN nba_analytics.team_offense_game_summary AS t
    ON t.season_year = d.season_year
    AND t.game_date >= DATE_SUB(d.game_date, INTERVAL 30 DAY) AND t.game_date < d.game_date
  GROUP BY d.game_date
),
rest AS (
  SELECT game_id, team_abbr, DATE_DIFF(game_date, LAG(game_date) OVER in_order, DAY) - 1 AS days_rest
  FROM team_games
  ${gameWindows("team_abbr")}
),
pgs_games AS (
  SELECT DISTINCT game_id FROM facts
),
completeness AS (
  SELECT p.game_date, p.team_abbr, COUNT(t.game_id) AS expected_games, COUNT(g.game_id) AS actual_games
  FROM playing AS p
  LEFT JOIN team_games AS t
    ON t.team_abbr = p.team_abbr AND t.season_year = p.season_year AND t.game_status = 3
    AND t.game_date >= DATE_SUB(p.game_date, INTERVAL 30 DAY) AND t.game_date < p.game_date
  LEFT JOIN pgs_games AS g ON g.game_id = t.game_id
  GROUP BY p.game_date, p.team_abbr
),
props AS (
  ${oneRowPerGrain("odds_player_points_props")}
),
lines AS (
  ${oneRowPerGrain("odds_game_lines", "TRUE")}
)
SELECT
  k.player_lookup,
  k.game_id,
  k.game_date,
  k.team_abbr,
  k.opponent_team_abbr,
  k.home_game,
  COALESCE(k.days_rest = 0, FALSE) AS back_to_back,
  k.days_rest,
  k.days_rest_before_last_game,
  COALESCE(k.games_7, 0) AS games_in_last_7_days,
  COALESCE(k.games_14, 0) AS games_in_last_14_days,
  COALESCE(k.seconds_7, 0) / 60 AS minutes_in_last_7_days,
  COALESCE(k.seconds_14, 0) / 60 AS minutes_in_last_14_days,
  k.seconds_7 / 60 / NULLIF(k.games_7, 0) AS avg_minutes_per_game_last_7,
  COALESCE(k.back_to_backs_14, 0) AS back_to_backs_last_14_days,
  k.usage_7 AS avg_usage_rate_last_7_games,
  LEAST(40.0, k.usage_5 * (1 + k.teammates_freed_e10 / 1e10)) AS projected_usage_rate,
  k.points_5 AS points_avg_last_5,
  k.points_10 AS points_avg_last_10,
  k.stars_out AS star_teammates_out,
  pace.pace_10 AS opponent_pace_last_10,
  pace.pace_10 - league.pace AS pace_differential,
  defense.defensive_rating_10 AS opponent_def_rating_last_10,
  rest.days_rest AS opponent_days_rest,
  EXTRACT(YEAR FROM k.game_date) - EXTRACT(YEAR FROM k.birth_date)
    - IF(EXTRACT(MONTH FROM k.game_date) * 100 + EXTRACT(DAY FROM k.game_date)
      < EXTRACT(MONTH FROM k.birth_date) * 100 + EXTRACT(DAY FROM k.birth_date), 1, 0) AS player_age,
  k.player_status,
  CASE
    WHEN k.is_playoffs THEN 'playoffs'
    WHEN DATE_DIFF(k.game_date, fd.first_date, DAY) < 14 THEN 'early'
    ELSE 'regular'
  END AS season_phase,
  props.points_line IS NOT NULL AS has_prop_line,
  props.points_line AS current_points_line,
  props.opening_line AS opening_points_line,
  props.points_line - props.opening_line AS line_movement,
  lines.spread AS game_spread,
  lines.total AS game_total,
  c.expected_games AS expected_games_count,
  c.actual_games AS actual_games_count,
  100 * c.actual_games / NULLIF(c.expected_games, 0) AS completeness_percentage,
  k.roster_source
FROM with_team AS k
JOIN first_dates AS fd ON fd.season_year = k.season_year
LEFT JOIN pace
  ON pace.team_abbr = k.opponent_team_abbr AND ${holdsFor("pace", "k")}
LEFT JOIN defense
  ON defense.defending_team_abbr = k.opponent_team_abbr AND ${holdsFor("defense", "k")}
LEFT JOIN league ON league.game_date = k.game_date
LEFT JOIN rest ON rest.game_id = k.game_id AND rest.team_abbr = k.opponent_team_abbr
LEFT JOIN completeness AS c ON c.game_date = k.game_date AND c.team_abbr = k.team_abbr
LEFT JOIN props ON props.game_date = k.game_date AND props.player_lookup = k.player_lookup
LEFT JOIN lines ON lines.game_id = k.game_id`,
  },
};
