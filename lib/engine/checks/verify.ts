import type { Cell } from "../../api/coverage";
import type { Problem } from "../../api/runs";
import { cellKey, needsWork } from "../coverage/types";
import type { Processor } from "../pipeline/compiled";
import { condemns } from "./findings";

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

/**
 * Which cells need work by learned checks of values alone: their own, or of what they read. A build is no worse for that:
 * nobody has said that the values are wrong.
 */
export function doubtsOf(cells: ReadonlyMap<string, Cell>): (cell: Cell) => boolean {
  const known = new Map<Cell, boolean>();
  const isDoubted = (cell: Cell): boolean => {
    const found = known.get(cell);
    if (found !== undefined) return found;
    known.set(cell, false);
    const { states, checks, causes } = cell;
    const isOwn = states.includes("invalid");
    const read = causes.flatMap(({ table, dates }) => dates.flatMap((date) => cells.get(cellKey(table, date)) ?? []));
    const doubted =
      states.every((state) => state === "tainted" || state === "invalid") &&
      (!isOwn || !checks.some(condemns)) &&
      (isOwn || states.includes("tainted")) &&
      (!states.includes("tainted") || read.filter(needsWork).every(isDoubted));
    known.set(cell, doubted);
    return doubted;
  };
  return isDoubted;
}
