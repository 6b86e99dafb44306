import type { Column } from "../../columns";
import type { Input, Job } from "./types";

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
