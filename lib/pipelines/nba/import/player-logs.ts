import { LOG, OWN } from "./team-logs";
import { cell, type Format, LOOKUP, optional, required, withLookups } from "./types";

/** nba_api's LeagueGameLog of players, PlayerGameLog and PlayerGameLogs: a line a player and game that he played in. */
export const playerLogs: Format = {
  name: "NBA.com player logs (LeagueGameLog, PlayerGameLogs)",
  cells: {
    ...LOG,
    player_id: required("player_id", "text"),
    player_name: optional("player_name", "text"),
    team: optional("team_abbreviation", "text"),
    minutes: cell("min", "clock"),
    plus_minus: optional("plus_minus", "whole"),
  },
  rows: {
    nbac_gamebook_player_stats: {
      ...LOOKUP,
      team_abbr: `coalesce(team, ${OWN})`,
      player_status: "'active'",
      _player: "player_id",
    },
  },
  from: withLookups,
};
