import type { Column } from "../columns";

/** Dates of an input that a row of date D reads, always within D's season. */
export type Window =
  | { kind: "date" }
  | { kind: "days"; days: number }
  | { kind: "team-games"; games: number; teams: "playing" | "all" }
  | { kind: "season" };

/** Ages of an input's newest row, in hours, from which a production run warns and stops. */
interface FreshnessLimit {
  warnHours: number;
  failHours: number;
}

/**
 * One edge of the graph: what a table reads.
 * - "same-date" reads the input's rows of D; "lookback" reads earlier dates of the window;
 * - "gate" reads nothing, but for a date whose games are over the input must be complete first.
 */
export interface Input {
  /** A processor's short name or a raw table's name. */
  table: string;
  edge: "same-date" | "gate" | "lookback";
  window: Window;
  /** Without it no row can be built; an optional one leaves columns NULL. */
  critical: boolean;
  freshness?: FreshnessLimit;
  /** A raw input whose later change makes the row stale. Derived inputs always do. */
  rebuilds?: boolean;
}

/** One derived table: everything that the grid, graph, checks, plans, commands and docs need of it. */
export interface Processor {
  /** Short name, as operators use it. */
  short: string;
  /** Full table name. */
  name: string;
  /** What one row is. */
  about: string;
  dataset: "nba_analytics" | "nba_precompute" | "nba_predictions";
  phase: 3 | 4;
  dateColumn: string;
  /** Columns that identify a row. */
  grain: string[];
  /** Names of the elements of an array column, by the column's name. */
  elements?: Record<string, string[]>;
  /** Columns of the model's result; the warehouse adds processed_at and run_id. */
  columns: Column[];
  inputs: Input[];
  /** Describes games that are over: nothing is expected of a date to come. */
  describesGames: boolean;
  /** Rows on a date without games are nothing wrong, though none are needed: the table looks back from any date. */
  anyDate?: boolean;
  /** Expected rows of a date: in words, and as a query of (d, n) over the CTEs of lib/coverage/sql. */
  expected: { words: string; sql: string };
  /** GoogleSQL SELECT of all columns for dates @start_date to @end_date. */
  sql: string;
}
