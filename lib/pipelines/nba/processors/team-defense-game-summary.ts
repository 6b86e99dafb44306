import { columns } from "../../../engine/pipeline/columns";
import { sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { oneRowPerGrain, playerBox, SCHEDULE, shotCounts } from "../sources/sql";
import { ofShots, shootingColumns, shootingOf, zoneColumns, zonesOf } from "./parts";
import { teamOffenseGameSummary } from "./team-offense-game-summary";

/** tdgs: what each team allowed in each game of D; the opponent's counts are opp_*. */
export const teamDefenseGameSummary: Table = {
  id: "tdgs",
  name: "team_defense_game_summary",
  description: "what one team allowed in one game",
  dataset: "nba_analytics",
  layer: "analytics",
  dateColumn: "game_date",
  grain: ["game_id", "defending_team_abbr"],
  due: "afterwards",
  inputs: [
    sameDate("nbac_team_boxscore", { hours: [24, 72], invalidates: true }),
    sameDate("nbac_schedule"),
    // Steals, blocks and defensive rebounds where the team box score lacks them.
    sameDate("nbac_gamebook_player_stats", { critical: false, hours: [24, 72] }),
    sameDate("bdl_player_boxscores", { critical: false }),
    sameDate("shots", { critical: false, hours: [24, 72], invalidates: true }),
  ],
  expected: teamOffenseGameSummary.expected,
  columns: columns(
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["defending_team_abbr", "STRING", "the team that defends"],
    ["opponent_team_abbr", "STRING", "the team that attacks"],
    ["season_year", "INT64", "year in which the season began"],
    ["points_allowed", "INT64", "opponent's PTS"],
    ...shootingColumns("opp_", "opponent's "),
    ["opp_rebounds", "INT64", "opponent's TRB"],
    ["opp_assists", "INT64", "opponent's AST"],
    ["turnovers_forced", "INT64", "opponent's TOV"],
    ["fouls_committed", "INT64", "own PF"],
    ...zoneColumns("opp_", "opponent's "),
    ["points_in_paint_allowed", "INT64", "2 x opponent's makes in the paint; NULL without shots"],
    ["mid_range_points_allowed", "INT64", "2 x opponent's mid-range makes; NULL without shots"],
    ["three_pt_points_allowed", "INT64", "3 x opponent's 3P"],
    ["blocks_paint", "INT64", "blocked shots in the paint; NULL without shots"],
    ["blocks_mid_range", "INT64", "blocked mid-range shots; NULL without shots"],
    ["blocks_three_pt", "INT64", "blocked three-pointers; NULL without shots"],
    ["blocks", "INT64", "own BLK"],
    ["steals", "INT64", "own STL"],
    ["defensive_rebounds", "INT64", "own DRB"],
    ["defensive_rating", "FLOAT64", "100 x points allowed / opponent's possessions"],
    ["opponent_pace", "FLOAT64", "pace of the game: possessions a team in 48 minutes"],
    ["opponent_ts_pct", "FLOAT64", "opponent's TS%, 0 to 1"],
    ["home_game", "BOOL", "the defending team played at home"],
    ["win_flag", "BOOL", "the defending team won"],
    ["margin_of_victory", "INT64", "own points - opponent's points"],
    ["overtime_periods", "INT64", "(minutes - 240) / 25"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
box AS (
  ${oneRowPerGrain("nbac_team_boxscore")}
),
${playerBox("@start_date")},
own_players AS (
  SELECT
    game_id, team_abbr, SUM(steals) AS steals, SUM(blocks) AS blocks, SUM(defensive_rebounds) AS defensive_rebounds
  FROM player_box
  GROUP BY game_id, team_abbr
),
${shotCounts("team_abbr")},
sides AS (
  SELECT
    o.*,
    IF(o.team_abbr = g.home_team_abbr, g.away_team_abbr, g.home_team_abbr) AS defending_team_abbr,
    o.team_abbr <> g.home_team_abbr AS home_game,
    g.season_year,
    o.field_goals_attempted - o.offensive_rebounds + o.turnovers + 0.44 * o.free_throws_attempted AS opp_possessions
  FROM box AS o
  JOIN schedule AS g ON g.game_id = o.game_id AND g.game_date = o.game_date AND g.game_status = 3
)
SELECT
  o.game_id,
  o.game_date,
  o.defending_team_abbr,
  o.team_abbr AS opponent_team_abbr,
  o.season_year,
  o.points AS points_allowed,
  ${shootingOf("o", "opp_")},
  o.offensive_rebounds + o.defensive_rebounds AS opp_rebounds,
  o.assists AS opp_assists,
  o.turnovers AS turnovers_forced,
  d.personal_fouls AS fouls_committed,
  ${zonesOf("opp_")},
  2 * ${ofShots("paint_makes")} AS points_in_paint_allowed,
  2 * ${ofShots("mid_range_makes")} AS mid_range_points_allowed,
  3 * o.three_pointers_made AS three_pt_points_allowed,
  ${ofShots("blocks_paint")} AS blocks_paint,
  ${ofShots("blocks_mid_range")} AS blocks_mid_range,
  ${ofShots("blocks_three_pt")} AS blocks_three_pt,
  COALESCE(d.blocks, p.blocks) AS blocks,
  COALESCE(d.steals, p.steals) AS steals,
  COALESCE(d.defensive_rebounds, p.defensive_rebounds) AS defensive_rebounds,
  100 * o.points / NULLIF(o.opp_possessions, 0) AS defensive_rating,
  48 * ((o.opp_possessions + (d.field_goals_attempted - d.offensive_rebounds + d.turnovers
    + 0.44 * d.free_throws_attempted)) / 2) / NULLIF(o.minutes / 5, 0) AS opponent_pace,
  o.points / NULLIF(2 * (o.field_goals_attempted + 0.44 * o.free_throws_attempted), 0) AS opponent_ts_pct,
  o.home_game,
  d.points > o.points AS win_flag,
  d.points - o.points AS margin_of_victory,
  CAST(FLOOR((o.minutes - 240) / 25) AS INT64) AS overtime_periods
FROM sides AS o
LEFT JOIN box AS d ON d.game_id = o.game_id AND d.team_abbr = o.defending_team_abbr
LEFT JOIN own_players AS p ON p.game_id = o.game_id AND p.team_abbr = o.defending_team_abbr
LEFT JOIN shot_games AS sg ON sg.game_id = o.game_id
LEFT JOIN shot_counts AS s ON s.game_id = o.game_id AND s.team_abbr = o.team_abbr`,
  },
};
