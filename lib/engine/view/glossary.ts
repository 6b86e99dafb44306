import { type CellState, STATES } from "../coverage/types";
import { formatState } from "./format-state";

/** What each state means and what comes next: the words of grid, help, command line and docs. */
export const STATE_MEANINGS: Record<CellState, { means: string; next: string }> = {
  running: { means: "A run is building it now.", next: "Wait: the cell changes when the run has built it." },
  failed: {
    means: "Its last run failed and it is still not right, or its table differs from its definition.",
    next: "Read the reason, mend that, and backfill again.",
  },
  corrupt: {
    means: "Rows were written on inputs that were missing, or are older than them.",
    next: "Do not use it. A backfill replaces it; fullcourt repair deletes it.",
  },
  duplicated: {
    means: "The same row is there more than once.",
    next: "Do not sum over it. A backfill replaces the partition; fullcourt repair deletes the copies.",
  },
  surplus: {
    means: "It holds more rows than can belong to the date.",
    next: "A backfill replaces the partition; fullcourt repair deletes the rows that do not belong.",
  },
  blocked: {
    means: "It cannot be built yet: an input is not there.",
    next: "A backfill builds the input first, where the raw rows are there; else import those.",
  },
  missing: { means: "Not one row of those that belong here.", next: "Backfill it." },
  partial: { means: "Some of its rows are missing.", next: "Backfill it: the whole partition is replaced." },
  tainted: {
    means: "An earlier date that it reads is not right.",
    next: "Its rows are there, their windows have a hole. A backfill mends the hole, then these.",
  },
  stale: { means: "An input was built again after it.", next: "Backfill it, so that it reads what is there now." },
  pending: { means: "The date is not over.", next: "Nothing: it is expected once they are." },
  bootstrap: {
    means: "The first days of an epoch (a season, a year) have no rows here by design.",
    next: "Nothing: averages need dates to look back on.",
  },
  not_expected: { means: "Nothing is due on the date.", next: "Nothing is expected." },
  complete: { means: "Every row that belongs here, once.", next: "Safe to use." },
};

/** The same of a source, which no backfill writes. */
export const SOURCE_MEANINGS: Partial<Record<CellState, string>> = {
  missing: "Not one of its rows is there: load it with import.",
  partial: "It has a part of what the date needs: load the rest with import.",
  pending: "The date is not over.",
  complete: "It has all that the date needs of it.",
};

/** The other words of the product, each with one meaning everywhere. */
export const TERMS: Readonly<Record<string, string>> = {
  "accepted gap":
    "a cell that somebody has decided to leave as it is, with a reason; it leaves counts and plans until it expires or its rows change",
  backfill: "building (table, date) partitions that are not right, in dependency order, by an accepted plan",
  cell: "one table on one date, as the grid shows it",
  chain: "all tables of this installation with who reads whom",
  coverage: "what is there of each table and date, against what belongs there",
  "dependency freshness": "how complete and how old the inputs of a date are",
  "expected rows": "how many different keys belong to a date, by the schedule and the raw box scores",
  gate: "an input that must be complete before a date is built, though no row of it is read",
  grain: "the columns that tell one row of a table from another",
  lineage: "which tables, or columns, a table or column is made from",
  lookback: "an input of which earlier dates are read",
  model: "a table's one GoogleSQL statement over a range of dates",
  partition: "the rows of one table on one date; a write replaces whole ones",
  layer: "a group of tables: columns beside each other in the grid, run by one schedule, chosen by --layer",
  plan: "the tasks of a backfill in the order in which they run, with the reason of each cell; what is accepted is what runs",
  "pre-flight": "the check, before anything runs, that every input is there or is built by the same plan",
  "raw table": "rows as they were imported; models read them, backfills never write them",
  run: "one backfill on its way or done: its tasks, log and result",
  "safe through": "the last date up to which nothing needs work",
  task: "one table over some dates: one statement, one transaction",
  window:
    "the earlier dates that a lookback input is read over: days, dates on which something was due, or the epoch to date",
};

/** A word of the product explained, whatever its case; undefined for one that has no entry. */
export function explain(word: string): string | undefined {
  const asked = word.trim().toLowerCase().replaceAll(/[-_]/g, " ");
  const same = (name: string) => name.replaceAll("-", " ") === asked;
  const state = STATES.find((one) => same(formatState(one)));
  if (state) return `${STATE_MEANINGS[state].means} ${STATE_MEANINGS[state].next}`;
  const term = Object.keys(TERMS).find(same);
  return term && TERMS[term];
}
