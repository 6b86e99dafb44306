import { COUNTS } from "@/lib/pipelines/nba/sources";
import { LATE_DATES } from "../season";
import type { Reader } from "./readers";

/** One cell of a line: the header of its column, in small letters, and how it is read. */
export interface Cell {
  from: string;
  read: Reader;
  /** A line without it is bad. */
  isRequired?: boolean;
  /** A file without the column is of the format too. */
  isOptional?: boolean;
}

/** A kind of file that import understands. It is known by the columns that it needs. */
export interface Format {
  name: string;
  cells: Record<string, Cell>;
  /** Rows that one line gives, by raw table: columns of the names of cells are theirs; others are SQL (DuckDB's) over cells. */
  rows: Record<string, Record<string, string>>;
  /** Cells `player_name` and `player_id` make the player's key. */
  namesPlayers?: boolean;
  /** Every player of a game is there: the teams' box scores are their sums. */
  hasWholeGames?: boolean;
  /** A line is one side of a game: the schedule's row is made of both. */
  hasSides?: boolean;
  /** Lines know their game's date by the schedule alone. */
  lacksDates?: boolean;
}

export const required = (from: string, read: Reader): Cell => ({ from, read, isRequired: true });
export const optional = (from: string, read: Reader): Cell => ({ from, read, isOptional: true });
export const cell = (from: string, read: Reader): Cell => ({ from, read });

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
