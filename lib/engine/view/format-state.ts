import type { Cell, Summary } from "../../api/coverage";
import type { StateChange } from "../../api/runs";
import { shortDate } from "../../util/dates";
import { groupBy } from "../../util/group-by";
import { type CellState, STATES } from "../coverage/cell-states";
import type { Pipeline } from "../pipeline/compile";
import type { Unit } from "../pipeline/types";
import { capitalized, plural } from "./format";

/** A state as people read it: "not expected". */
export const formatState = (state: CellState): string => state.replace("_", " ");

/** "12 of 15 dates need work", or that nothing does; complete is nothing that is outdated. */
export function formatHeadline(summary: Summary, { none }: Unit): string {
  if (summary.datesDue === 0) return `${capitalized(none)} in this range`;
  const { outdated = 0 } = summary.counts;
  if (summary.datesToDo === 0 && outdated > 0)
    return `No date needs work, ${plural(outdated, "cell")} ${outdated === 1 ? "is" : "are"} outdated`;
  if (summary.datesToDo === 0) return "All data is complete";
  return `${summary.datesToDo} of ${summary.datesDue} dates need${summary.datesToDo === 1 ? "s" : ""} work`;
}

/** "9 missing, 2 duplicated, 1 corrupt": the dates that need work, by the worst of each. */
export function formatWorst(summary: Summary): string {
  return STATES.filter((state) => summary.worst[state])
    .map((state) => `${summary.worst[state]} ${formatState(state)}`)
    .join(", ");
}

/** "safe to use through Nov 14, 2021", or why not. */
export function formatSafeThrough(summary: Summary): string {
  return summary.safeThrough
    ? `safe to use through ${shortDate(summary.safeThrough, true)}`
    : "no date is safe to use yet";
}

/** "35 missing now complete, 2 duplicated now complete". */
export const formatChanges = (changes: readonly StateChange[]): string =>
  changes.map(({ from, to, cells }) => `${cells} ${formatState(from)} now ${formatState(to)}`).join(", ");

/** Short names, or that of a layer where they are all of its tables. */
function formatTables({ tables }: Pipeline, names: string[]): string {
  const layer = tables.find((table) => table.id === names[0])?.layer;
  const all = tables.filter((table) => table.layer === layer).map((table) => table.id);
  if (layer !== undefined && all.length > 1 && names.length === all.length && all.every((name) => names.includes(name)))
    return layer;
  return names.length === tables.length ? "all tables" : names.join(", ");
}

/** States that are named, in their order: what is not there before what follows from it. */
const NAMED: readonly CellState[] = [
  "running",
  "failed",
  "missing",
  "partial",
  "duplicated",
  "surplus",
  "invalid",
  "corrupt",
  "blocked",
  "tainted",
  "stale",
  "outdated",
];

/**
 * The status of a date in words, from its cells' states: the worst first, tainted,
 * stale and outdated only where nothing is worse ("orders, payments missing; sales corrupt; cohorts blocked").
 */
export function formatStatus(pipeline: Pipeline, cells: readonly Cell[]): string {
  const { none } = pipeline.calendar.unit;
  // Most dates are one of these.
  if (cells.every((cell) => cell.state === "complete")) return cells.length > 0 ? "complete" : none;
  if (cells.every((cell) => cell.state === "not_expected")) return none;
  const accepted = cells.filter((cell) => cell.accepted);
  if (accepted.length > 0) {
    const rest = formatStatus(
      pipeline,
      cells.filter((cell) => !cell.accepted),
    );
    const gaps = `${formatTables(
      pipeline,
      accepted.map((cell) => cell.table),
    )} accepted as gaps`;
    return rest === "complete" || rest === none ? gaps : `${rest}; ${gaps}`;
  }
  const byState = groupBy(cells, (cell) => cell.state);
  const there = NAMED.filter((state) => byState.has(state));
  if (there.length === 0) {
    if (byState.has("pending"))
      return `${formatTables(
        pipeline,
        (byState.get("pending") as Cell[]).map((cell) => cell.table),
      )} pending`;
    return byState.has("bootstrap")
      ? `complete; ${formatTables(
          pipeline,
          (byState.get("bootstrap") as Cell[]).map((cell) => cell.table),
        )} not yet`
      : "complete";
  }
  const worse = there.filter((state) => state !== "tainted" && state !== "stale" && state !== "outdated");
  return (worse.some((state) => state !== "running") ? worse : there)
    .map((state) => {
      const group = byState.get(state) as Cell[];
      const names = formatTables(
        pipeline,
        group.map((cell) => cell.table),
      );
      const copies = group[0]?.copies ?? 0;
      const same = group.every((cell) => cell.copies === copies && cell.rows === cell.distinct * copies);
      return state === "duplicated" && same ? `${names} held ${copies} times` : `${names} ${formatState(state)}`;
    })
    .join("; ");
}
