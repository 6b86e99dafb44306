import { z } from "zod";
import type { Reason } from "../engine/coverage/reasons";
import { count, date, edge, moment, state, taskStatus } from "./common";

/** A gap that somebody has called known and not to be recovered: one table, some dates. */
const acceptance = z.strictObject({
  id: z.string(),
  table: z.string(),
  /** Each date with the rows that were there when it was accepted: when they change, the data has come. */
  cells: z.record(date, count),
  reason: z.string(),
  by: z.string(),
  /** Last date on which it holds; null: until somebody takes it back. */
  expires: date.nullable(),
  createdAt: moment,
  /** Cells that need work, or rows that are outdated and nothing else. */
  accepts: z.enum(["gap", "outdated"]),
});
export const acceptances = z.array(acceptance);

/** Rows of a table that were written before a time are outdated, on dates from `start` to `end` (null: on all). */
export const invalidation = z.strictObject({
  id: z.string(),
  table: z.string(),
  before: moment,
  start: date.nullable(),
  end: date.nullable(),
  reason: z.string(),
  by: z.string(),
  createdAt: moment,
});
export const invalidations = z.array(invalidation);

/** An acceptance with what has become of it: dates that still count as accepted, and those whose data came. */
const gap = acceptance.extend({ status: z.enum(["in force", "expired", "data came"]), holding: z.array(date) });
export const gaps = z.array(gap);

/** What a cell says of its acceptance; `inherited`: it needs work only for gaps that are accepted. */
const accepted = acceptance
  .pick({ id: true, reason: true, by: true, expires: true })
  .extend({ inherited: z.boolean().optional() });

/** An input that makes a cell what it is. */
const cause = z.strictObject({
  table: z.string(),
  dates: z.array(date),
  edge: z.enum([...edge.options, "raw"]),
  what: z.enum(["missing", "newer", "tainted", "stale", "outdated"]),
});

/** One check of values that a cell's rows do not pass, learned ones included. */
export const finding = z.strictObject({
  /** "usage_rate not null". */
  check: z.string(),
  /** What is wrong with the column's values, where it is one of these. */
  kind: z.enum(["null", "zero", "constant", "rule"]),
  column: z.string().nullable(),
  /** "warn" is shown and changes no state. */
  level: z.enum(["fail", "warn"]),
  /** Nobody has declared it: it is what like dates before have. */
  isLearned: z.boolean(),
  /** Rows of the cell that break it, as a share; what is usual of it, null where nothing is. */
  value: z.number(),
  /** Rows that the check speaks of. */
  rows: count,
  usual: z.number().nullable(),
  /** The first of the due dates in a row, up to this one, that have it. */
  since: date,
});

/** What came of one check on a date; all but `isPassed` is as of a check that is not passed. */
const checkResult = finding.extend({
  /** Null where it speaks of none of the rows, or they were not looked at. */
  isPassed: z.boolean().nullable(),
  value: z.number().nullable(),
  since: date.nullable(),
  /** Why it must be so, as it was declared. */
  reason: z.string().nullable(),
});

/** One (table, date) with its states, worst first, and why. */
export const cell = z.strictObject({
  table: z.string(),
  date,
  rows: count,
  distinct: count,
  /** How often the most repeated grain key is there. */
  copies: count,
  /** Rows that should be there; null where nothing can be said. */
  expected: count.nullable(),
  state,
  states: z.array(state).readonly(),
  reasons: z.array(z.string()).readonly(),
  causes: z.array(cause).readonly(),
  /** Raw rows are missing for part or all of it: no backfill can complete it. */
  rawShort: z.boolean(),
  /** Checks of values that its rows do not pass; none where all do. */
  checks: z.array(finding).readonly(),
  oldest: moment.nullable(),
  newest: moment.nullable(),
  /** Somebody has accepted its gap: it leaves counts and plans. */
  accepted: accepted.optional(),
});

/** Whether what reads a table elsewhere may read one date of it: all that is due is there, or its gap is accepted. */
export const cellReadiness = cell
  .pick({ table: true, date: true, state: true, states: true, rows: true, expected: true, reasons: true })
  .extend({ ready: z.boolean(), accepted: accepted.optional() });

/** One source on one date: its state is its own, and counts nowhere. */
const sourceCell = cell
  .pick({
    table: true,
    date: true,
    rows: true,
    distinct: true,
    expected: true,
    state: true,
    states: true,
    reasons: true,
    newest: true,
  })
  .extend({
    /** Units that it has enough of, and that are needed of it; null where no rule says so. */
    served: count.nullable(),
    needed: count.nullable(),
  });

/** What a range needs: counts of cells by state, dates that need work, and how far it is safe to use. */
const summary = z.strictObject({
  /** Cells by the state that they show; accepted gaps are counted apart. */
  counts: z.partialRecord(state, count),
  accepted: count,
  /** Dates that need work, each under the worst state of its cells. */
  worst: z.partialRecord(state, count),
  units: count,
  datesDue: count,
  datesToDo: count,
  /** Last date such that neither it nor any earlier date of the known seasons needs work; null where none is. */
  safeThrough: date.nullable(),
});

const range = z.strictObject({ start: date, end: date });

/** The grid of a range. */
export const coverage = z.strictObject({
  /** What `units` counts. */
  unit: z.strictObject({ one: z.string(), many: z.string() }),
  range,
  tables: z.array(z.string()),
  dates: z.array(
    z.strictObject({
      date,
      units: count,
      status: z.string(),
      cells: z.record(
        z.string(),
        cell.pick({ rows: true, distinct: true, expected: true, state: true, states: true, reasons: true }).extend({
          /** Its gap is accepted: until when, null for as long as nobody withdraws it. */
          accepted: z.strictObject({ id: z.string(), reason: z.string(), until: date.nullable() }).nullable(),
          checks: z.array(finding.omit({ kind: true, rows: true })).optional(),
        }),
      ),
      /** The sources that the tables read; they count in no figure and no percentage. */
      sources: z.record(z.string(), sourceCell.omit({ table: true, date: true, newest: true })),
    }),
  ),
  summary,
});

/** Every known date and table by its state alone: the whole history at a glance, a letter a cell. */
export const overview = z.strictObject({
  start: date,
  end: date,
  tables: z.array(z.string()),
  /** One string a table, a letter a date from start to end. */
  states: z.array(z.string()),
  /** The pipeline's epochs, such as seasons, the oldest first; none where it has none. */
  epochs: z.array(z.strictObject({ label: z.string(), start: date })),
});

/** One input of one table on one date: what is there, and how old its newest row is. */
const inputFreshness = cell.pick({ table: true, date: true, rows: true }).extend({
  input: z.string(),
  /** Rows, games or teams that should be there; null where nothing can be said. */
  expected: count.nullable(),
  /** Hours since the newest row was written; null without rows. */
  ageHours: z.number().nullable(),
  level: z.enum(["ok", "warn", "fail"]),
  critical: z.boolean(),
});
export const freshness = z.strictObject({ queries: count, inputs: z.array(inputFreshness) });

/** One step of the way from a cell back to what made it so. */
const why = z.strictObject({
  table: z.string(),
  date,
  /** How the cell above reads it; absent for the cell itself. */
  edge: cause.shape.edge.optional(),
  words: z.string(),
  /** More dates of the same table with the same effect. */
  more: count,
  /** Nothing upstream explains it: the chain begins here. */
  isRoot: z.boolean(),
  get because() {
    return z.array(why);
  },
});

/** One input of a cell, as it is on the dates that the cell reads. */
const cellInput = cell.pick({ table: true, rows: true, expected: true }).extend({
  edge,
  window: z.string(),
  critical: z.boolean(),
  /** Worst state over the window, for derived inputs. */
  state: state.nullable(),
});

/** What a cell is made from, two steps back, as a graph of tables. */
const inputGraph = z.strictObject({
  nodes: z.array(
    cell.pick({ table: true, date: true, rows: true, expected: true }).extend({
      /** Its worst state on the dates that are read, of which `date` is one; null for a source. */
      state: state.nullable(),
      /** A source that lacks something, or a cell that nothing can complete since one does. */
      isShort: z.boolean(),
      /** More dates in the same state. */
      more: count,
      /** Steps from the cell: 0 for itself. */
      hop: count,
      /** Where it stands, from the right: left of all that read it. */
      column: count,
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), edge, window: z.string() })),
  /** Tables that are left out, as there are too many. */
  hidden: count,
});

/** What the details of a cell show. */
export const cellDetail = z.strictObject({
  /** With its reasons as codes, in the order of their sentences. */
  cell: cell.extend({
    codes: z.array(z.strictObject({ code: z.string(), params: z.record(z.string(), z.unknown()) })).readonly(),
  }),
  /** The chain of causes, where something is not right. */
  why: why.nullable(),
  inputs: z.array(cellInput),
  graph: inputGraph,
  /** Every declared check of its table, and learned ones that it does not pass. */
  checks: z.array(checkResult),
  /** Changes of its state that looks and runs have found, newest first; by which run, null from outside. */
  history: z.array(z.strictObject({ at: moment, from: state, to: state, runId: z.string().nullable() })),
  runs: z.array(
    z.strictObject({
      runId: z.string(),
      status: taskStatus,
      seconds: z.number().nullable(),
      endedAt: moment.nullable(),
      rows: count,
      dates: count,
      sample: z.boolean(),
    }),
  ),
});

/** What the details of a source's cell show. */
export const sourceDetail = z.strictObject({
  cell: sourceCell,
  /** Units that are needed of it, and whether it has enough of each; empty where no rule names any. */
  units: z.array(z.strictObject({ name: z.string(), served: z.boolean() })),
  /** Hours since its newest row of the date was written; null without rows. */
  ageHours: z.number().nullable(),
  /** The tables that read it, each with its limits of that age in hours. */
  readers: z.array(
    z.strictObject({
      table: z.string(),
      edge,
      critical: z.boolean(),
      warnHours: z.number().nullable(),
      failHours: z.number().nullable(),
      level: inputFreshness.shape.level,
    }),
  ),
});

export type Acceptance = z.output<typeof acceptance>;
export type Invalidation = z.output<typeof invalidation>;
export type Gap = z.output<typeof gap>;
export type Finding = z.output<typeof finding>;
export type CheckResult = z.output<typeof checkResult>;
export type Cause = z.output<typeof cause>;
export type CellReadiness = z.output<typeof cellReadiness>;
/** A cell as it is decided: its reasons are codes, of which sentences are made where it leaves. */
export type Cell = Omit<z.output<typeof cell>, "reasons"> & { reasons: readonly Reason[] };
/** A source as it is decided, in the same way. */
export type SourceCell = Omit<z.output<typeof sourceCell>, "reasons"> & { reasons: readonly Reason[] };
export type Summary = z.output<typeof summary>;
export type CoverageDocument = z.output<typeof coverage>;
export type Overview = z.output<typeof overview>;
export type InputFreshness = z.output<typeof inputFreshness>;
export type Why = z.output<typeof why>;
export type InputGraph = z.output<typeof inputGraph>;
export type CellInput = z.output<typeof cellInput>;
export type SourceDetail = z.output<typeof sourceDetail>;
export type CellDetail = z.output<typeof cellDetail>;
