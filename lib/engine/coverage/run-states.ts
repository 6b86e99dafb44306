import { type CellState, isDueState } from "./cell-states";
import { codeState, type Page } from "./page";
import { cellKey } from "./types";

/** One date of a small grid: a state a table, in the order of the grid's tables. */
export interface StateRow {
  date: string;
  states: CellState[];
}

/** A cell with the state that it had before a run. */
interface Before {
  table: string;
  date: string;
  from: CellState;
}

/** The dates of a page on which anything is due, by their states alone. */
export const pageStates = ({ dates, tables }: Pick<Page, "dates" | "tables">): StateRow[] =>
  dates
    .filter(({ cells }) => cells.length > 0)
    .map(({ date, cells }) => ({ date, states: tables.map((_, at) => codeState(cells[at])) }));

/**
 * A grid as it was before a run: what its plan knew of its cells, over that what the history says that it changed
 * (ascending), and the rest as it is now. Null where neither says anything.
 */
export function statesBefore(
  now: readonly StateRow[],
  tables: readonly string[],
  planned: readonly Before[],
  changes: readonly Before[],
): StateRow[] | null {
  if (planned.length + changes.length === 0) return null;
  const before = new Map<string, CellState>();
  // The first change of a cell is the one that tells what was there.
  for (const { table, date, from } of [...planned, ...[...changes].reverse()])
    if (from !== "running") before.set(cellKey(table, date), from);
  return now.map(({ date, states }) => ({
    date,
    states: states.map((state, at) => before.get(cellKey(tables[at] as string, date)) ?? state),
  }));
}

/** Cells in which rows are due, and those of them that are complete. */
export function countComplete(rows: readonly StateRow[]): { due: number; complete: number } {
  const due = rows.flatMap(({ states }) => states.filter(isDueState));
  return { due: due.length, complete: due.filter((state) => state === "complete").length };
}
