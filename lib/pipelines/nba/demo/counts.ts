import { addDays } from "@/lib/util/dates";

export const SEASON_FIRST = "2021-10-19";
export const SEASON_LAST = "2021-11-30";
/** From here on the counts of rows hold. */
export const COUNTED_FROM = "2021-11-15";

/** Counts of one date after the other; 0 is a date without games, which gets none. */
const byDate = (first: string, counts: readonly number[]): Record<string, number> =>
  Object.fromEntries(counts.flatMap((n, day) => (n > 0 ? [[addDays(first, day), n]] : [])));

export const GAMES = byDate(
  SEASON_FIRST,
  [
    2, 11, 3, 10, 8, 6, 7, 3, 11, 5, 9, 9, 5, 8, 4, 12, 4, 9, 7, 9, 9, 3, 13, 3, 10, 7, 7, 11, 3, 11, 6, 9, 9, 5, 10, 4,
    13, 0, 11, 7, 5, 8, 3,
  ],
);

/** Rows that the healed tables hold: players with minutes, and players on rosters. */
export const PLAYED = byDate(COUNTED_FROM, [241, 72, 232, 146, 190, 203, 121, 225, 97, 276, 0, 266, 170, 121, 193, 72]);
export const ROSTERED = byDate(
  COUNTED_FROM,
  [389, 105, 382, 212, 314, 312, 179, 346, 141, 450, 0, 382, 247, 169, 281, 104],
);
/** Players on rosters who had at least five games before the date: rows of pdc. */
export const SEASONED = byDate(COUNTED_FROM, [202, 54, 207, 110, 177, 181, 95, 207, 75, 276]);
