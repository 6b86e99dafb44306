import type { Cadence, Window } from "../pipeline/types";
import type { CellState, ColumnFault } from "./cell-states";

/** A source with the rows that it has on a date. */
export type SourceRows = { source: string; rows: number };

/** How a part of a date is missing from a source: units of the calendar, or members that take part in them. */
type Short = { source: string; short: number; needed: number; of: "units" | "members"; names?: readonly string[] };

/** A check that rows do not pass, as a Finding has it. */
type FailedCheck = {
  check: string;
  kind: "null" | "zero" | "constant" | "rule";
  column: string | null;
  /** The share of `rows` that breaks it. */
  value: number;
  rows: number;
  usual: number | null;
  since: string;
};

/** Cells of a task that are in one state, or complete and to be stale by what the plan builds before them. */
export type CellCount = { state: CellState | "downstream"; cells: number };

/**
 * Why a cell is as it is, and why a plan takes it in or leaves it out: every code with its parameters, which are plain
 * JSON. Nothing reads the sentence that lib/engine/view/format.ts makes of one.
 */
interface ReasonParams {
  /** The date is beside all that anything is known of; null where nothing is known at all. */
  date_unknown: { reach: { first: string; last: string } | null };
  /** Nothing is due on the date; `cancelled`: something was. */
  not_due: { cancelled: boolean };
  /** The table is due on other dates than this one. */
  off_cadence: { cadence: Cadence };
  /** The warehouse deletes the table's rows by itself after so many days. */
  expired: { days: number };
  /** Nothing is there yet, and need not be before a time of day, in the pipeline's zone. */
  due_later: { date: string; time: string };
  /** There are rows although none are expected, and that is no fault. */
  rows_kept: { rows: number };
  rows_not_due: { rows: number };
  /** Columns of the whole table are not as its definition says. */
  table_differs: { faults: readonly ColumnFault[] };
  /** The date is one of the first of its epoch, which have no rows; so many days of them are left. */
  warm_up: { days: number; left: number };
  /** The calendar knows nothing of the date; a table's own rows stand in for it. */
  calendar_from_rows: { table: string };
  not_over: { done: number; due: number };
  /** The calendar does not call units done; for some of them the sources are complete. */
  not_done: { open: number; late: number };
  /** Units that the calendar calls done, by name, of which nobody knows more. */
  done_unseen: { units: readonly string[] };
  source_short: Short;
  /** A source has fewer rows than like dates have. */
  source_below_usual: { source: string; rows: number; usual: number };
  /** Units that are done, of which no source has anything. */
  done_without_rows: { units: number };
  /** An input that may be absent is: what that does to the rows is the input's own text. */
  optional_source_short: Short & { effect: string };
  /** A source by its own rule: what it serves of what the date needs of it, one of which is called `unit`. */
  source_serves: { served: number; needed: number; unit: string; isOver: boolean };
  /** No rule says what the date needs of a source; the date needs nothing of it. */
  source_without_rule: Record<never, never>;
  /** A source that is judged by what is usual: too few dates are like this one; or so many rows, beside the usual ones. */
  source_without_usual: Record<never, never>;
  source_beside_usual: { rows: number; usual: number };
  source_not_due: Record<never, never>;
  no_rows: { expected: number };
  too_few_rows: { rows: number; expected: number };
  too_many_rows: { rows: number; expected: number };
  copies: { rows: number; distinct: number; copies: number };
  source_newer: { source: string };
  /** A check of values, declared or learned, that the rows do not pass: the figure, what is usual, and the first date. */
  check_failed: FailedCheck;
  learned_failed: FailedCheck;
  /** Its rows are of another version of the model, which changed at a time that is known or not. */
  model_changed: { since: string | null };
  /** They were written before a time from which on somebody trusts them. */
  invalidated: { id: string; before: string; reason: string };
  /** They were made of rows that are outdated. */
  input_outdated: { input: string; dates: readonly string[] };
  input_defect: { input: string; state: CellState; edge: "gate" | "same-date" };
  input_short: { input: string };
  input_newer: { input: string; edge: "gate" | "same-date" };
  input_affected: { input: string; state: "tainted" | "stale" };
  /** The same of earlier dates, in a window. */
  window_defect: { input: string; dates: readonly string[]; window: Window };
  window_newer: { input: string; dates: readonly string[] };
  window_affected: { input: string; state: "tainted" | "stale"; dates: readonly string[]; window: Window };
  waits_for: { inputs: readonly string[]; dates: readonly string[] };
  /** Of a table that another program writes: lineage says which tables it reads, not which rows. */
  nothing_read: Record<never, never>;
  none_of_read: { inputs: readonly string[] };
  read_defect: { input: string; state: CellState };
  read_newer: { input: string };
  /** What runs say. */
  running: Record<never, never>;
  run_failed: { error: string | null };
  preflight_skipped: { run: string };
  /** Where a chain of causes begins. */
  never_built: { sources: readonly SourceRows[] };
  rows_lost: { sources: readonly SourceRows[] };
  written_twice: Record<never, never>;
  rows_of_nobody: Record<never, never>;
  source_rows: { sources: readonly SourceRows[] };
  source_rows_newer: Record<never, never>;
  source_rows_short: { rows: number };
  /** Why a plan holds a cell. */
  in_state: { state: CellState };
  needed_by: { table: string; date: string; because: Reason | null };
  reads_rebuilt: { table: string; date: string };
  task_of: { counts: readonly CellCount[] };
  /** Why a plan leaves a cell out. */
  written_elsewhere: { by: string };
  stays_short: Record<never, never>;
  /** Built again it would hold fewer rows than it does: its source has lost some. */
  source_lost: { rows: number; possible: number };
  /** Built again it would hold the rows that it holds, of which nobody but a baseline says that they are too few or too many. */
  same_rows: Record<never, never>;
  input_stays_short: Record<never, never>;
  holes_stay: Record<never, never>;
  reads_unreadable: { input: string };
}

export type ReasonCode = keyof ReasonParams;
export type ParamsOf<Code extends ReasonCode> = ReasonParams[Code];
export type Reason = { [Code in ReasonCode]: { code: Code; params: ParamsOf<Code> } }[ReasonCode];

/** A code with its parameters. */
export const reason = <Code extends ReasonCode>(code: Code, params: ParamsOf<Code>): Reason =>
  ({ code, params }) as Reason;
