import { FullcourtError } from "../errors";
import { bdlPlayerBoxscores, nbacGamebookPlayerStats } from "./box-scores";
import { oddsGameLines, oddsPlayerPointsProps } from "./odds";
import { nbacInjuryReport, teamRosters } from "./rosters";
import { nbacSchedule } from "./schedule";
import { shots } from "./shots";
import { nbacTeamBoxscore } from "./team-boxscore";
import type { RawTable } from "./types";

export type { RawTable } from "./types";

/** Every raw table, by name. */
export const RAW_TABLES: readonly RawTable[] = [
  nbacSchedule,
  nbacGamebookPlayerStats,
  bdlPlayerBoxscores,
  nbacTeamBoxscore,
  shots,
  teamRosters,
  nbacInjuryReport,
  oddsPlayerPointsProps,
  oddsGameLines,
];

/** The raw table of a name; an error that lists the names otherwise. */
export function rawTable(name: string): RawTable {
  const found = RAW_TABLES.find((table) => table.name === name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no raw table "${name}".`,
    `Raw tables are: ${RAW_TABLES.map((table) => table.name).join(", ")}.`,
  );
}
