import { type Cell, cellKey, needsWork } from "../coverage/types";
import type { Processor } from "../processors";

/** A cell of a range that is not as it should be. */
export interface Problem {
  table: string;
  date: string;
  state: Cell["state"];
  rows: number;
  expected: number | null;
}

/** Range check: every expected date and table of the range, counts against expected, duplicates. */
export function verifyRange(
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  for (const date of dates) {
    for (const table of tables) {
      const cell = cells.get(cellKey(table.short, date));
      if (!cell || !needsWork(cell)) continue;
      problems.push({ table: cell.table, date, state: cell.state, rows: cell.rows, expected: cell.expected });
    }
  }
  return problems;
}
