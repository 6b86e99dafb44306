import type { Cell } from "../../api/coverage";
import type { Problem } from "../../api/runs";
import { isUnusual } from "../coverage/expectation";
import { type CoverageFacts, cellKey, isDefect, isOutdated, isShort } from "../coverage/types";
import type { Pipeline } from "../pipeline/compile";
import type { Processor } from "../pipeline/compiled";
import { findTable, tableOf } from "../pipeline/find";

/** A cell that has to be there before a table is built, and is not. */
export type MissingInput = Problem;

/**
 * Whether a table needs an input of a date itself: one that it reads or waits for there, and one of another layer,
 * as layers are run one after the other. What it only looks back on, within its layer, it needs of the dates before.
 */
function isNeededOf(pipeline: Pipeline, table: Processor, name: string): boolean {
  if (findTable(pipeline, name)?.layer !== table.layer) return true;
  return table.inputs.some((input) => input.table === name && input.edge !== "lookback");
}

/** Tables of the pipeline that a table cannot do without, each once. */
const requiredOf = (pipeline: Pipeline, table: Processor): string[] => [
  ...new Set(
    table.inputs.flatMap((input) => (input.critical && findTable(pipeline, input.table) ? [input.table] : [])),
  ),
];

const byDate = (a: MissingInput, b: MissingInput) => a.date.localeCompare(b.date) || a.table.localeCompare(b.table);

/**
 * Pre-flight: every required input of some tables, whatever their layer, complete on the dates of a range that it is
 * read of. Names each (table, date) that is not; `planned` cells count as ready, as the same plan builds them first.
 * Dates in warm-up need nothing, as no row is built; a gap that somebody has accepted, a cell that holds all that its
 * short source does, one with another number of rows than is usual, and a hole to look back on that no backfill can
 * fill, stop nobody.
 */
export function preflight(
  pipeline: Pipeline,
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
  planned: ReadonlySet<string> = new Set(),
): MissingInput[] {
  const missing = new Map<string, MissingInput>();
  for (const table of tables) {
    const built = dates.filter((date) => !cells.get(cellKey(table.id, date))?.states.includes("bootstrap"));
    for (const name of requiredOf(pipeline, table)) {
      const isNeeded = isNeededOf(pipeline, table, name);
      for (const date of isNeeded ? built : built.slice(0, -1)) {
        const key = cellKey(name, date);
        const cell = cells.get(key);
        if (!cell || planned.has(key) || cell.accepted || !isDefect(cell) || isShort(cell)) continue;
        if (isUnusual(tableOf(pipeline, name), cell)) continue;
        if (!isNeeded && cell.rawShort) continue;
        missing.set(key, { table: name, date, rows: cell.rows, expected: cell.expected, state: cell.state });
      }
    }
  }
  return [...missing.values()].sort(byDate);
}

/** Rows that the tables read on these dates, and that are outdated: they stop nobody. */
export function outdatedInputs(
  pipeline: Pipeline,
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
): number {
  const read = new Set(tables.flatMap((table) => requiredOf(pipeline, table)));
  return countOutdated(cells, [...read], dates);
}

/** Cells of tables, by short name, that are outdated on some dates and nothing worse; accepted ones are not counted. */
export const countOutdated = (
  cells: ReadonlyMap<string, Cell>,
  tables: readonly string[],
  dates: readonly string[],
): number =>
  tables
    .flatMap((table) => dates.map((date) => cells.get(cellKey(table, date))))
    .filter((cell) => cell && isOutdated(cell) && !cell.accepted).length;

/**
 * The sources that are short of what the tables need on these dates, with their rows. How many rows would do, their
 * reasons say by units or names.
 */
export function shortSources(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
): MissingInput[] {
  const missing = new Map<string, MissingInput>();
  for (const table of tables) {
    for (const one of dates) {
      const cell = cells.get(cellKey(table.id, one));
      if (!cell || cell.accepted) continue;
      for (const { table: source, edge, what, dates: on } of cell.causes) {
        if (edge !== "raw" || what !== "missing") continue;
        for (const date of on) {
          const rows = facts.raw.get(source)?.get(date)?.rows ?? 0;
          const state = rows > 0 ? "partial" : "missing";
          missing.set(cellKey(source, date), { table: source, date, rows, expected: null, state });
        }
      }
    }
  }
  return [...missing.values()].sort(byDate);
}
