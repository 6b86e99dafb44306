/** States of a (table, date) cell, worst first: the order in which one shows over another. */
export const STATES = [
  "running",
  "failed",
  "corrupt",
  "invalid",
  "duplicated",
  "surplus",
  "blocked",
  "missing",
  "partial",
  "tainted",
  "stale",
  "outdated",
  "pending",
  "bootstrap",
  "not_expected",
  "complete",
] as const;
export type CellState = (typeof STATES)[number];

/** True for a state of a cell in which rows are due: not before its time, in the warm-up, or where nothing is expected. */
export const isDueState = (state: CellState): boolean =>
  state !== "pending" && state !== "bootstrap" && state !== "not_expected";

/** A column that is not as its table's definition says: gone (`is` null), or of another type, in the engine's words. */
export interface ColumnFault {
  column: string;
  is: string | null;
  wanted: string;
  /** What it holds can be read as what is wanted: who reads the table can be built. */
  isReadable: boolean;
}
