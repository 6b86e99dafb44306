import type { Damage } from "../../../engine/pipeline/types";

const november = (...days: number[]) => days.map((day) => `2021-11-${day}`);
const NO_TEAMS = november(16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30);

/** November 2021 as it was found: retries in the night of Nov 15 wrote two tables four times. */
export const DAMAGE: readonly Damage[] = [
  { table: "pgs", dates: november(16, 18, 21, 23, 28, 30) },
  { table: "togs", dates: NO_TEAMS },
  { table: "tdgs", dates: NO_TEAMS },
  { table: "pcf", dates: november(16, 23, 30) },
  { table: "mlfs", dates: november(16, 21, 23, 24, 28, 30) },
  { table: "togs", dates: november(15), copies: 4 },
  { table: "tdgs", dates: november(15), copies: 4 },
];
