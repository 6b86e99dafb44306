import { columns } from "../columns";
import { COUNTS } from "./box-scores";
import type { RawTable } from "./types";

export const nbacTeamBoxscore: RawTable = {
  name: "nbac_team_boxscore",
  dataset: "nba_raw",
  about: "two rows a game, one for each team",
  dateColumn: "game_date",
  grain: ["game_id", "team_abbr"],
  required: ["game_id", "game_date", "team_abbr", "is_home", "points", "field_goals_attempted"],
  columns: [
    ...columns(
      ["game_id", "STRING", "NBA.com game id"],
      ["game_date", "DATE", "US Eastern date"],
      ["team_abbr", "STRING", "the team"],
      ["is_home", "BOOL", "it played at home"],
      ["minutes", "INT64", "240 and 25 more for each overtime"],
    ),
    ...COUNTS,
  ],
};
