import type { Row } from "../../api/common";
import type { Importer } from "../import/importer";
import type { Column } from "./columns";

/**
 * A pipeline as it is written: plain data and functions, given to definePipeline. compilePipeline checks it and makes
 * of it what the program works with.
 */
export interface PipelineDefinition {
  /** Letters, digits, _ and -: a home records it. */
  id: string;
  name: string;
  /** IANA name of the zone whose midnight begins a date: "America/New_York". */
  timeZone: string;
  calendar: CalendarDefinition;
  /** Stretches that no window crosses; without them all of time is one. */
  epochs?: Epochs;
  /** Groups of columns in the grid, in order. */
  layers: readonly Layer[];
  sources: readonly Source[];
  tables: readonly Table[];
  schedules?: readonly ScheduleDefinition[];
  /** What is known of files beside the sources' own columns. */
  importers?: readonly Importer[];
  demo?: Demo;
}

export interface Layer {
  id: string;
  label: string;
}

/** Words for what is counted: "order", "orders", "no orders". */
export interface Unit {
  one: string;
  many: string;
  none: string;
  /** Words for who takes part in them: "customer", "customers". */
  member?: { one: string; many: string };
}

/** Which dates are due, and how many units each has. */
export interface CalendarDefinition {
  unit: Unit;
  source: DailyCalendar | SqlCalendar;
}

/** Something is due on every day, or on every weekday, from the first that a source has rows of. */
export interface DailyCalendar {
  kind: "daily" | "weekdays";
  /** A source whose rows are the units that a day has; without it each has one. */
  units?: string;
}

/** A calendar that is asked for along with the rows. */
export interface SqlCalendar {
  kind: "sql";
  /** Named GoogleSQL expressions, without WITH, over @start_date..@end_date, which whole epochs (without any, calendar years) span: `query`, expected and completeness may use them. */
  ctes: string;
  /** Columns (d, due, done, cancelled, members) by date: units that are not cancelled, those that are over, those that are cancelled; who takes part, by commas. */
  query: string;
  /**
   * Columns (d, unit, is_unseen), over the same expressions: by name the units that the calendar calls done and of which
   * nobody has anything, and (not is_unseen) those that it does not call done although sources have all of them.
   */
  doubts?: string;
  /**
   * Where the pipeline has this table, these take the place of the above: its rows stand in for a calendar that was
   * lost. Dates known from it alone have TRUE in a further column, from_fallback.
   */
  fallback?: { table: string; ctes: string; query: string; known: string };
  /** A query of `d`: the dates that are known at all. */
  known: string;
}

/** Periods with ids that sort chronologically. */
export interface Epochs {
  of(date: string): string;
  /** First and last date of one. */
  start(epoch: string): string;
  end(epoch: string): string;
  label(epoch: string): string;
}

/** Earlier dates of an input that a row of date D reads, never of another epoch; "same": D itself. */
export type Window =
  | { kind: "same" }
  /** Calendar days before D. */
  | { kind: "days"; days: number }
  /** Dates before D on which the input was due. */
  | { kind: "dates"; dates: number }
  /** The last dates of each of D's members, or of every member. */
  | { kind: "units"; units: number; of: "members" | "all" }
  | { kind: "epochToDate" };

/** Ages of an input's newest row, in hours, from which a production run warns and stops. */
interface FreshnessLimit {
  warnHours: number;
  failHours: number;
}

/**
 * One edge of the graph: what a table reads.
 * - "same-date" reads the input's rows of D; "lookback" reads earlier dates of the window;
 * - "gate" reads nothing, but for a date whose units are over the input must be complete first.
 */
export interface Input {
  /** The id of a table or of a source. */
  table: string;
  edge: "same-date" | "gate" | "lookback";
  window: Window;
  /** Without it no row can be built; an optional one leaves columns NULL. */
  critical: boolean;
  freshness?: FreshnessLimit;
  /** A source whose later change makes the row stale. Tables of the pipeline always do. */
  invalidates?: boolean;
}

export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** On which dates a table is due, in place of the calendar's, from the first to the last of the calendar's dates. */
export type Cadence =
  | "daily"
  | "weekdays"
  | { weekly: Weekday }
  /** The day of the month; of a shorter month its last. */
  | { monthly: number }
  /** A query of d over the calendar's expressions. */
  | { sql: string };

/** How many rows belong to a date. */
export type Expected =
  /**
   * A query of (d, n) over the calendar's expressions, and what it counts, in words. With `countsPossible`, of (d, n, m):
   * of the rows that belong, those that can be made of what the sources hold now. `keys`, where the very rows that belong are
   * known: a query of d and the other columns of the grain, over the calendar's expressions.
   */
  | { sql: string; words: string; countsPossible?: true; keys?: string }
  /** So many rows a unit that is due, or in all. */
  | { perUnit: number }
  | { rows: number }
  /** As many as another table. */
  | { sameAs: string }
  /** As many as like dates have. */
  | { baseline: BaselineOptions }
  /** At least one, or nobody knows. */
  | "some"
  | "unknown";

/**
 * What values of a table or source must be. `share` is the share of rows, 0 to 1, that at least pass: all of them by
 * default. A row in which the column is NULL passes all but `notNull`, `notZero` and `matches`.
 */
export type Check = {
  /** The column that is checked; of `rule` the one that it speaks of, where there is one. */
  column?: string;
  /** "fail", the default, makes the cell invalid; "warn" is shown and changes no state. */
  level?: "fail" | "warn";
  /** A condition on the row, in GoogleSQL: others are not checked. */
  where?: string;
  /** Why it must be so. */
  reason?: string;
} & (
  | /** The share of rows in which the column is not NULL. */ { notNull: number }
  | /** The share of rows in which it is neither NULL nor zero. */ { notZero: number }
  | /** Lowest and highest value, both allowed. */ { between: readonly [number, number]; share?: number }
  | { in: ReadonlyArray<string | number | boolean>; share?: number }
  | /** No value twice on a date. */ { unique: true }
  | /** So many different values on a date. */ { distinctAtLeast: number }
  | /** The share of rows that find a row with the same `on` columns in another table or source. */ {
      matches: { in: string; on: readonly string[]; share: number };
    }
  | /** A condition on the row, in GoogleSQL; one that is NULL passes. */ { rule: string; share?: number }
);

/** Bounds, as shares of the median of like dates. */
export interface BaselineOptions {
  partialBelow?: number;
  surplusAbove?: number;
}

/** A table that the pipeline makes, or that somebody else makes of others. */
export interface Table {
  /** Short name, as operators use it: letters, digits and _. */
  id: string;
  /** Name in the warehouse. */
  name: string;
  description: string;
  dataset: string;
  layer: string;
  dateColumn: string;
  /** Columns that identify a row. */
  grain: readonly string[];
  /** Names of the elements of an array column, by the column's name. */
  elements?: Record<string, readonly string[]>;
  /** Columns of its rows; the warehouse adds processed_at, run_id and model_version to tables of our own. */
  columns: readonly Column[];
  inputs: readonly Input[];
  /** The people or person that answers for it: alerts of it go there (FULLCOURT_ALERT_ROUTES). */
  owner?: string;
  /** Words to find it by. */
  tags?: readonly string[];
  /** Describes what has happened (nothing is expected of a date to come), or is made before it happens. */
  due: "afterwards" | "beforehand";
  /** Days at an epoch's start that have no rows by design. */
  warmUpDays?: number;
  /** Rows on a date on which nothing is due are nothing wrong, though none are needed: it looks back from any date. */
  offCalendar?: boolean;
  cadence?: Cadence;
  /**
   * Time of day, in the pipeline's zone, before which a date's rows are pending and after which they are missing: "07:00",
   * of the next day where the table describes what has happened.
   */
  dueBy?: string;
  expected: Expected;
  checks?: readonly Check[];
  /** What is usual of its columns' values is not learned. */
  learn?: false;
  /** Columns of the grain, or that follow from it, by which absent rows are grouped. */
  breakdown?: readonly string[];
  build: Build;
}

export type Build =
  /** GoogleSQL SELECT of all columns for dates @start_date to @end_date. */
  | { kind: "sql"; sql: string }
  | { kind: "job"; job: Job }
  /**
   * Somebody else; the column that says when a row was written: without one rows are never stale by their age. A job has
   * them write it: its rows are counted and checked afterwards, and never written from here.
   */
  | { kind: "external"; by: string; writtenAt: string | null; job?: Job };

/** A table that the pipeline reads and does not make. */
export interface Source {
  id: string;
  /** Name in the warehouse; the id where there is none. */
  name?: string;
  /** A word or two for the head of its column; the id where there is none. */
  label?: string;
  dataset: string;
  description: string;
  dateColumn: string;
  /** Columns that identify a row; the newest processed_at of a key wins. */
  grain: readonly string[];
  /** All columns but processed_at, which every source has. */
  columns: readonly Column[];
  /** Columns that a file must bring to be recognized and loaded. */
  required: readonly string[];
  completeness?: Completeness;
  /** Without a rule of completeness: how many rows are usual; a date that has fewer is short. */
  expected?: { baseline: BaselineOptions };
  checks?: readonly Check[];
  /** What is usual of its columns' values is not learned. */
  learn?: false;
  /** A condition on its rows, in GoogleSQL: the others are none of the pipeline's. */
  where?: string;
  /** A query of (d, n, m, newest) in place of rows by dateColumn. */
  rows?: string;
  /** Loads the rows of dates again. They are counted and checked afterwards, and never written from here. */
  job?: Job;
}

/** How much of a date a source serves: without it, it is not judged and never blocks. */
export type Completeness = {
  /**
   * What is to be served: every unit that is done, or every member. "due": it is where the calendar is from, and has
   * to know of every unit, and of its end once the date is over.
   */
  of: "done" | "members" | "due";
  /** A query of (unit, is_served) of @start_date over the calendar's expressions: what is served and what is not, by name. */
  units?: string;
} & (
  | /** A query of (d, unit) over the calendar's expressions: what is not served, by name. All else is. */ {
      short: string;
    }
  | /** An aggregate over its rows. */ { counted: string }
);

/** Builds what is missing of the last dates, by a clock. */
export interface ScheduleDefinition {
  id: string;
  /** Tables of a layer, or by id; all of them without either. */
  layer?: string;
  tables?: readonly string[];
  /** A cron pattern in the pipeline's zone; without one only a setting starts it. */
  cron?: string;
  only?: "missing" | "bad";
}

/** A first look for who has no data: rows of the sources, built by the tables, then damaged. The same every time. */
export interface Demo {
  /** The date that stands for today. */
  today: string;
  /** The dates that are built. */
  start: string;
  end: string;
  /** Rows by source, processed_at included. */
  sources(): ReadonlyMap<string, readonly Row[]>;
  damage: readonly Damage[];
  /** How older epochs are made of it. */
  older?: OlderEpochs;
  /** Gaps that somebody has accepted. */
  accepted?: ReadonlyArray<{ table: string; dates: readonly string[]; reason: string }>;
  /** A run of one date after the other from `from` on whose checks took longer each time: their seconds. */
  slowing?: { table: string; from: string; startedAt: string; checkSeconds: readonly number[] };
}

/**
 * Older epochs of a demo, a year apart, to try the scale. The newest of them is made of rows of the sources on the
 * demo's first `tileDays` dates, copied one after the other `tiles` times, and built by the tables; the others are
 * copies of it.
 */
export interface OlderEpochs {
  /** The flag of `fullcourt demo` that says how many epochs there are in all, without its dashes; at most `max`. */
  flag: string;
  max: number;
  tileDays: number;
  tiles: number;
  /**
   * GoogleSQL for a column of a copy that lies so many years earlier, with a mark that makes its keys differ; undefined
   * where dates and times are moved and all else stays.
   */
  column(name: string, years: number, mark: string): string | undefined;
  /** A condition, in GoogleSQL, on rows of @start_date to @end_date in tables without a date column. */
  undated: string;
  /** What is taken away of so many epochs; `dayOf` is the date so many days into one of them, 0 the newest. */
  damage(epochs: number, dayOf: (epoch: number, day: number) => string): readonly Damage[];
}

/** Rows of a table on some dates are taken away, or are there so many times. */
export interface Damage {
  table: string;
  dates: readonly string[];
  copies?: number;
  /** GoogleSQL over the row: those of the dates that it is true of; without it all. */
  where?: string;
}

/**
 * A job of the user's own that makes the rows. In its words {start}, {end}, {after} (the day after it), {dates} (by
 * commas), {table}, {run}, {input} and {output} stand for the task's: two folders, the first with the table's same-date inputs on these
 * dates as CSV.
 */
interface AnyJob {
  kind?: "command" | "http";
  /** It is ended when it takes longer; 60 by default. */
  timeoutMinutes?: number;
  /**
   * What it is started for: all dates of a task (the default), each of them, or each range of days in a row. What fails
   * fails alone.
   */
  per?: "task" | "date" | "range";
  /** So many of a task at once; 1 by default. */
  parallel?: number;
  /**
   * What says that it has done its work: its end and then the counts (the default), or the counts alone, as of a program
   * whose exit code says little.
   */
  done?: "exit" | "counts";
  /**
   * "output": it leaves Parquet or CSV files (gzipped or not) of the table's columns in {output}, which take the
   * place of the dates' rows in one transaction. "own", the default: it writes the warehouse's table by itself, as every
   * job of an external table does.
   */
  rows?: "output" | "own";
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
