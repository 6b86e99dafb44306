import { cell, counts, type Format, optional, required } from "./types";

/** nba_api's BoxScoreTraditionalV3, player_stats: a line a player of the game. */
export const playersV3: Format = {
  name: "BoxScoreTraditionalV3 (player_stats)",
  cells: {
    game_id: required("gameid", "id"),
    team_abbr: required("teamtricode", "text"),
    player_id: required("personid", "text"),
    first: cell("firstname", "text"),
    family: cell("familyname", "text"),
    position: cell("position", "text"),
    comment: optional("comment", "text"),
    minutes: cell("minutes", "clock"),
    ...counts({
      points: "points",
      field_goals_made: "fieldgoalsmade",
      field_goals_attempted: "fieldgoalsattempted",
      three_pointers_made: "threepointersmade",
      three_pointers_attempted: "threepointersattempted",
      free_throws_made: "freethrowsmade",
      free_throws_attempted: "freethrowsattempted",
      offensive_rebounds: "reboundsoffensive",
      defensive_rebounds: "reboundsdefensive",
      assists: "assists",
      steals: "steals",
      blocks: "blocks",
      turnovers: "turnovers",
      personal_fouls: "foulspersonal",
    }),
    plus_minus: optional("plusminuspoints", "number"),
  },
  rows: {
    nbac_gamebook_player_stats: {
      player_name: "concat_ws(' ', first, family)",
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
