import { columns } from "../../../engine/pipeline/columns";
import { sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { inRange, oneRowPerGrain, playerBox, SCHEDULE, shotCounts } from "../sources/sql";
import { shootingColumns, shootingOf, zoneColumns, zonesOf } from "./parts";

/**
 * pgs: what each player did in each game of D.
 * Usage%, TS% and eFG% as in Basketball-Reference's glossary; the team's minutes are
 * the sum of its players' seconds.
 */
export const playerGameSummary: Table = {
  id: "pgs",
  name: "player_game_summary",
  description: "what each player who played did in one game",
  dataset: "nba_analytics",
  layer: "analytics",
  dateColumn: "game_date",
  grain: ["game_id", "player_lookup"],
  due: "afterwards",
  inputs: [
    sameDate("nbac_gamebook_player_stats", { hours: [6, 24], invalidates: true }),
    sameDate("bdl_player_boxscores", { critical: false, hours: [4, 12] }),
    sameDate("nbac_schedule"),
    sameDate("shots", { critical: false, hours: [6, 24], invalidates: true }),
    sameDate("odds_player_points_props", { critical: false, hours: [12, 48], invalidates: true }),
  ],
  expected: {
    words: "the players with minutes in the raw box scores; at least 16 for a final game that lacks them",
    countsPossible: true,
    sql: "SELECT game_date AS d, SUM(IF(players < 16, 16, players)) AS n, SUM(players) AS m FROM final_games GROUP BY game_date",
  },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["player_full_name", "STRING", "name as printed"],
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["team_abbr", "STRING", "his team"],
    ["opponent_team_abbr", "STRING", "the other team"],
    ["home_game", "BOOL", "his team played at home"],
    ["season_year", "INT64", "year in which the season began"],
    ["points", "INT64", "PTS"],
    ["minutes_played", "FLOAT64", "minutes, decimal (seconds / 60)"],
    ["assists", "INT64", "AST"],
    ["offensive_rebounds", "INT64", "ORB"],
    ["defensive_rebounds", "INT64", "DRB"],
    ["steals", "INT64", "STL"],
    ["blocks", "INT64", "BLK"],
    ["turnovers", "INT64", "TOV"],
    ...shootingColumns(),
    ["plus_minus", "INT64", "plus-minus"],
    ["personal_fouls", "INT64", "PF"],
    ...zoneColumns(),
    ["assisted_fg_makes", "INT64", "makes with an assist; NULL where the source does not say"],
    ["unassisted_fg_makes", "INT64", "makes without an assist; NULL where the source does not say"],
    ["usage_rate", "FLOAT64", "USG%, 0 to 100"],
    ["ts_pct", "FLOAT64", "TS%, 0 to 1: PTS / (2 (FGA + 0.44 FTA))"],
    ["efg_pct", "FLOAT64", "eFG%, 0 to 1: (FG + 0.5 3P) / FGA"],
    ["starter_flag", "BOOL", "was in the starting five"],
    ["win_flag", "BOOL", "his team won"],
    ["points_line", "FLOAT64", "points line of the date"],
    ["opening_line", "FLOAT64", "points line at opening"],
    ["line_movement", "FLOAT64", "points_line - opening_line"],
    ["over_under_result", "STRING", "OVER, UNDER or PUSH; NULL without a line"],
    ["margin", "FLOAT64", "points - points_line"],
    ["is_active", "BOOL", "he played"],
    ["player_status", "STRING", "status in the gamebook; active where the second source was read"],
    ["data_quality_tier", "STRING", "high: gamebook and shots; medium: one of them; low: neither"],
    ["primary_source_used", "STRING", "raw table that the counts come from"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
final AS (
  SELECT * FROM schedule WHERE game_status = 3 AND ${inRange()}
),
${playerBox("@start_date")},
team AS (
  SELECT
    game_id, team_abbr, SUM(seconds) AS seconds, SUM(points) AS points,
    SUM(field_goals_attempted) AS fga, SUM(free_throws_attempted) AS fta, SUM(turnovers) AS tov
  FROM player_box
  GROUP BY game_id, team_abbr
),
${shotCounts("player_lookup")},
props AS (
  ${oneRowPerGrain("odds_player_points_props")}
)
SELECT
  b.player_lookup,
  b.player_name AS player_full_name,
  b.game_id,
  g.game_date,
  b.team_abbr,
  IF(b.team_abbr = g.home_team_abbr, g.away_team_abbr, g.home_team_abbr) AS opponent_team_abbr,
  b.team_abbr = g.home_team_abbr AS home_game,
  g.season_year,
  b.points,
  b.seconds / 60 AS minutes_played,
  b.assists, b.offensive_rebounds, b.defensive_rebounds, b.steals, b.blocks, b.turnovers,
  ${shootingOf("b")},
  b.plus_minus,
  b.personal_fouls,
  ${zonesOf()},
  IF(sg.knows_assists, COALESCE(s.assisted_makes, 0), NULL) AS assisted_fg_makes,
  IF(sg.knows_assists, COALESCE(s.unassisted_makes, 0), NULL) AS unassisted_fg_makes,
  100 * (b.field_goals_attempted + 0.44 * b.free_throws_attempted + b.turnovers) * (t.seconds / 5)
    / NULLIF(b.seconds * (t.fga + 0.44 * t.fta + t.tov), 0) AS usage_rate,
  b.points / NULLIF(2 * (b.field_goals_attempted + 0.44 * b.free_throws_attempted), 0) AS ts_pct,
  (b.field_goals_made + 0.5 * b.three_pointers_made) / NULLIF(b.field_goals_attempted, 0) AS efg_pct,
  b.started AS starter_flag,
  IF(b.team_abbr = g.home_team_abbr, COALESCE(g.home_team_score, t.points), COALESCE(g.away_team_score, t.points))
    > IF(b.team_abbr = g.home_team_abbr, COALESCE(g.away_team_score, o.points), COALESCE(g.home_team_score, o.points))
    AS win_flag,
  p.points_line,
  p.opening_line,
  p.points_line - p.opening_line AS line_movement,
  CASE
    WHEN b.points > p.points_line THEN 'OVER'
    WHEN b.points < p.points_line THEN 'UNDER'
    WHEN b.points = p.points_line THEN 'PUSH'
  END AS over_under_result,
  b.points - p.points_line AS margin,
  TRUE AS is_active,
  COALESCE(b.player_status, 'active') AS player_status,
  CASE
    WHEN b.source = 'nbac_gamebook' AND sg.game_id IS NOT NULL THEN 'high'
    WHEN b.source = 'nbac_gamebook' OR sg.game_id IS NOT NULL THEN 'medium'
    ELSE 'low'
  END AS data_quality_tier,
  b.source AS primary_source_used
FROM player_box AS b
JOIN final AS g ON g.game_id = b.game_id AND g.game_date = b.game_date
JOIN team AS t ON t.game_id = b.game_id AND t.team_abbr = b.team_abbr
LEFT JOIN team AS o
  ON o.game_id = b.game_id
  AND o.team_abbr = IF(b.team_abbr = g.home_team_abbr, g.away_team_abbr, g.home_team_abbr)
LEFT JOIN shot_games AS sg ON sg.game_id = b.game_id
LEFT JOIN shot_counts AS s ON s.game_id = b.game_id AND s.player_lookup = b.player_lookup
LEFT JOIN props AS p ON p.game_date = b.game_date AND p.player_lookup = b.player_lookup
WHERE b.seconds > 0`,
  },
};
