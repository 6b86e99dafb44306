import { columns } from "../../../engine/pipeline/columns";
import { lookback, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { GAME_DATES, gameWindows, holdsFor, meanOver, NEXT_DATE, SCHEDULE, SEASON_TO_DATE } from "../sources/sql";

const ZONES = ["paint", "mid_range", "three_pt"] as const;
const VS_LEAGUE = ZONES.map((zone) => `${zone}_vs_league`).join(", ");
const zoneThatIs = (extreme: "LEAST" | "GREATEST") =>
  `CASE ${extreme}(${VS_LEAGUE}) ${ZONES.map((zone) => `WHEN ${zone}_vs_league THEN '${zone}'`).join(" ")} END`;

/**
 * tdza: how each team defended each zone over its last 15 games before D, against the
 * league: the mean of teams' percentages over the last 30 days, teams with at least 10 games then.
 * Strongest and weakest zone are by that difference; NULL unless all three are known.
 */
export const teamDefenseZoneAnalysis: Table = {
  id: "tdza",
  name: "team_defense_zone_analysis",
  description: "how one team defended each zone before the date",
  dataset: "nba_precompute",
  layer: "precompute",
  warmUpDays: 14,
  due: "beforehand",
  dateColumn: "analysis_date",
  grain: ["analysis_date", "team_abbr"],
  offCalendar: true,
  inputs: [
    sameDate("nbac_schedule"),
    lookback("tdgs", { kind: "units", units: 15, of: "all" }, { hours: [72, 168] }),
    lookback("tdgs", { kind: "days", days: 30 }),
  ],
  expected: {
    words: "the teams with a box score of the season before the date",
    sql: "SELECT game_date AS d, teams AS n FROM teams_before",
  },
  columns: columns(
    ["team_abbr", "STRING", "the team that defends"],
    ["analysis_date", "DATE", "date D; only games before it count"],
    ["paint_pct_allowed_last_15", "FLOAT64", "opponents' makes / attempts in the paint, 0 to 1; NULL without shots"],
    ["paint_attempts_allowed_per_game", "FLOAT64", "opponents' attempts in the paint a game"],
    ["paint_points_allowed_per_game", "FLOAT64", "points allowed in the paint a game"],
    ["paint_blocks_per_game", "FLOAT64", "blocked shots in the paint a game"],
    ["paint_defense_vs_league_avg", "FLOAT64", "100 x (pct allowed - league), percentage points"],
    ["mid_range_pct_allowed_last_15", "FLOAT64", "the same from mid-range"],
    ["mid_range_attempts_allowed_per_game", "FLOAT64", "opponents' mid-range attempts a game"],
    ["mid_range_points_allowed_per_game", "FLOAT64", "points allowed from mid-range a game"],
    ["mid_range_blocks_per_game", "FLOAT64", "blocked mid-range shots a game"],
    ["mid_range_defense_vs_league_avg", "FLOAT64", "100 x (pct allowed - league), percentage points"],
    ["three_pt_pct_allowed_last_15", "FLOAT64", "opponents' 3P / 3PA, 0 to 1"],
    ["three_pt_attempts_allowed_per_game", "FLOAT64", "opponents' 3PA a game"],
    ["three_pt_points_allowed_per_game", "FLOAT64", "points allowed from three a game"],
    ["three_pt_blocks_per_game", "FLOAT64", "blocked three-pointers a game; NULL without shots"],
    ["three_pt_defense_vs_league_avg", "FLOAT64", "100 x (pct allowed - league), percentage points"],
    ["defensive_rating_last_15", "FLOAT64", "mean defensive rating of the last 15 games"],
    ["opponent_points_per_game", "FLOAT64", "points allowed a game"],
    ["opponent_pace", "FLOAT64", "mean pace of the last 15 games"],
    ["games_in_sample", "INT64", "games counted, at most 15"],
    ["strongest_zone", "STRING", "zone with the lowest difference to the league"],
    ["weakest_zone", "STRING", "zone with the highest difference to the league"],
    ["data_quality_tier", "STRING", "high (15 games), medium (10) or low"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
${GAME_DATES},
facts AS (
  SELECT
    defending_team_abbr AS team_abbr, season_year, game_date, game_id, points_allowed,
    opp_paint_attempts AS paint_attempts, opp_paint_makes AS paint_makes,
    opp_mid_range_attempts AS mid_range_attempts, opp_mid_range_makes AS mid_range_makes,
    opp_three_pt_attempts AS three_pt_attempts, opp_three_pt_makes AS three_pt_makes,
    points_in_paint_allowed AS paint_points, mid_range_points_allowed AS mid_range_points,
    three_pt_points_allowed AS three_pt_points,
    blocks_paint AS paint_blocks, blocks_mid_range AS mid_range_blocks, blocks_three_pt AS three_pt_blocks,
    defensive_rating, opponent_pace
  FROM nba_analytics.team_defense_game_summary
  WHERE ${SEASON_TO_DATE}
),
rolled AS (
  SELECT
    team_abbr, season_year, game_date,
    ${NEXT_DATE} OVER in_order AS next_date,
    COUNT(*) OVER last_15 AS games,
    SUM(points_allowed) OVER last_15 / COUNT(*) OVER last_15 AS points_per_game,
    ${meanOver("last_15", "defensive_rating")} AS rating,
    ${meanOver("last_15", "opponent_pace")} AS pace,
${ZONES.map(
  (zone) => `    SUM(${zone}_makes) OVER last_15 / NULLIF(SUM(${zone}_attempts) OVER last_15, 0) AS ${zone}_pct,
    SUM(${zone}_attempts) OVER last_15 / NULLIF(COUNT(${zone}_attempts) OVER last_15, 0) AS ${zone}_attempts,
    SUM(${zone}_points) OVER last_15 / NULLIF(COUNT(${zone}_points) OVER last_15, 0) AS ${zone}_points,
    SUM(${zone}_blocks) OVER last_15 / NULLIF(COUNT(${zone}_blocks) OVER last_15, 0) AS ${zone}_blocks`,
).join(",\n")}
  FROM facts
  ${gameWindows("team_abbr", 15)}
),
league_teams AS (
  SELECT
    d.game_date, f.team_abbr,
${ZONES.map(
  (zone) =>
    `    CAST(ROUND(SUM(f.${zone}_makes) / NULLIF(SUM(f.${zone}_attempts), 0) * 1e12) AS INT64) AS ${zone}_pct_e12`,
).join(",\n")}
  FROM dates AS d
  JOIN facts AS f
    ON f.season_year = d.season_year
    AND f.game_date >= DATE_SUB(d.game_date, INTERVAL 30 DAY) AND f.game_date < d.game_date
  GROUP BY d.game_date, f.team_abbr
  HAVING COUNT(*) >= 10
),
league AS (
  SELECT
    game_date,
${ZONES.map((zone) => `    SUM(${zone}_pct_e12) / NULLIF(COUNT(${zone}_pct_e12), 0) / 1e12 AS ${zone}_pct`).join(",\n")}
  FROM league_teams
  GROUP BY game_date
),
compared AS (
  SELECT
    d.game_date AS analysis_date, r.*,
${ZONES.map((zone) => `    100 * (r.${zone}_pct - l.${zone}_pct) AS ${zone}_vs_league`).join(",\n")}
  FROM dates AS d
  JOIN rolled AS r ON ${holdsFor("r", "d")}
  LEFT JOIN league AS l ON l.game_date = d.game_date
)
SELECT
  team_abbr,
  analysis_date,
${ZONES.map(
  (zone) => `  ${zone}_pct AS ${zone}_pct_allowed_last_15,
  ${zone}_attempts AS ${zone}_attempts_allowed_per_game,
  ${zone}_points AS ${zone}_points_allowed_per_game,
  ${zone}_blocks AS ${zone}_blocks_per_game,
  ${zone}_vs_league AS ${zone}_defense_vs_league_avg`,
).join(",\n")},
  rating AS defensive_rating_last_15,
  points_per_game AS opponent_points_per_game,
  pace AS opponent_pace,
  games AS games_in_sample,
  ${zoneThatIs("LEAST")} AS strongest_zone,
  ${zoneThatIs("GREATEST")} AS weakest_zone,
  CASE WHEN games >= 15 THEN 'high' WHEN games >= 10 THEN 'medium' ELSE 'low' END AS data_quality_tier
FROM compared`,
  },
};
