/** States of a (table, date) cell, worst first: the order in which one shows over another. */
export const STATES = [
  "running",
  "failed",
  "corrupt",
  "duplicated",
  "surplus",
  "blocked",
  "missing",
  "partial",
  "tainted",
  "stale",
  "pending",
  "bootstrap",
  "not_expected",
  "complete",
] as const;
export type CellState = (typeof STATES)[number];
