import type { Cell } from "../../api/coverage";
import type { Problem } from "../../api/runs";
import { cellKey, isDefect } from "../coverage/types";
import { findProcessor, type Processor } from "../pipeline/registry";

/** A cell that has to be there before a phase 4 table is built, and is not. */
export type MissingInput = Problem;

function phase3Inputs(table: Processor): string[] {
  if (table.phase !== 4) return [];
  const names = table.inputs.map((input) => input.table).filter((name) => findProcessor(name)?.phase === 3);
  return [...new Set(names)];
}

/**
 * Pre-flight: every phase 3 input of the phase 4 tables, complete on every date that has
 * games. Names each (table, date) that is not; `planned` cells count as ready, as the same
 * plan builds them first. Dates in bootstrap need nothing, as no phase 4 row is built.
 */
export function preflight(
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
  planned: ReadonlySet<string> = new Set(),
): MissingInput[] {
  const missing = new Map<string, MissingInput>();
  for (const table of tables) {
    for (const date of dates) {
      if (cells.get(cellKey(table.short, date))?.states.includes("bootstrap")) continue;
      for (const name of phase3Inputs(table)) {
        const key = cellKey(name, date);
        const cell = cells.get(key);
        if (!cell || planned.has(key) || !isDefect(cell)) continue;
        missing.set(key, { table: name, date, rows: cell.rows, expected: cell.expected, state: cell.state });
      }
    }
  }
  return [...missing.values()].sort((a, b) => a.date.localeCompare(b.date) || a.table.localeCompare(b.table));
}
