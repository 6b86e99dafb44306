import { COUNTS } from "../sources";
import { ARENAS } from "../teams";
import { IS_OTHER_GAME, SEASON } from "./types";

const MAX_MINUTES = 80;

const BOX_TABLES = ["nbac_gamebook_player_stats", "bdl_player_boxscores", "nbac_team_boxscore"];
export const PLAYER_TABLES: readonly string[] = ["nbac_gamebook_player_stats", "bdl_player_boxscores"];
const KINDS = ["field_goals", "three_pointers", "free_throws"];

/** A rule of a raw table's rows: SQL (DuckDB's) of the fault in words, NULL where there is none; null for a table that it says nothing of. */
interface Rule {
  rule: string;
  tables?: readonly string[];
  fault: (table: string, columns: readonly string[]) => string | null;
}

/** Abbreviations with the seasons in which they were used: one relation, as a branch for each takes longer to plan than to run. */
const KNOWN_TEAMS = `(VALUES ${ARENAS.map(({ abbr, first, last }) => `('${abbr}', ${first}, ${last})`).join(", ")}) AS known(abbr, first, last)`;

/** A team's abbreviation was used in the season of `game_date`; of rows without that date, in any. */
const isKnown = (team: string, hasDate: boolean) =>
  `EXISTS (SELECT 1 FROM ${KNOWN_TEAMS} WHERE abbr = ${team}${hasDate ? ` AND (${SEASON} BETWEEN first AND last) IS NOT FALSE` : ""})`;

export const RULES: readonly Rule[] = [
  {
    rule: `minutes are 0 to ${MAX_MINUTES}`,
    tables: PLAYER_TABLES,
    fault: () => `CASE WHEN fc_seconds(minutes) > ${MAX_MINUTES * 60} THEN minutes END`,
  },
  {
    rule: "who scores or shoots has minutes",
    tables: PLAYER_TABLES,
    fault: () =>
      "CASE WHEN fc_seconds(minutes) = 0 AND greatest(points, field_goals_attempted, free_throws_attempted) > 0 THEN coalesce(points, 0) || ' points in ' || minutes END",
  },
  {
    rule: "points are 2 FG + 3P + FT",
    tables: BOX_TABLES,
    fault: () => {
      const sum = "(2 * field_goals_made + three_pointers_made + free_throws_made)";
      return `CASE WHEN points <> ${sum} THEN points || ' for ' || ${sum} END`;
    },
  },
  {
    rule: "makes are at most attempts, and nothing is below zero",
    tables: BOX_TABLES,
    fault: () =>
      `CASE ${KINDS.map((kind) => `WHEN ${kind}_made > ${kind}_attempted THEN '${kind} ' || ${kind}_made || ' of ' || ${kind}_attempted`).join(" ")}
       ${COUNTS.map(([column]) => `WHEN ${column} < 0 THEN '${column} ' || ${column}`).join(" ")} END`,
  },
  {
    rule: "teams are known",
    fault: (table, columns) => {
      const teams = table.startsWith("odds_")
        ? []
        : ["team_abbr", "home_team_abbr", "away_team_abbr"].filter((name) => columns.includes(name));
      return teams.length === 0
        ? null
        : `CASE ${columns.includes("game_id") ? `WHEN ${IS_OTHER_GAME} THEN NULL` : ""} ${teams.map((name) => `WHEN NOT ${isKnown(name, columns.includes("game_date"))} THEN ${name}`).join(" ")} END`;
    },
  },
  {
    rule: "dates are within their season",
    fault: (_table, columns) => {
      if (!columns.includes("game_date")) return null;
      const season = columns.includes("season_year")
        ? `WHEN season_year <> ${SEASON} AND NOT ${IS_OTHER_GAME} THEN game_date || ' in season ' || season_year`
        : "";
      return `CASE WHEN game_date < DATE '1946-10-01' THEN CAST(game_date AS VARCHAR) ${season} END`;
    },
  },
];

/** Teams whose points or attempts are not the sum of their players', where both are in the files. */
export const TEAM_SUMS = `SELECT NULL AS _id, game_id || ' ' || team_abbr AS key,
    CASE WHEN t.points IS DISTINCT FROM p.points THEN 'points ' || coalesce(CAST(t.points AS VARCHAR), 'NULL') || ', its players'' ' || p.points
      ELSE 'attempts ' || coalesce(CAST(t.field_goals_attempted AS VARCHAR), 'NULL') || ', its players'' ' || p.attempts END AS fault
  FROM final_nbac_team_boxscore AS t
  JOIN (SELECT game_id, team_abbr, coalesce(sum(points), 0) AS points, coalesce(sum(field_goals_attempted), 0) AS attempts
    FROM final_nbac_gamebook_player_stats GROUP BY ALL) AS p USING (game_id, team_abbr)
  WHERE t.points IS DISTINCT FROM p.points OR t.field_goals_attempted IS DISTINCT FROM p.attempts`;
