import type { Cell, CheckResult, Why } from "../../api/coverage";
import type { PlanBody, PlanRequest, Problem } from "../../api/runs";
import { dateList, shortDate, shortMoment } from "../../util/dates";
import { few } from "../../util/few";
import { condemns } from "../checks/findings";
import type { ColumnFault } from "../coverage/cell-states";
import type { CellCount, ParamsOf, Reason, ReasonCode, SourceRows } from "../coverage/reasons";
import type { Explanation } from "../coverage/why";
import { cadenceWords } from "../pipeline/cadence";
import type { Unit } from "../pipeline/types";
import { windowWords } from "../pipeline/windows";
import type { PlanDraft } from "../planning/plan";

/** "1 row", "2,000 rows". */
export const plural = (n: number, one: string): string => `${n.toLocaleString("en-US")} ${one}${n === 1 ? "" : "s"}`;

/** "1 order", "2,000 orders", as the calendar calls them. */
const unitsOf = (n: number, { one, many }: Unit): string => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

/** A part of a whole in percent, rounded half up; 100 is said of the whole alone, 0 of nothing alone. A whole of 0 is all there. */
export function formatPercent(part: number, whole: number): string {
  if (part >= whole) return "100%";
  return `${part === 0 ? 0 : Math.max(1, Math.min(99, Math.round((100 * part) / whole)))}%`;
}

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "2 cells that were asked for are not complete". */
export const formatLeft = (cells: number): string =>
  cells === 1
    ? "1 cell that was asked for is not complete"
    : `${plural(cells, "cell")} that were asked for are not complete`;

/** "2 cells that were asked for are not complete: orders 2026-11-16 missing, ...", the first of them named. */
export function formatProblems(problems: readonly Problem[], most = 20): string {
  const named = problems.slice(0, most).map((one) => `${one.table} ${one.date} ${one.state}`);
  return `${formatLeft(problems.length)}: ${named.join(", ")}${problems.length > most ? ", ..." : ""}`;
}

/** "2 cells that were asked for are left out", as no backfill can complete them. */
export const formatLeftOut = (cells: number): string =>
  cells === 1 ? "1 cell that was asked for is left out" : `${plural(cells, "cell")} that were asked for are left out`;

/** What a plan without tasks says, by what was asked for and how many cells it leaves out. */
export function formatNoTasks(only: PlanRequest["only"], leftOut: number): string {
  if (leftOut > 0) return `Nothing can be built: ${formatLeftOut(leftOut)}.`;
  if (only === "all") return "Nothing to do: no rows are expected in what was asked for.";
  const what = { missing: "is missing or partial", bad: "needs work", outdated: "needs work or is outdated" }[only];
  return `Nothing to do: no cell that was asked for ${what}.`;
}

const times = (n: number): string => (n === 2 ? "twice" : `${n} times`);

const rowsOf = (sources: readonly SourceRows[]): string =>
  sources.length === 0
    ? ""
    : `Raw: ${sources.map(({ source, rows }) => `${source} has ${plural(rows, "row")}`).join(", ")}.`;

/** So many names of what is missing are said. */
const MOST_NAMES = 6;

const missingOf = ({ short, needed, of, names = [] }: ParamsOf<"source_short">, unit: Unit): string =>
  `${short} of ${of === "units" ? unitsOf(needed, unit) : plural(needed, unit.member?.one ?? "member")}${names.length > 0 ? ` (${few(names, MOST_NAMES)})` : ""}`;

const countOf = ({ state, cells }: CellCount): string =>
  `${cells} ${state === "downstream" ? "stale downstream" : state}`;

const faultWords = ({ column, is, wanted }: ColumnFault): string =>
  is === null ? `column ${column} is gone` : `${column} is ${is}, not ${wanted}`;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** "usage_rate is NULL in 226 of 226 rows (usually 0 %), since Nov 3." */
function failedCheck({ check, kind, column, value, usual, since, rows }: ParamsOf<"check_failed">): string {
  const count = `${Math.round(value * rows).toLocaleString("en-US")} of ${plural(rows, "row")}`;
  const tail = `${usual === null ? "" : ` (usually ${percent(usual)})`}, since ${shortDate(since)}.`;
  if (kind === "constant")
    return `${column ?? check} has one value in ${plural(rows, "row")}, since ${shortDate(since)}.`;
  if (kind === "null" || kind === "zero") return `${column} is ${kind === "null" ? "NULL" : "0"} in ${count}${tail}`;
  return `${check}: ${count} do not pass${tail}`;
}

/** What came of a check, in figures: "226 of 226 rows do not pass, usually 0 %, since Nov 3", "226 rows pass". */
export function formatCheckResult({ isPassed, kind, value, usual, since, rows }: CheckResult): string {
  if (isPassed === null || value === null) return "no rows that it speaks of";
  const broken = Math.round(value * rows);
  const passing = plural(rows, "row");
  if (isPassed && broken === 0) return `${passing} ${rows === 1 ? "passes" : "pass"}`;
  const count =
    kind === "constant" ? `one value in ${passing}` : `${broken.toLocaleString("en-US")} of ${passing} do not pass`;
  return [
    count,
    ...(usual === null ? [] : [`usually ${percent(usual)}`]),
    ...(since ? [`since ${shortDate(since)}`] : []),
  ].join(", ");
}

/** "5 of 6 checks passed, 1 failed", in short for all of a cell's. */
export function formatCheckResults(results: readonly CheckResult[]): string {
  const of = (which: (one: CheckResult) => boolean) => results.filter(which).length;
  const [failed, warned, unknown] = [
    of(({ isPassed, level }) => isPassed === false && level === "fail"),
    of(({ isPassed, level }) => isPassed === false && level === "warn"),
    of(({ isPassed }) => isPassed === null),
  ];
  if (unknown === results.length) return `${plural(unknown, "check")} ${unknown === 1 ? "waits" : "wait"} for rows`;
  const rest = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warned > 0 ? [`${warned} ${warned === 1 ? "warns" : "warn"}`] : []),
    ...(unknown > 0 ? [`${unknown} without rows`] : []),
  ];
  return [`${results.length - failed - warned - unknown} of ${plural(results.length, "check")} passed`, ...rest].join(
    ", ",
  );
}

/** "The rows of 1 cell that was built fail a check. payments 2026-11-16: amount is NULL in 12 of 12 rows, since Nov 16." */
export function formatFailing(cells: ReadonlyArray<Pick<Cell, "table" | "date" | "checks">>, most = 5): string {
  const named = cells
    .slice(0, most)
    .map(({ table, date, checks }) => `${table} ${date}: ${checks.filter(condemns).map(failedCheck).join(" ")}`);
  const rest = cells.length > most ? [`And ${cells.length - most} more.`] : [];
  const head =
    cells.length === 1
      ? "The rows of 1 cell that was built fail a check."
      : `The rows of ${cells.length} cells that were built fail a check.`;
  return [head, ...named, ...rest].join(" ");
}

/** "payments 2026-11-16: amount is NULL in 12 of 12 rows (usually 0 %), since Nov 16." of cells whose values are not usual. */
export const formatDoubts = (cells: ReadonlyArray<Pick<Cell, "table" | "date" | "checks">>, most = 20): string[] =>
  cells.slice(0, most).map(({ table, date, checks }) => {
    const failing = checks.filter(({ level }) => level === "fail");
    return `Not usual: ${table} ${date}: ${failing.map(failedCheck).join(" ")}`;
  });

const SENTENCES: { [Code in ReasonCode]: (params: ParamsOf<Code>, unit: Unit) => string } = {
  date_unknown: ({ reach }) =>
    `Nothing is known of this date: ${reach ? `the data reach from ${reach.first} to ${reach.last}` : "the warehouse is empty"}.`,
  not_due: ({ cancelled }, { many, none }) =>
    cancelled ? `All ${many} of the date are postponed.` : `${capitalized(none)} on this date.`,
  off_cadence: ({ cadence }) => `It is due on other dates: ${cadenceWords(cadence)}.`,
  expired: ({ days }) => `The warehouse deletes its rows after ${plural(days, "day")}, as the table is set up.`,
  due_later: ({ date, time }) => `Due by ${time} on ${shortDate(date)}.`,
  rows_kept: ({ rows }) => `${plural(rows, "row")} are there, though none are expected.`,
  table_differs: ({ faults }) => `The table differs from its definition: ${faults.map(faultWords).join(", ")}.`,
  rows_not_due: ({ rows }, { many }) => `${plural(rows, "row")} on a date without ${many}.`,
  warm_up: ({ days, left }) => `No rows are expected in the first ${days} days (${plural(left, "day")} left).`,
  calendar_from_rows: ({ table }, { one, many }) =>
    `The schedule has no ${one} of this month: dates and ${many} are those that ${table} has rows of.`,
  not_over: ({ done, due }, unit) => `The date is not over: ${done} of ${unitsOf(due, unit)} final.`,
  not_done: ({ open, late }, unit) =>
    `The schedule has no final result for ${unitsOf(open, unit)}${late > 0 ? `, though box scores of ${late} are there` : ""}.`,
  done_unseen: ({ units }) =>
    `Final in the schedule, without a score or a box score anywhere: ${units.join(", ")}. Played? Postponed?`,
  source_short: (params, unit) => `${params.source} is short of ${missingOf(params, unit)}.`,
  source_below_usual: ({ source, rows, usual }) =>
    `${source} has ${plural(rows, "row")}; about ${usual.toLocaleString("en-US")} are usual on such a date.`,
  done_without_rows: ({ units }, unit) =>
    `${unitsOf(units, unit)} ${units === 1 ? "is" : "are"} final in the schedule and ${units === 1 ? "has" : "have"} no box score anywhere.`,
  optional_source_short: (params, unit) => `${params.effect}: no ${params.source} for ${missingOf(params, unit)}.`,
  source_serves: ({ served, needed, unit, isOver }) =>
    `${served} of ${plural(needed, unit)}${isOver || served >= needed ? "" : "; the date is not over"}.`,
  source_without_rule: () => "No rule says how many rows belong to a date.",
  source_without_usual: () => "No expectation yet: too few dates before are like this one.",
  source_beside_usual: ({ rows, usual }) => `${plural(rows, "row")}, where ${usual} are usual.`,
  source_not_due: () => "Nothing is needed of it on this date.",
  no_rows: ({ expected }) => `0 of ${plural(expected, "row")}.`,
  too_few_rows: ({ rows, expected }) => `${rows} of ${plural(expected, "row")}.`,
  too_many_rows: ({ rows, expected }) => `${rows} rows where ${expected} belong.`,
  copies: ({ rows, distinct, copies }) =>
    rows === distinct * copies
      ? `Every row is there ${times(copies)}: ${plural(rows, "row")}, ${distinct} distinct.`
      : `${plural(rows - distinct, "row")} too many: some are there ${times(copies)}.`,
  check_failed: (params) => failedCheck(params),
  learned_failed: (params) => failedCheck(params),
  model_changed: ({ since }) =>
    `Its rows are of an older version of the model${since ? `, which changed on ${shortDate(since.slice(0, 10), true)}` : ""}.`,
  invalidated: ({ before, reason }) => `Its rows were written before ${shortMoment(before)}: ${reason}`,
  input_outdated: ({ input, dates }) => `It was made of outdated rows of ${input} of ${dateList(dates)}.`,
  source_newer: ({ source }) => `${source} changed after these rows were built.`,
  input_defect: ({ input, state, edge }) =>
    `Rows are there though ${input} of the date is ${state}${edge === "gate" ? " (gate)" : ""}.`,
  input_short: ({ input }) => `${input} of the date holds less than belongs to it, as its source does.`,
  input_newer: ({ input, edge }) =>
    `Rows are older than ${input} of the date, which they ${edge === "gate" ? "wait for" : "were built from"}.`,
  input_affected: ({ input, state }) => `${input} of the date is ${state}.`,
  window_defect: ({ input, dates, window }, unit) =>
    `${input} is not complete on ${dateList(dates)}, in ${windowWords(window, unit)}.`,
  window_newer: ({ input, dates }) => `${input} of ${dateList(dates)} was rebuilt after these rows.`,
  window_affected: ({ input, state, dates, window }, unit) =>
    `${input} is ${state} on ${dateList(dates)}, in ${windowWords(window, unit)}.`,
  waits_for: ({ inputs, dates }) => `Waits for ${inputs.join(", ")} of ${dateList(dates)}.`,
  nothing_read: () => "No rows, and nothing that it reads has any.",
  none_of_read: ({ inputs }) => `No rows, though ${inputs.join(", ")} ${inputs.length > 1 ? "have" : "has"} some.`,
  read_defect: ({ input, state }) => `${input}, which it reads, is ${state} on the date.`,
  read_newer: ({ input }) => `${input} was built again after these rows.`,
  running: () => "A run is building this cell.",
  run_failed: ({ error }) => `The last run failed: ${error ?? "no reason is recorded"}`,
  preflight_skipped: ({ run }) => `Built by run ${run} with pre-flight skipped.`,
  never_built: ({ sources }) =>
    `It was never built, or its rows were deleted. ${rowsOf(sources)} A backfill can build it.`,
  rows_lost: ({ sources }) => `Rows are lost, or came to the raw table later. ${rowsOf(sources)}`.trim(),
  written_twice: () => "It was written more than once without replacing what was there.",
  rows_of_nobody: () => "It holds rows of something that its sources lack.",
  source_rows: ({ sources }) => rowsOf(sources),
  source_rows_newer: () => "Its rows changed after these were built.",
  source_rows_short: ({ rows }) =>
    `The raw source is short: ${plural(rows, "row")}. Load it with import, or accept the gap.`,
  in_state: ({ state }) => state,
  needed_by: ({ table, date, because }, unit) =>
    `needed by ${table} of ${shortDate(date)}: ${because ? formatReason(because, unit) : ""}`,
  reads_rebuilt: ({ table, date }) => `reads ${table} of ${shortDate(date)}, which is built again`,
  task_of: ({ counts }) => counts.map(countOf).join(", "),
  written_elsewhere: ({ by }) => `It is written by ${by}, not from here.`,
  stays_short: () => "Its raw source is short.",
  source_lost: ({ rows, possible }) =>
    `Its source has lost rows: ${plural(rows, "row")} are there, and a backfill would leave ${possible}.`,
  same_rows: () => "Rebuilding gives the same rows. Fix the source or the model, or accept the gap.",
  input_stays_short: () => "It waits for an input that no backfill can complete.",
  reads_unreadable: ({ input }) => `${input}, which it reads, differs from its definition and cannot be read.`,
  holes_stay: () => "It is tainted by holes that no backfill can fill; building it again would change nothing.",
};

/** The sentence of a reason. */
export const formatReason = ({ code, params }: Reason, unit: Unit): string =>
  (SENTENCES[code] as (params: Reason["params"], unit: Unit) => string)(params, unit);

/** Sentences of reasons; one list for all cells that have none. */
export const formatReasons = (reasons: readonly Reason[], unit: Unit): readonly string[] =>
  reasons.length === 0 ? NONE : reasons.map((one) => formatReason(one, unit));
const NONE: readonly string[] = [];

/** A chain of causes as it is shown. */
export const formatExplanation = ({ reasons, because, ...step }: Explanation, unit: Unit): Why => ({
  ...step,
  words: formatReasons(reasons, unit).join(" "),
  because: because.map((one) => formatExplanation(one, unit)),
});

/** A plan as it is shown and kept. Its cells come in runs of one reason. */
export function formatPlan({ tasks, cells, leftOut, ...rest }: PlanDraft, unit: Unit): PlanBody {
  let last: { reason: Reason; words: string } | undefined;
  const words = (reason: Reason) => {
    if (last?.reason !== reason) last = { reason, words: formatReason(reason, unit) };
    return last.words;
  };
  const shown = <T extends { reason: Reason }>(one: T) => ({ ...one, reason: words(one.reason) });
  return { tasks: tasks.map(shown), cells: cells.map(shown), leftOut: leftOut.map(shown), ...rest };
}
