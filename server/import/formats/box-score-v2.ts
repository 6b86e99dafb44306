import { cell, counts, type Format, gameMinutes, NBA_COUNTS, optional, required } from "./types";

const COUNTS = counts({ ...NBA_COUNTS, turnovers: "to" });

/** nba_api's BoxScoreTraditionalV2, player_stats: a line a player of the game. */
export const playersV2: Format = {
  name: "BoxScoreTraditionalV2 (player_stats)",
  cells: {
    game_id: required("game_id", "id"),
    team_abbr: required("team_abbreviation", "text"),
    player_id: required("player_id", "text"),
    player_name: cell("player_name", "text"),
    position: cell("start_position", "text"),
    comment: optional("comment", "text"),
    minutes: cell("min", "clock"),
    ...COUNTS,
    plus_minus: optional("plus_minus", "number"),
  },
  rows: {
    nbac_gamebook_player_stats: {
      plus_minus: "CAST(plus_minus AS BIGINT)",
      started: "position IS NOT NULL",
      player_status: "CASE WHEN minutes IS NULL THEN 'dnp' ELSE 'active' END",
      dnp_reason: "CASE WHEN minutes IS NULL THEN comment END",
    },
  },
  namesPlayers: true,
  hasWholeGames: true,
  lacksDates: true,
};

/** nba_api's BoxScoreTraditionalV2, team_stats: two lines a game. */
export const teamsV2: Format = {
  name: "BoxScoreTraditionalV2 (team_stats)",
  cells: {
    game_id: required("game_id", "id"),
    team_abbr: required("team_abbreviation", "text"),
    team_city: cell("team_city", "text"),
    played: cell("min", "clock"),
    ...COUNTS,
  },
  rows: { nbac_team_boxscore: { minutes: gameMinutes("(fc_seconds(played) / 60)") } },
  lacksDates: true,
};
