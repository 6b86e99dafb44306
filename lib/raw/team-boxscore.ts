import { columns } from "../columns";
import type { RawTable } from "./types";

/** Team box scores, two rows a game. */
export const nbacTeamBoxscore: RawTable = {
  name: "nbac_team_boxscore",
  dataset: "nba_raw",
  about: "two rows a game, one for each team",
  dateColumn: "game_date",
  grain: ["game_id", "team_abbr"],
  required: ["game_id", "game_date", "team_abbr", "is_home", "points", "field_goals_attempted"],
  columns: columns(
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["team_abbr", "STRING", "the team"],
    ["is_home", "BOOL", "it played at home"],
    ["minutes", "INT64", "240 and 25 more for each overtime"],
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
  ),
};
