import { cell, type Format, GAME_KIND, required } from "./types";

/** Results of games that are over. */
export const games: Format = {
  name: "games with results",
  cells: {
    game_id: required("game_id", "id"),
    game_date: required("game_date", "date"),
    home_team_abbr: required("home_team_abbr", "text"),
    away_team_abbr: required("away_team_abbr", "text"),
    home_team_score: cell("home_points", "whole"),
    away_team_score: cell("away_points", "whole"),
  },
  rows: { nbac_schedule: { ...GAME_KIND, game_status: "3" } },
};
