import type { Cell, Overview } from "../api/coverage";
import { eachDate } from "../dates";
import { codeState, stateLetter } from "./page";
import { type CellState, cellKey } from "./types";

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

export const overviewState = (overview: Overview, column: number, at: number): CellState =>
  codeState(overview.states[column]?.[at]);
