import { RAW_TABLES, type RawTable } from "@/lib/pipelines/nba/sources";
import { playersV2, playersV3, teamsV2 } from "./box-score";
import { games } from "./games";
import { ownColumns } from "./own";
import { playerBox } from "./player-box";
import { playerLogs } from "./player-logs";
import { shotChart } from "./shot-chart";
import { teamLogs } from "./team-logs";
import type { Format } from "./types";

export { ownColumns } from "./own";
export type { Format } from "./types";

const FOREIGN = [games, playerBox, shotChart, teamLogs, playerLogs, playersV2, teamsV2, playersV3];
const OWN = RAW_TABLES.map((table) => ownColumns(table));
export const FORMATS: readonly Format[] = [...FOREIGN, ...OWN];

/** Columns that a file must have for a format. */
const needs = ({ cells }: Format) =>
  Object.values(cells)
    .filter((cell) => !cell.isOptional)
    .map((cell) => cell.from);

/** Columns of a format that a file lacks. */
export const lacks = (format: Format, headers: readonly string[]): string[] =>
  needs(format).filter((header) => !headers.includes(header));

/** What a pipeline's files may be: the forms of other programs whose rows are all for its sources, and its sources' own. */
function formatsOf(sources: readonly RawTable[]): { foreign: readonly Format[]; own: readonly Format[] } {
  const names = new Set(sources.map(({ name }) => name));
  const foreign = FOREIGN.filter(({ rows }) => Object.keys(rows).every((table) => names.has(table)));
  return { foreign, own: sources.map((source) => ownColumns(source)) };
}

/** The format of a file, by its headers in small letters: of several, one that uses most of its columns. */
export function detectFormat(headers: readonly string[], sources: readonly RawTable[]): Format | undefined {
  const used = ({ cells }: Format) => Object.values(cells).filter((cell) => headers.includes(cell.from)).length;
  const best = (formats: readonly Format[]) =>
    formats
      .filter((format) => lacks(format, headers).length === 0)
      .sort((a, b) => used(b) - used(a) || needs(b).length - needs(a).length)[0];
  const { foreign, own } = formatsOf(sources);
  return best(foreign) ?? best(own);
}

/** The format that a file is nearly of: it has most of the columns, and four at least. */
export function nearest(headers: readonly string[], sources: readonly RawTable[]): Format | undefined {
  const share = (format: Format) => 1 - lacks(format, headers).length / needs(format).length;
  const { foreign, own } = formatsOf(sources);
  const [best] = [...foreign, ...own].sort((a, b) => share(b) - share(a));
  return best && share(best) > 0.5 && needs(best).length - lacks(best, headers).length >= 4 ? best : undefined;
}
