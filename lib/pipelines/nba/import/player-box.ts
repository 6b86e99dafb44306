import { cell, countsAs, type Format, LOOKUP, optional, required, withLookups } from "./types";

/** Counts of a box score: the raw table's columns, by their names in such a file. */
export const BOX_COUNTS = countsAs((column) =>
  column.replace("field_goals", "fg").replace("three_pointers", "three_pt").replace("free_throws", "ft"),
);

/** Player box scores of whole games, a line a player. */
export const playerBox: Format = {
  name: "player box scores",
  cells: {
    game_id: required("game_id", "id"),
    game_date: required("game_date", "date"),
    team_abbr: required("team_abbr", "text"),
    player_id: required("player_id", "text"),
    player_name: cell("player_name", "text"),
    minutes: cell("minutes", "clock"),
    ...Object.fromEntries(Object.entries(BOX_COUNTS).map(([name, from]) => [name, optional(from, "whole")])),
    field_goals_made: cell("fg_made", "whole"),
    field_goals_attempted: cell("fg_attempted", "whole"),
    plus_minus: optional("plus_minus", "whole"),
  },
  rows: {
    nbac_gamebook_player_stats: {
      ...LOOKUP,
      player_status: "CASE WHEN minutes IS NULL THEN 'dnp' ELSE 'active' END",
      _player: "player_id",
      _whole: "true",
    },
  },
  from: withLookups,
};
