import type { ColumnRow } from "../../../engine/pipeline/columns";
import { gameWindows, meanOver, NEXT_DATE, SEASON_TO_DATE } from "../sources/sql";

/** Shots of a box score: their columns here, in the raw tables, and in short. */
const SHOOTING = [
  ["fg_attempts", "field_goals_attempted", "FGA"],
  ["fg_makes", "field_goals_made", "FG"],
  ["three_pt_attempts", "three_pointers_attempted", "3PA"],
  ["three_pt_makes", "three_pointers_made", "3P"],
  ["ft_attempts", "free_throws_attempted", "FTA"],
  ["ft_makes", "free_throws_made", "FT"],
] as const;
/** Shots by zone, of shot_counts. */
const ZONES = [
  ["paint_attempts", "attempts in the paint, restricted area included"],
  ["paint_makes", "makes in the paint"],
  ["mid_range_attempts", "mid-range attempts"],
  ["mid_range_makes", "mid-range makes"],
] as const;

export const shootingColumns = (prefix = "", whose = ""): ColumnRow[] =>
  SHOOTING.map(([name, , short]) => [`${prefix}${name}`, "INT64", `${whose}${short}`]);

/** The values of shootingColumns, from a box score. */
export const shootingOf = (box: string, prefix = ""): string =>
  SHOOTING.map(([name, raw]) => `${box}.${raw} AS ${prefix}${name}`).join(",\n  ");

export const zoneColumns = (prefix = "", whose = ""): ColumnRow[] =>
  ZONES.map(([name, meaning]) => [`${prefix}${name}`, "INT64", `${whose}${meaning}; NULL without shots`]);

/** The values of zoneColumns. */
export const zonesOf = (prefix = ""): string =>
  ZONES.map(([name]) => `${ofShots(name)} AS ${prefix}${name}`).join(",\n  ");

/** A count of shot_counts (`s`): 0 for who has no shot, NULL where the game has none (`sg`). */
export const ofShots = (count: string): string => `IF(sg.game_id IS NULL, NULL, COALESCE(s.${count}, 0))`;

/** Of pgs, as an integer: sums of them have no order. */
export const SECONDS_PLAYED = "CAST(ROUND(minutes_played * 60) AS INT64)";

/** `name`: means of rates (as RATE_10) over each team's last 10 games in a table, which hold until its next game. */
export const lastTenGames = (name: string, table: string, team: string, ...rates: string[]): string => `${name} AS (
  SELECT
    ${team}, season_year, game_date,
    ${NEXT_DATE} OVER in_order AS next_date,
    ${rates.map((rate) => `${meanOver("last_10", rate)} AS ${rate}_10`).join(",\n    ")}
  FROM nba_analytics.${table}
  WHERE ${SEASON_TO_DATE}
  ${gameWindows(team, 10)}
)`;
