import { columns } from "../columns";
import type { RawTable } from "./types";

/** Field-goal attempts with their zone, from play by play. */
export const shots: RawTable = {
  name: "shots",
  dataset: "nba_raw",
  about: "one row a field-goal attempt",
  dateColumn: "game_date",
  grain: ["game_id", "shot_number"],
  required: ["game_id", "game_date", "team_abbr", "player_lookup", "shot_value", "made", "zone"],
  columns: columns(
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["shot_number", "INT64", "number of the attempt in its game, in the source's order"],
    ["team_abbr", "STRING", "the shooter's team"],
    ["player_lookup", "STRING", "the shooter"],
    ["shot_value", "INT64", "2 or 3"],
    ["made", "BOOL", "went in"],
    [
      "zone",
      "STRING",
      "restricted_area, paint_non_ra, mid_range, left_corner_3, right_corner_3, above_the_break_3 or backcourt",
    ],
    ["assisted", "BOOL", "a made shot with an assist; NULL where the source does not say"],
    ["blocked_by", "STRING", "player_lookup of the blocker"],
  ),
};
