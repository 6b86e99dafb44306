import type { Column } from "../../columns";

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

/** What a derived table is: everything that the grid, graph, checks, plans, commands and docs need of it. */
interface Definition {
  /** Short name, as operators use it. */
  short: string;
  /** Full table name. */
  name: string;
  about: string;
  dataset: string;
  /** The team or person that answers for it: alerts of it go there (FULLCOURT_ALERT_ROUTES). */
  owner?: string;
  /** Words to find it by. */
  tags?: string[];
  /** Null for a table that another program writes. */
  phase: 3 | 4 | null;
  dateColumn: string;
  /** Columns that identify a row. */
  grain: string[];
  /** Names of the elements of an array column, by the column's name. */
  elements?: Record<string, string[]>;
  /** Columns of the model's result; the warehouse adds processed_at and run_id. */
  columns: Column[];
  inputs: Input[];
  /** Describes games that are over: nothing is expected of a date to come. */
  describesGames?: boolean;
  /** Rows on a date without games are nothing wrong, though none are needed: the table looks back from any date. */
  anyDate?: boolean;
  /** Expected rows of a date: in words, and as a query of (d, n) over the CTEs of lib/engine/coverage/sql. */
  expected: { words: string; sql: string };
}

/**
 * A job of the team's own that makes the rows. In its words {start}, {end}, {dates} (by commas), {table}, {run},
 * {input} and {output} stand for the task's: two folders, the first with the table's same-date inputs on these
 * dates as CSV.
 */
interface AnyJob {
  /** It is ended when it takes longer. */
  timeoutMinutes: number;
  /**
   * "output": it leaves Parquet or CSV files (gzipped or not) of the table's columns in {output}, which take the
   * place of the dates' rows in one transaction. "own": it writes the warehouse's table by itself.
   */
  rows: "output" | "own";
}

/** A command, without a shell: parted at spaces, or a list where a word holds one. */
export interface CommandJob extends AnyJob {
  command: string | string[];
  /** The folder that it runs in; the repository's by default. */
  cwd?: string;
  /** Names of environment variables of the server that it gets, beside PATH, HOME, LANG, LC_*, TZ, TMPDIR and proxies. */
  env?: string[];
}

/** An HTTP endpoint: POST to `start` answers {"id"}; GET of `poll` answers {"status": "running", "succeeded" or "failed", "message"}. */
export interface HttpJob extends AnyJob {
  start: string;
  /** {id} is the job's. */
  poll: string;
  /** POST ends it, where it can be ended. */
  cancel?: string;
  everySeconds: number;
  /** Names of environment variables by the header that they are sent in, so that no secret is written here. */
  headersFromEnv?: Record<string, string>;
}

export type Job = CommandJob | HttpJob;

interface ModelProcessor extends Definition {
  /** GoogleSQL SELECT of all columns for dates @start_date to @end_date. */
  sql: string;
  job?: never;
  observed?: never;
}

export interface JobProcessor extends Definition {
  sql?: never;
  job: Job;
  observed?: never;
}

/** A table that another program writes: the grid shows it, nothing here ever writes it. */
export interface ObservedProcessor extends Definition {
  sql?: never;
  job?: never;
  observed: {
    by: string;
    /** The column that says when a row was written; without one its rows are never stale by their age. */
    builtAt: string | null;
  };
}

/** One derived table, made by a model, by a job, or by another program. */
export type Processor = ModelProcessor | JobProcessor | ObservedProcessor;
