import { columns } from "../../../engine/pipeline/columns";
import { sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { oneRowPerGrain, SCHEDULE, shotCounts } from "../sources/sql";
import { ofShots, shootingColumns, shootingOf, zoneColumns, zonesOf } from "./parts";

/** togs: what each team did in each game of D. Possessions = FGA - ORB + TOV + 0.44 FTA. */
export const teamOffenseGameSummary: Table = {
  id: "togs",
  name: "team_offense_game_summary",
  description: "what one team did in one game",
  dataset: "nba_analytics",
  layer: "analytics",
  dateColumn: "game_date",
  grain: ["game_id", "team_abbr"],
  due: "afterwards",
  inputs: [
    sameDate("nbac_team_boxscore", { hours: [24, 72], invalidates: true }),
    sameDate("nbac_schedule"),
    sameDate("shots", { critical: false, hours: [24, 72], invalidates: true }),
    // Only for players_inactive.
    sameDate("nbac_gamebook_player_stats", { critical: false }),
  ],
  expected: {
    words: "two for every final game",
    countsPossible: true,
    sql: "SELECT game_date AS d, 2 * COUNT(*) AS n, 2 * COUNTIF(sides = 2) AS m FROM final_games GROUP BY game_date",
  },
  columns: columns(
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["team_abbr", "STRING", "the team"],
    ["opponent_team_abbr", "STRING", "the other team"],
    ["season_year", "INT64", "year in which the season began"],
    ["points_scored", "INT64", "PTS"],
    ...shootingColumns(),
    ["rebounds", "INT64", "TRB: offensive and defensive"],
    ["assists", "INT64", "AST"],
    ["turnovers", "INT64", "TOV"],
    ["personal_fouls", "INT64", "PF"],
    ...zoneColumns("team_"),
    ["points_in_paint_scored", "INT64", "2 x makes in the paint; NULL without shots"],
    ["offensive_rating", "FLOAT64", "100 x points / possessions"],
    ["pace", "FLOAT64", "possessions a team in 48 minutes"],
    ["possessions", "FLOAT64", "FGA - ORB + TOV + 0.44 FTA"],
    ["ts_pct", "FLOAT64", "TS%, 0 to 1"],
    ["home_game", "BOOL", "played at home"],
    ["win_flag", "BOOL", "won"],
    ["margin_of_victory", "INT64", "own points - opponent's points"],
    ["overtime_periods", "INT64", "(minutes - 240) / 25"],
    ["players_inactive", "INT64", "players whom the gamebook lists as inactive; NULL without a gamebook"],
    ["shot_zones_available", "BOOL", "the game has shots"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
box AS (
  ${oneRowPerGrain("nbac_team_boxscore")}
),
${shotCounts("team_abbr")},
gamebook AS (
  ${oneRowPerGrain("nbac_gamebook_player_stats")}
),
inactive AS (
  SELECT game_id, team_abbr, COUNTIF(player_status = 'inactive') AS players
  FROM gamebook
  GROUP BY game_id, team_abbr
),
sides AS (
  SELECT
    b.*,
    b.field_goals_attempted - b.offensive_rebounds + b.turnovers + 0.44 * b.free_throws_attempted AS own_possessions,
    o.field_goals_attempted - o.offensive_rebounds + o.turnovers + 0.44 * o.free_throws_attempted
      AS opponent_possessions,
    o.points AS opponent_points
  FROM box AS b
  LEFT JOIN box AS o ON o.game_id = b.game_id AND o.team_abbr <> b.team_abbr
)
SELECT
  b.game_id,
  g.game_date,
  b.team_abbr,
  IF(b.team_abbr = g.home_team_abbr, g.away_team_abbr, g.home_team_abbr) AS opponent_team_abbr,
  g.season_year,
  b.points AS points_scored,
  ${shootingOf("b")},
  b.offensive_rebounds + b.defensive_rebounds AS rebounds,
  b.assists,
  b.turnovers,
  b.personal_fouls,
  ${zonesOf("team_")},
  2 * ${ofShots("paint_makes")} AS points_in_paint_scored,
  100 * b.points / NULLIF(b.own_possessions, 0) AS offensive_rating,
  48 * ((b.own_possessions + b.opponent_possessions) / 2) / NULLIF(b.minutes / 5, 0) AS pace,
  b.own_possessions AS possessions,
  b.points / NULLIF(2 * (b.field_goals_attempted + 0.44 * b.free_throws_attempted), 0) AS ts_pct,
  b.team_abbr = g.home_team_abbr AS home_game,
  b.points > b.opponent_points AS win_flag,
  b.points - b.opponent_points AS margin_of_victory,
  CAST(FLOOR((b.minutes - 240) / 25) AS INT64) AS overtime_periods,
  i.players AS players_inactive,
  sg.game_id IS NOT NULL AS shot_zones_available
FROM sides AS b
JOIN schedule AS g ON g.game_id = b.game_id AND g.game_date = b.game_date AND g.game_status = 3
LEFT JOIN shot_games AS sg ON sg.game_id = b.game_id
LEFT JOIN shot_counts AS s ON s.game_id = b.game_id AND s.team_abbr = b.team_abbr
LEFT JOIN inactive AS i ON i.game_id = b.game_id AND i.team_abbr = b.team_abbr`,
  },
};
