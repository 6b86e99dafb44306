import type { Cell } from "../../api/coverage";
import { groupBy } from "../../util/group-by";
import type { Pipeline } from "../pipeline/compile";
import type { CellState } from "./types";
import { stateWord } from "./words";

/** Short names, or that of a layer where they are all of its tables. */
function tableWords({ tables }: Pipeline, names: string[]): string {
  const layer = tables.find((table) => table.short === names[0])?.layer;
  const all = tables.filter((table) => table.layer === layer).map((table) => table.short);
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
  "corrupt",
  "blocked",
  "tainted",
  "stale",
];

/**
 * The status of a date in words, from its cells' states: the worst first, tainted and
 * stale only where nothing is worse ("orders, payments missing; sales corrupt; cohorts blocked").
 */
export function statusWords(pipeline: Pipeline, cells: readonly Cell[]): string {
  const { none } = pipeline.calendar.unit;
  // Most dates are one of these.
  if (cells.every((cell) => cell.state === "complete")) return cells.length > 0 ? "complete" : none;
  if (cells.every((cell) => cell.state === "not_expected")) return none;
  const accepted = cells.filter((cell) => cell.accepted);
  if (accepted.length > 0) {
    const rest = statusWords(
      pipeline,
      cells.filter((cell) => !cell.accepted),
    );
    const gaps = `${tableWords(
      pipeline,
      accepted.map((cell) => cell.table),
    )} accepted as gaps`;
    return rest === "complete" || rest === none ? gaps : `${rest}; ${gaps}`;
  }
  const byState = groupBy(cells, (cell) => cell.state);
  const there = NAMED.filter((state) => byState.has(state));
  if (there.length === 0) {
    if (byState.has("pending"))
      return `${tableWords(
        pipeline,
        (byState.get("pending") as Cell[]).map((cell) => cell.table),
      )} pending`;
    return byState.has("bootstrap")
      ? `complete; ${tableWords(
          pipeline,
          (byState.get("bootstrap") as Cell[]).map((cell) => cell.table),
        )} not yet`
      : "complete";
  }
  const worse = there.filter((state) => state !== "tainted" && state !== "stale");
  return (worse.some((state) => state !== "running") ? worse : there)
    .map((state) => {
      const group = byState.get(state) as Cell[];
      const names = tableWords(
        pipeline,
        group.map((cell) => cell.table),
      );
      const copies = group[0]?.copies ?? 0;
      const same = group.every((cell) => cell.copies === copies && cell.rows === cell.distinct * copies);
      return state === "duplicated" && same ? `${names} held ${copies} times` : `${names} ${stateWord(state)}`;
    })
    .join("; ");
}
