import type { Cell } from "../../../engine/import/importer";
import type { READERS } from "../../../engine/import/readers";
import { playerLookupSql } from "../names";
import { LATE_DATES } from "../season";
import { COUNTS } from "../sources";
import type { READERS as OWN_READERS } from "./readers";

export type { Format } from "../../../engine/import/importer";

type Read = keyof typeof READERS | keyof typeof OWN_READERS;

export const required = (from: string, read: Read): Cell => ({ from, read, isRequired: true });
export const optional = (from: string, read: Read): Cell => ({ from, read, isOptional: true });
export const cell = (from: string, read: Read): Cell => ({ from, read });

/** Columns that rows have until they are written: the player's number, and whether his whole game is in the file. */
export const HELPERS = { _player: "VARCHAR", _whole: "BOOLEAN" };

/** A format's lines with `_lookup`, the key of a player's name; a season's lines name each many times. */
export const withLookups = (lines: string, name = "player_name"): string =>
  `${lines} LEFT JOIN (SELECT name, nullif(${playerLookupSql("name")}, '') AS _lookup FROM (SELECT DISTINCT ${name} AS name FROM ${lines})) ON name = ${name}`;

/** The key of a player of these lines. */
export const LOOKUP = { player_lookup: "coalesce(_lookup, 'player' || player_id)" };

/** Lines that do not say their games' dates, with those that are known: `_date` and `_home`. */
export const withDates = (lines: string): string => `${lines} LEFT JOIN known_games USING (game_id)`;
export const DATES = { game_date: "_date", is_home: "_home = team_abbr" };

/** Counts of a box score: the raw tables' columns, as NBA.com's own tables call them. */
export const NBA_COUNTS = {
  points: "pts",
  field_goals_made: "fgm",
  field_goals_attempted: "fga",
  three_pointers_made: "fg3m",
  three_pointers_attempted: "fg3a",
  free_throws_made: "ftm",
  free_throws_attempted: "fta",
  offensive_rebounds: "oreb",
  defensive_rebounds: "dreb",
  assists: "ast",
  steals: "stl",
  blocks: "blk",
  turnovers: "tov",
  personal_fouls: "pf",
};

/** The same by the names that a file has for them. */
export const countsAs = (nameOf: (column: string) => string): Record<string, string> =>
  Object.fromEntries(COUNTS.map(([column]) => [column, nameOf(column)]));

/** Cells of whole numbers, by the columns that they go to. */
export const counts = (names: Record<string, string>): Record<string, Cell> =>
  Object.fromEntries(Object.entries(names).map(([name, from]) => [name, cell(from, "whole")]));

/** The season of `game_date` (DuckDB's SQL), as seasonYear says it. */
export const SEASON = `(year(game_date - INTERVAL 9 MONTH)
  - CAST(game_date BETWEEN DATE '${LATE_DATES.first}' AND DATE '${LATE_DATES.last}' AS INTEGER))`;

/** A game of preseason or an All-Star game, by its `game_id`: the rules of teams and seasons do not hold for it. */
export const IS_OTHER_GAME = "regexp_full_match(game_id, '00[13][0-9]{2}0[0-9]{4}')";

/** The season of `game_date`, which preseason begins before October, and what kind of game a `game_id` is. */
export const GAME_KIND = {
  season_year: `${SEASON} + CAST(starts_with(game_id, '001') AND month(game_date) = 9 AS INTEGER)`,
  is_regular_season: "starts_with(game_id, '002')",
  is_playoffs: "starts_with(game_id, '004')",
  is_all_star: "starts_with(game_id, '003')",
};

/** 240 minutes and 25 more an overtime, from any count of a team's near it, or of its game's. */
export const gameMinutes = (minutes: string) =>
  `240 + 25 * greatest(0, CAST(round(((CASE WHEN ${minutes} < 100 THEN 5 * ${minutes} ELSE ${minutes} END) - 240) / 25.0) AS BIGINT))`;
