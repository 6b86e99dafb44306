import type { Cell } from "../../api/coverage";
import type { Problem } from "../../api/runs";
import { cellKey, needsWork } from "../coverage/types";
import type { Processor } from "../pipeline/compiled";

/** Range check: every expected date and table of the range, counts against expected, duplicates. */
export function verifyRange(
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  for (const date of dates) {
    for (const table of tables) {
      const cell = cells.get(cellKey(table.id, date));
      if (!cell || !needsWork(cell)) continue;
      const { state, rows, expected } = cell;
      const checks = cell.checks.filter(({ level }) => level === "fail");
      problems.push({ table: cell.table, date, state, rows, expected, ...(checks.length > 0 ? { checks } : {}) });
    }
  }
  return problems;
}
