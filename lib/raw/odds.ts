import { columns } from "../columns";
import type { RawTable } from "./types";

export const oddsPlayerPointsProps: RawTable = {
  name: "odds_player_points_props",
  dataset: "nba_raw",
  about: "one points line per player and date",
  dateColumn: "game_date",
  grain: ["game_date", "player_lookup"],
  required: ["game_date", "player_lookup", "points_line"],
  columns: columns(
    ["game_date", "DATE", "US Eastern date"],
    ["player_lookup", "STRING", "the player"],
    ["points_line", "FLOAT64", "current line, points"],
    ["opening_line", "FLOAT64", "line at opening, points"],
  ),
};

export const oddsGameLines: RawTable = {
  name: "odds_game_lines",
  dataset: "nba_raw",
  about: "one spread and total per game",
  dateColumn: "game_date",
  grain: ["game_id"],
  required: ["game_id", "spread", "total"],
  columns: columns(
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["spread", "FLOAT64", "home team's spread, points (negative: favoured)"],
    ["total", "FLOAT64", "total points line"],
    ["opening_spread", "FLOAT64", "spread at opening"],
    ["opening_total", "FLOAT64", "total at opening"],
  ),
};
