import { FullcourtError } from "../errors";
import { bdlPlayerBoxscores, nbacGamebookPlayerStats } from "./box-scores";
import { oddsGameLines, oddsPlayerPointsProps } from "./odds";
import { nbacInjuryReport, teamRosters } from "./rosters";
import { nbacSchedule } from "./schedule";
import { shots } from "./shots";
import { nbacTeamBoxscore } from "./team-boxscore";
import type { RawTable } from "./types";

export type { RawTable } from "./types";

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

export function rawTable(name: string): RawTable {
  const found = RAW_TABLES.find((table) => table.name === name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no raw table "${name}".`,
    `Raw tables are: ${RAW_TABLES.map((table) => table.name).join(", ")}.`,
  );
}
