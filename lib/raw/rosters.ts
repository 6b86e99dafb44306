import { columns } from "../columns";
import type { RawTable } from "./types";

/** Daily roster snapshots; the roster of a date is the latest snapshot on or before it. */
export const teamRosters: RawTable = {
  name: "team_rosters",
  dataset: "nba_raw",
  about: "one row per player of a team's roster snapshot",
  dateColumn: "roster_date",
  grain: ["roster_date", "team_abbr", "player_lookup"],
  required: ["roster_date", "team_abbr", "player_lookup"],
  columns: columns(
    ["roster_date", "DATE", "day of the snapshot"],
    ["team_abbr", "STRING", "the team"],
    ["player_lookup", "STRING", "the player"],
    ["birth_date", "DATE", "his date of birth"],
  ),
};

/** The league's injury report, as of the date's tip-off. */
export const nbacInjuryReport: RawTable = {
  name: "nbac_injury_report",
  dataset: "nba_raw",
  about: "one row per listed player and date",
  dateColumn: "game_date",
  grain: ["game_date", "player_lookup"],
  required: ["game_date", "player_lookup", "status"],
  columns: columns(
    ["game_date", "DATE", "date of the report"],
    ["player_lookup", "STRING", "the player"],
    ["status", "STRING", "available, probable, questionable, doubtful or out"],
  ),
};
