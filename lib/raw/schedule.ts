import { columns } from "../columns";
import type { RawTable } from "./types";

/** The league's schedule with results: the one authority on which games a date has. */
export const nbacSchedule: RawTable = {
  name: "nbac_schedule",
  dataset: "nba_raw",
  about: "one row a game, with its status and, once final, its score",
  dateColumn: "game_date",
  grain: ["game_id"],
  required: ["game_id", "game_date", "game_status", "home_team_abbr", "away_team_abbr"],
  columns: columns(
    ["game_id", "STRING", "NBA.com game id, ten digits"],
    ["game_date", "DATE", "US Eastern date of the tip-off"],
    ["season_year", "INT64", "year in which the season began"],
    ["game_status", "INT64", "1 scheduled, 2 live, 3 final, 4 postponed or cancelled"],
    ["home_team_abbr", "STRING", "home team"],
    ["away_team_abbr", "STRING", "visiting team"],
    ["home_team_score", "INT64", "home points, once final"],
    ["away_team_score", "INT64", "visitors' points, once final"],
    ["is_regular_season", "BOOL", "counts for the regular season"],
    ["is_playoffs", "BOOL", "a playoff game"],
    ["is_all_star", "BOOL", "an All-Star game: never part of the pipeline"],
    ["arena_timezone", "STRING", "IANA time zone of the arena"],
    ["game_start_utc", "TIMESTAMP", "tip-off, UTC"],
  ),
};
