import { cell, type Format, LOOKUP, required, withLookups } from "./types";

/** NBA.com's shot charts; attempts are numbered in the file's order. */
export const shotChart: Format = {
  name: "shot chart",
  cells: {
    game_id: required("game_id", "id"),
    game_date: required("game_date", "date"),
    team_abbr: required("team_abbr", "text"),
    player_id: required("player_id", "text"),
    player_name: cell("player_name", "text"),
    shot_value: cell("shot_value", "whole"),
    made: cell("made", "bool"),
    zone: required("zone", "text"),
  },
  rows: { shots: { ...LOOKUP, _player: "player_id" } },
  from: withLookups,
};
