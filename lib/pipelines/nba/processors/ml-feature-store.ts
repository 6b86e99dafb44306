import { columns } from "../../../engine/pipeline/columns";
import { gate, lookback, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import {
  gameWindows,
  holdsFor,
  inRange,
  NEXT_DATE,
  SCHEDULE,
  SEASON_TO_DATE,
  seasonOf,
  TEAM_GAMES,
} from "../sources/sql";
import { SECONDS_PLAYED } from "./parts";
import { playerCompositeFactors } from "./player-composite-factors";

/** One feature: its name, its value (NULL where unknown), what it is then, and where it comes from. */
interface Feature {
  name: string;
  value: string;
  fallback: string;
  /** phase4 or calculated (weight 100), phase3 (75); default (40) where the value is NULL. */
  source: "phase4" | "calculated" | "phase3";
  /** A second choice, from phase 3, where the first is NULL. */
  phase3?: string;
}

const feature = (
  name: string,
  source: Feature["source"],
  fallback: string,
  value: string,
  phase3?: string,
): Feature => ({ name, value, fallback, source, ...(phase3 ? { phase3 } : {}) });

/** The 25 features, in the order of the array. */
const FEATURES: Feature[] = [
  feature("points_avg_last_5", "phase4", "10.0", "c.points_avg_last_5", "u.points_avg_last_5"),
  feature("points_avg_last_10", "phase4", "10.0", "c.points_avg_last_10", "u.points_avg_last_10"),
  feature("points_avg_season", "phase4", "10.0", "c.points_avg_season", "f.points_season"),
  feature("points_std_last_10", "phase4", "5.0", "c.points_std_last_10", "f.points_std_10"),
  feature(
    "games_in_last_7_days",
    "phase4",
    "3.0",
    "CAST(c.games_in_last_7_days AS FLOAT64)",
    "CAST(u.games_in_last_7_days AS FLOAT64)",
  ),
  feature("fatigue_score", "phase4", "50.0", "x.fatigue_score"),
  feature("shot_zone_mismatch_score", "phase4", "0.0", "x.shot_zone_mismatch_score"),
  feature("pace_score", "phase4", "0.0", "x.pace_score"),
  feature("usage_spike_score", "phase4", "0.0", "x.usage_spike_score"),
  feature(
    "rest_advantage",
    "calculated",
    "0.0",
    "CAST(GREATEST(-2, LEAST(2, u.days_rest - u.opponent_days_rest)) AS FLOAT64)",
  ),
  feature(
    "injury_risk",
    "calculated",
    "0.0",
    "CASE WHEN u.player_status IN ('doubtful', 'out') THEN 3.0 WHEN u.player_status = 'questionable' THEN 2.0 WHEN u.player_status = 'probable' THEN 1.0 ELSE 0.0 END",
  ),
  feature(
    "recent_trend",
    "calculated",
    "0.0",
    "CASE WHEN f.trend >= 5 THEN 2.0 WHEN f.trend >= 2 THEN 1.0 WHEN f.trend <= -5 THEN -2.0 WHEN f.trend <= -2 THEN -1.0 WHEN f.trend IS NOT NULL THEN 0.0 END",
  ),
  feature(
    "minutes_change",
    "calculated",
    "0.0",
    "CASE WHEN f.minutes_change >= 0.2 THEN 2.0 WHEN f.minutes_change >= 0.1 THEN 1.0 WHEN f.minutes_change <= -0.2 THEN -2.0 WHEN f.minutes_change <= -0.1 THEN -1.0 WHEN f.minutes_change IS NOT NULL THEN 0.0 END",
  ),
  feature("opponent_def_rating", "phase4", "112.0", "d.defensive_rating_last_15"),
  feature("opponent_pace", "phase4", "100.0", "d.opponent_pace"),
  feature("home_away", "calculated", "0.0", "IF(u.home_game, 1.0, 0.0)"),
  feature("back_to_back", "calculated", "0.0", "IF(u.back_to_back, 1.0, 0.0)"),
  feature("playoff_game", "calculated", "0.0", "IF(u.season_phase = 'playoffs', 1.0, 0.0)"),
  feature("pct_paint", "phase4", "0.3", "p.paint_rate_last_10 / 100"),
  feature("pct_mid_range", "phase4", "0.2", "p.mid_range_rate_last_10 / 100"),
  feature("pct_three", "phase4", "0.35", "p.three_pt_rate_last_10 / 100"),
  feature("pct_free_throw", "calculated", "0.15", "LEAST(0.5, f.free_throw_share)"),
  feature("team_pace_last_10", "phase4", "100.0", "c.team_pace_last_10"),
  feature("team_off_rating_last_10", "phase4", "112.0", "c.team_off_rating_last_10"),
  feature("team_win_pct", "calculated", "0.5", "w.win_pct"),
];

const padded = (index: number) => String(index).padStart(2, "0");

/** Sum of one term for each feature, in groups: one long chain nests too deep for some parsers. */
function sumOf(term: (n: string) => string): string {
  const terms = FEATURES.map((_, index) => term(padded(index)));
  const groups: string[] = [];
  for (let i = 0; i < terms.length; i += 5) groups.push(`(${terms.slice(i, i + 5).join(" + ")})`);
  return groups.join("\n      + ");
}

/**
 * mlfs: 25 features of each player of D for a points model. 0 to 4 come from pdc, else
 * upgc or pgs, else a default; quality is the mean of the sources' weights: phase 4 or
 * calculated 100, phase 3 75, default 40.
 */
export const mlFeatureStore: Table = {
  id: "mlfs",
  name: "ml_feature_store_v2",
  description: "25 features of one player before his team's game",
  dataset: "nba_predictions",
  layer: "precompute",
  warmUpDays: 14,
  due: "beforehand",
  dateColumn: "game_date",
  grain: ["game_date", "player_lookup"],
  inputs: [
    ...["pdc", "pcf", "psza", "tdza"].map((table) => sameDate(table, { hours: [2, 2] })),
    sameDate("upgc", { critical: false, hours: [2, 2] }),
    gate("pgs"),
    // Trend, minutes change and free throws; and 2 and 3 for who is not in pdc.
    lookback("pgs", { kind: "epochToDate" }, { critical: false }),
    lookback("nbac_schedule", { kind: "epochToDate" }),
  ],
  expected: playerCompositeFactors.expected,
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["game_date", "DATE", "US Eastern date"],
    ["game_id", "STRING", "the game of the date"],
    ["features", "ARRAY<FLOAT64>", "25 values in the order of feature_names"],
    ["feature_names", "ARRAY<STRING>", "names of the features"],
    ["feature_sources", "ARRAY<STRING>", "source of each feature: phase4, phase3, calculated or default"],
    ["feature_count", "INT64", "25"],
    ["feature_version", "STRING", "version of the list"],
    ["feature_quality_score", "FLOAT64", "mean weight of the sources, 40 to 100"],
    ["opponent_team_abbr", "STRING", "the other team"],
    ["is_home", "BOOL", "his team plays at home"],
    ["days_rest", "INT64", "as in upgc"],
    ["data_source", "STRING", "phase4 (nothing below it), mixed or default (no source but calculated)"],
  ),
  elements: { features: FEATURES.map((feature) => feature.name) },
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
${TEAM_GAMES},
players AS (
  SELECT *, ${seasonOf("game_date")} AS season_year
  FROM nba_analytics.upcoming_player_game_context
  WHERE ${inRange()}
),
rolled AS (
  SELECT
    player_lookup, season_year, game_date,
    ${NEXT_DATE} OVER in_order AS next_date,
    COUNT(*) OVER so_far AS games,
    SUM(points) OVER so_far AS points_so_far,
    SUM(${SECONDS_PLAYED}) OVER so_far AS seconds_so_far,
    COUNT(*) OVER last_10 AS games_10,
    SUM(points) OVER last_10 AS points_10,
    SUM(points * points) OVER last_10 AS squares_10,
    SUM(${SECONDS_PLAYED}) OVER last_10 AS seconds_10,
    SUM(ft_makes) OVER last_10 AS ft_makes_10,
    SUM(points) OVER last_5 AS points_5,
    SUM(points) OVER last_2 AS points_2
  FROM nba_analytics.player_game_summary
  WHERE ${SEASON_TO_DATE}
  ${gameWindows("player_lookup", 2, 5, 10)}
),
form AS (
  SELECT
    player_lookup, season_year, game_date, next_date,
    points_so_far / games AS points_season,
    SQRT((games_10 * squares_10 - points_10 * points_10) / NULLIF(games_10 * (games_10 - 1), 0)) AS points_std_10,
    IF(games >= 5, points_2 / 2 - (points_5 - points_2) / 3, NULL) AS trend,
    (seconds_10 / games_10 - seconds_so_far / games) / NULLIF(seconds_so_far / games, 0) AS minutes_change,
    IF(games >= 5, ft_makes_10 / NULLIF(points_10, 0), NULL) AS free_throw_share
  FROM rolled
),
final_results AS (
  SELECT team_abbr, season_year, game_date, game_id, IF(own_score > opponent_score, 1, 0) AS won
  FROM team_games
  WHERE game_status = 3 AND own_score IS NOT NULL AND opponent_score IS NOT NULL
),
records AS (
  SELECT
    team_abbr, season_year, game_date,
    ${NEXT_DATE} OVER in_order AS next_date,
    IF(COUNT(*) OVER so_far >= 5, SUM(won) OVER so_far / COUNT(*) OVER so_far, NULL) AS win_pct
  FROM final_results
  ${gameWindows("team_abbr")}
),
candidates AS (
  SELECT
    u.player_lookup, u.game_date, u.game_id, u.opponent_team_abbr, u.home_game, u.days_rest,
${FEATURES.map((feature, index) => `    ${feature.value} AS v${padded(index)}`).join(",\n")},
${FEATURES.flatMap((feature, index) => (feature.phase3 ? [`    ${feature.phase3} AS w${padded(index)}`] : [])).join(",\n")}
  FROM players AS u
  LEFT JOIN nba_precompute.player_daily_cache AS c
    ON c.cache_date = u.game_date AND c.player_lookup = u.player_lookup AND ${inRange("c.cache_date")}
  LEFT JOIN nba_precompute.player_composite_factors AS x
    ON x.game_date = u.game_date AND x.player_lookup = u.player_lookup AND ${inRange("x.game_date")}
  LEFT JOIN nba_precompute.player_shot_zone_analysis AS p
    ON p.analysis_date = u.game_date AND p.player_lookup = u.player_lookup AND ${inRange("p.analysis_date")}
  LEFT JOIN nba_precompute.team_defense_zone_analysis AS d
    ON d.analysis_date = u.game_date AND d.team_abbr = u.opponent_team_abbr AND ${inRange("d.analysis_date")}
  LEFT JOIN form AS f
    ON f.player_lookup = u.player_lookup AND ${holdsFor("f", "u")}
  LEFT JOIN records AS w
    ON w.team_abbr = u.team_abbr AND ${holdsFor("w", "u")}
),
sourced AS (
  SELECT
    *,
${FEATURES.map((feature, index) => {
  const n = padded(index);
  const second = feature.phase3 ? `WHEN w${n} IS NOT NULL THEN 'phase3' ` : "";
  return `    CASE WHEN v${n} IS NOT NULL THEN '${feature.source}' ${second}ELSE 'default' END AS s${n}`;
}).join(",\n")}
  FROM candidates
),
weighed AS (
  SELECT
    *,
    ${sumOf((n) => `CASE s${n} WHEN 'default' THEN 40 WHEN 'phase3' THEN 75 ELSE 100 END`)} AS weight,
    ${sumOf((n) => `IF(s${n} IN ('phase3', 'default'), 1, 0)`)} AS below_phase4,
    ${sumOf((n) => `IF(s${n} = 'phase4', 1, 0)`)} AS from_phase4
  FROM sourced
)
SELECT
  player_lookup,
  game_date,
  game_id,
  [
${FEATURES.map((feature, index) => {
  const n = padded(index);
  return `    COALESCE(v${n}, ${feature.phase3 ? `w${n}, ` : ""}${feature.fallback})`;
}).join(",\n")}
  ] AS features,
  [${FEATURES.map((feature) => `'${feature.name}'`).join(", ")}] AS feature_names,
  [${FEATURES.map((_, index) => `s${padded(index)}`).join(", ")}] AS feature_sources,
  ${FEATURES.length} AS feature_count,
  'v1_${FEATURES.length}' AS feature_version,
  weight / ${FEATURES.length} AS feature_quality_score,
  opponent_team_abbr,
  home_game AS is_home,
  days_rest,
  CASE WHEN below_phase4 = 0 THEN 'phase4' WHEN from_phase4 > 0 THEN 'mixed' ELSE 'default' END AS data_source
FROM weighed`,
  },
};
