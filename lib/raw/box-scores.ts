import { type Column, columns } from "../columns";
import type { RawTable } from "./types";

/** What is counted of a player or a team in a game. */
export const COUNTS: Column[] = columns(
  ["points", "INT64", "points"],
  ["field_goals_made", "INT64", "field goals made"],
  ["field_goals_attempted", "INT64", "field goals attempted"],
  ["three_pointers_made", "INT64", "three-pointers made"],
  ["three_pointers_attempted", "INT64", "three-pointers attempted"],
  ["free_throws_made", "INT64", "free throws made"],
  ["free_throws_attempted", "INT64", "free throws attempted"],
  ["offensive_rebounds", "INT64", "offensive rebounds"],
  ["defensive_rebounds", "INT64", "defensive rebounds"],
  ["assists", "INT64", "assists"],
  ["steals", "INT64", "steals"],
  ["blocks", "INT64", "blocks"],
  ["turnovers", "INT64", "turnovers"],
  ["personal_fouls", "INT64", "personal fouls"],
);

const OF_PLAYER: Column[] = [
  ...columns(["minutes", "STRING", "time played, MM:SS; NULL or empty when he did not play"]),
  ...COUNTS,
  ...columns(["plus_minus", "INT64", "plus-minus"], ["started", "BOOL", "was in the starting five"]),
];

const KEYS: Column[] = columns(
  ["game_id", "STRING", "NBA.com game id"],
  ["game_date", "DATE", "US Eastern date"],
  ["team_abbr", "STRING", "the player's team"],
  ["player_lookup", "STRING", "player key: the name in lower case, letters and digits only"],
  ["player_name", "STRING", "name as printed"],
);

const REQUIRED = ["game_id", "game_date", "team_abbr", "player_lookup", "minutes", "points"];

/** The official gamebook: every rostered player, those who did not play included. */
export const nbacGamebookPlayerStats: RawTable = {
  name: "nbac_gamebook_player_stats",
  dataset: "nba_raw",
  about: "one row per rostered player and game, those who did not play included",
  dateColumn: "game_date",
  grain: ["game_id", "player_lookup"],
  required: [...REQUIRED, "player_status"],
  columns: [
    ...KEYS,
    ...columns(["player_status", "STRING", "active, dnp or inactive"], ["dnp_reason", "STRING", "why he did not play"]),
    ...OF_PLAYER,
  ],
};

/** The second source, read for a game that the gamebook lacks. */
export const bdlPlayerBoxscores: RawTable = {
  name: "bdl_player_boxscores",
  dataset: "nba_raw",
  about: "second source of player box scores, same facts, no status",
  dateColumn: "game_date",
  grain: ["game_id", "player_lookup"],
  required: REQUIRED,
  columns: [...KEYS, ...OF_PLAYER],
};
