import { type CellState, STATES } from "../coverage/types";
import { formatState } from "./format-state";

/** What each state means and what to do next: the text of grid, help, command line and docs. */
export const STATE_MEANINGS: Record<CellState, { means: string; next: string }> = {
  running: { means: "A run is building this cell.", next: "Wait for the run to finish." },
  failed: {
    means: "The last run failed and the cell is still incomplete, or the table does not match its definition.",
    next: "Read the error, fix the cause, and backfill again.",
  },
  corrupt: {
    means: "The rows were built while an input of the date was incomplete, or before it was last built.",
    next: "Do not use them. Backfill to replace them, or delete them with fullcourt repair.",
  },
  invalid: {
    means: "The rows are there and their values are not right: a check of the table fails.",
    next: "Read which check. If the source is right, backfill to rebuild the rows; if it is not, import it again first.",
  },
  duplicated: {
    means: "Some rows exist more than once.",
    next: "Do not aggregate them. Backfill to replace the partition, or delete the copies with fullcourt repair.",
  },
  surplus: {
    means: "There are more rows than expected.",
    next: "Backfill to replace the partition, or delete the extra rows with fullcourt repair.",
  },
  blocked: {
    means: "The cell cannot be built because an input is missing.",
    next: "Backfill: it builds the input first if its raw rows exist. If they do not, import them.",
  },
  missing: { means: "Rows are expected and there are none.", next: "Backfill." },
  partial: { means: "Some of the expected rows are missing.", next: "Backfill to replace the whole partition." },
  tainted: {
    means: "An earlier date that the rows depend on is incomplete.",
    next: "The rows exist but were computed over a gap. Backfill to fill the gap and rebuild them.",
  },
  stale: { means: "An input was rebuilt after these rows.", next: "Backfill to rebuild them from the current input." },
  outdated: {
    means: "The rows are of an older version of the model, or were written before an invalidation.",
    next: "They count as they are. Backfill with --only outdated to rebuild them, or accept them.",
  },
  pending: { means: "The date is not over yet.", next: "Wait until the date is over." },
  bootstrap: {
    means: "The first dates of an epoch (a year, a quarter) have no rows by design.",
    next: "Nothing to do: averages need earlier dates.",
  },
  not_expected: { means: "Nothing is due on this date.", next: "Nothing to do." },
  complete: { means: "Every expected row exists exactly once.", next: "Safe to use." },
};

/** The same for a source, which backfills never write. */
export const SOURCE_MEANINGS: Partial<Record<CellState, string>> = {
  invalid: "Rows of the source do not pass one of its checks. Import them again once they are right.",
  missing: "The source has no rows for this date. Import them.",
  partial: "The source has only some of the rows for this date. Import the rest.",
  pending: "The date is not over yet.",
  complete: "The source has everything that this date needs.",
};

/** All other terms of the product. */
export const TERMS: Readonly<Record<string, string>> = {
  "accepted gap":
    "a cell that someone has decided to leave as it is, with a reason; counts and plans skip it until it expires or its rows change",
  backfill:
    "building (table, date) partitions that are incomplete or wrong, in dependency order, from an accepted plan",
  cell: "one table on one date in the grid",
  coverage: "the rows that exist for each table and date, compared with the rows expected",
  "dependency freshness": "how complete and how old the inputs of a date are",
  "expected rows": "the number of distinct keys due on a date, computed from the calendar and the raw tables",
  gate: "an input that must be complete before a date is built, although none of its rows are read",
  grain: "the columns that identify a row",
  layer: "a group of tables, shown side by side in the grid; schedules and --layer select by layer",
  lineage: "the tables, or columns, that a table or column is built from",
  lookback: "an input that is read over earlier dates",
  model: "the GoogleSQL statement that builds a table for a range of dates",
  partition: "the rows of one table on one date; a write replaces the whole partition",
  pipeline: "the tables of this installation, their sources, and the dependencies between them",
  plan: "the tasks of a backfill in execution order, with the reason for each cell; a run does exactly what its plan says",
  "pre-flight": "the check before a run that every input is complete or is built by the same plan",
  "raw table": "rows as they were imported; models read raw tables, backfills never write them",
  run: "one execution of a plan: its tasks, log and result",
  "safe through": "the last date up to which every cell is complete",
  source: "a raw table as a column of the grid: the data that it holds for each date",
  task: "one table over one or more dates, built by one statement in one transaction",
  window:
    "the earlier dates that a lookback input is read over: calendar days, dates with something due, or the epoch to date",
};

/** The explanation of a state or term, ignoring case; undefined for an unknown word. */
export function explain(word: string): string | undefined {
  const asked = word.trim().toLowerCase().replaceAll(/[-_]/g, " ");
  const same = (name: string) => name.replaceAll("-", " ") === asked;
  const state = STATES.find((one) => same(formatState(one)));
  if (state) return `${STATE_MEANINGS[state].means} ${STATE_MEANINGS[state].next}`;
  const term = Object.keys(TERMS).find(same);
  return term && TERMS[term];
}
