import { columns } from "../../../engine/pipeline/columns";
import { gate, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { inRange } from "../sources/sql";

/**
 * pcf: four composite scores of each player of D, from upgc, utgc, psza and tdza of D.
 * The balanced mismatch is the mean of the three zones weighted by his rates; it is
 * stretched beyond 5 and clamped like the others.
 */
export const playerCompositeFactors: Table = {
  id: "pcf",
  name: "player_composite_factors",
  description: "four composite scores of one player before his team's game",
  dataset: "nba_precompute",
  layer: "precompute",
  warmUpDays: 14,
  due: "beforehand",
  dateColumn: "game_date",
  grain: ["game_date", "player_lookup"],
  inputs: [...["upgc", "utgc", "psza", "tdza"].map((table) => sameDate(table, { hours: [12, 24] })), gate("pgs")],
  expected: {
    words: "one for each row of upgc",
    sql: "SELECT game_date AS d, COUNT(*) AS n FROM roster GROUP BY game_date",
  },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["game_date", "DATE", "US Eastern date"],
    ["game_id", "STRING", "the game of the date"],
    ["fatigue_score", "FLOAT64", "0 (spent) to 100 (fresh)"],
    ["shot_zone_mismatch_score", "FLOAT64", "-10 to 10: how the opponent defends where he shoots from"],
    ["pace_score", "FLOAT64", "-3 to 3: pace_differential / 2"],
    ["usage_spike_score", "FLOAT64", "-3 to 3: 0.3 x (projected - average usage), more with stars out"],
    ["total_composite_adjustment", "FLOAT64", "(fatigue - 100) / 20 + mismatch + pace + usage spike"],
    ["data_completeness_pct", "FLOAT64", "share of five inputs that are there, 0 to 100"],
    ["missing_data_fields", "STRING", "those that are not, by commas; NULL when all are"],
    ["has_warnings", "BOOL", "fatigue below 50 or mismatch beyond 8"],
    ["warning_details", "STRING", "the warnings in words; NULL when there are none"],
  ),
  build: {
    kind: "sql",
    sql: `WITH players AS (
  SELECT
    u.player_lookup, u.game_date, u.game_id, u.days_rest, u.back_to_back, u.games_in_last_7_days,
    u.minutes_in_last_7_days, u.avg_minutes_per_game_last_7, u.back_to_backs_last_14_days, u.player_age,
    u.pace_differential, u.projected_usage_rate, u.avg_usage_rate_last_7_games, u.star_teammates_out,
    p.player_lookup IS NOT NULL AS has_zones, p.primary_scoring_zone,
    p.paint_rate_last_10, p.mid_range_rate_last_10, p.three_pt_rate_last_10,
    d.team_abbr IS NOT NULL AS has_defense,
    d.paint_defense_vs_league_avg, d.mid_range_defense_vs_league_avg, d.three_pt_defense_vs_league_avg
  FROM nba_analytics.upcoming_player_game_context AS u
  JOIN nba_analytics.upcoming_team_game_context AS t
    ON t.game_date = u.game_date AND t.team_abbr = u.team_abbr
  LEFT JOIN nba_precompute.player_shot_zone_analysis AS p
    ON p.analysis_date = u.game_date AND p.player_lookup = u.player_lookup AND ${inRange("p.analysis_date")}
  LEFT JOIN nba_precompute.team_defense_zone_analysis AS d
    ON d.analysis_date = u.game_date AND d.team_abbr = u.opponent_team_abbr AND ${inRange("d.analysis_date")}
  WHERE ${inRange("u.game_date")} AND ${inRange("t.game_date")}
),
mismatch AS (
  SELECT
    *,
    CASE primary_scoring_zone
      WHEN 'paint' THEN paint_defense_vs_league_avg * LEAST(paint_rate_last_10 / 50, 1.0)
      WHEN 'perimeter' THEN three_pt_defense_vs_league_avg * LEAST(three_pt_rate_last_10 / 50, 1.0)
      WHEN 'mid_range' THEN mid_range_defense_vs_league_avg * LEAST(mid_range_rate_last_10 / 50, 1.0)
      WHEN 'balanced' THEN
        (paint_rate_last_10 * paint_defense_vs_league_avg
          + mid_range_rate_last_10 * mid_range_defense_vs_league_avg
          + three_pt_rate_last_10 * three_pt_defense_vs_league_avg)
        / NULLIF(paint_rate_last_10 + mid_range_rate_last_10 + three_pt_rate_last_10, 0)
    END AS raw_mismatch,
    0.3 * (projected_usage_rate - avg_usage_rate_last_7_games) AS raw_usage
  FROM players
),
scores AS (
  SELECT
    *,
    CAST(GREATEST(0, LEAST(100,
      100
      + CASE WHEN back_to_back THEN -15 WHEN days_rest >= 3 THEN 5 ELSE 0 END
      - IF(games_in_last_7_days >= 4, 10, 0)
      - IF(minutes_in_last_7_days > 240, 10, 0)
      - IF(avg_minutes_per_game_last_7 > 35, 8, 0)
      - CASE WHEN back_to_backs_last_14_days >= 2 THEN 12 WHEN back_to_backs_last_14_days = 1 THEN 5 ELSE 0 END
      - CASE WHEN player_age >= 35 THEN 10 WHEN player_age >= 30 THEN 5 ELSE 0 END)) AS FLOAT64) AS fatigue_score,
    COALESCE(GREATEST(-10.0, LEAST(10.0, raw_mismatch * IF(ABS(raw_mismatch) > 5, 1.2, 1.0))), 0.0)
      AS mismatch_score,
    COALESCE(GREATEST(-3.0, LEAST(3.0, pace_differential / 2)), 0.0) AS pace_score,
    COALESCE(GREATEST(-3.0, LEAST(3.0, raw_usage * CASE
      WHEN raw_usage <= 0 OR star_teammates_out = 0 THEN 1.0
      WHEN star_teammates_out = 1 THEN 1.15
      ELSE 1.3
    END)), 0.0) AS usage_score
  FROM mismatch
)
SELECT
  player_lookup,
  game_date,
  game_id,
  fatigue_score,
  mismatch_score AS shot_zone_mismatch_score,
  pace_score,
  usage_score AS usage_spike_score,
  (fatigue_score - 100) / 20 + mismatch_score + pace_score + usage_score AS total_composite_adjustment,
  20.0 * (IF(days_rest IS NOT NULL, 1, 0) + IF(projected_usage_rate IS NOT NULL, 1, 0)
    + IF(pace_differential IS NOT NULL, 1, 0) + IF(has_zones, 1, 0) + IF(has_defense, 1, 0)) AS data_completeness_pct,
  NULLIF(RTRIM(CONCAT(
    IF(days_rest IS NULL, 'days_rest,', ''),
    IF(projected_usage_rate IS NULL, 'projected_usage_rate,', ''),
    IF(pace_differential IS NULL, 'pace_differential,', ''),
    IF(has_zones, '', 'player_shot_zone,'),
    IF(has_defense, '', 'team_defense_zone,')), ','), '') AS missing_data_fields,
  fatigue_score < 50 OR ABS(mismatch_score) > 8 AS has_warnings,
  CASE
    WHEN fatigue_score < 50 AND ABS(mismatch_score) > 8 THEN 'extreme fatigue; extreme shot zone mismatch'
    WHEN fatigue_score < 50 THEN 'extreme fatigue'
    WHEN ABS(mismatch_score) > 8 THEN 'extreme shot zone mismatch'
  END AS warning_details
FROM scores`,
  },
};
