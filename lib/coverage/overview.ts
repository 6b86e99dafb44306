import { eachDate } from "../dates";
import { codeState, stateLetter } from "./page";
import { type Cell, type CellState, cellKey } from "./types";

/** Every known date and table by its state alone: the whole history at a glance, a letter a cell. */
export interface Overview {
  start: string;
  end: string;
  tables: string[];
  /** One string a table, a letter a date from start to end. */
  states: string[];
  /** The last date that has not been looked at yet; null where all have. */
  pending: string | null;
}

/** The letters of some tables, a letter a date. */
export function stateLetters(
  cells: ReadonlyMap<string, Cell>,
  { start, end }: { start: string; end: string },
  tables: readonly string[],
): string[] {
  const dates = eachDate(start, end);
  const letter = (cell: Cell | undefined) => stateLetter(cell && !cell.accepted ? cell.state : "no_games");
  // An accepted gap is quiet here.
  return tables.map((table) => dates.map((date) => letter(cells.get(cellKey(table, date)))).join(""));
}

/** The state of a table on the n-th date of an overview. */
export const overviewState = (overview: Overview, column: number, at: number): CellState =>
  codeState(overview.states[column]?.[at]);
