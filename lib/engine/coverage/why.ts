import type { Cause, Cell } from "../../api/coverage";
import { tableOf } from "../pipeline/find";
import { type Reason, reason } from "./reasons";
import { type CoverageFacts, cellKey } from "./types";

/** One step of the way from a cell back to what made it so. */
export interface Explanation {
  table: string;
  date: string;
  /** How the cell above reads it; absent for the cell itself. */
  edge?: Cause["edge"];
  reasons: readonly Reason[];
  /** More dates of the same table with the same effect. */
  more: number;
  /** Nothing upstream explains it: the chain begins here. */
  isRoot: boolean;
  because: readonly Explanation[];
}

const DEEPEST = 8;
const MOST_CAUSES = 5;

/** Why a cell that nothing upstream explains is as it is. */
function rootReasons(facts: CoverageFacts, { table, date, states }: Cell): Reason[] {
  const sources = tableOf(facts.pipeline, table)
    .inputs.filter(
      (input) => facts.pipeline.sourceById.has(input.table) && input.critical && input.edge === "same-date",
    )
    .map((input) => ({ source: input.table, rows: facts.raw.get(input.table)?.get(date)?.rows ?? 0 }));
  if (states.includes("missing")) return [reason("never_built", { sources })];
  if (states.includes("partial")) return [reason("rows_lost", { sources })];
  if (states.includes("duplicated")) return [reason("written_twice", {})];
  if (states.includes("surplus")) return [reason("rows_of_nobody", {})];
  return sources.length > 0 ? [reason("source_rows", { sources })] : [];
}

/** The causes of a cell's state, each with its own, back to the raw source. */
export function explainCell(facts: CoverageFacts, cells: ReadonlyMap<string, Cell>, cell: Cell): Explanation {
  const seen = new Set<string>();
  const visit = (at: Cell, depth: number, edge?: Cause["edge"], more = 0): Explanation => {
    seen.add(cellKey(at.table, at.date));
    const because: Explanation[] = [];
    for (const cause of at.causes) {
      if (depth >= DEEPEST || because.length >= MOST_CAUSES) break;
      const date = cause.dates[0] as string;
      if (seen.has(cellKey(cause.table, date))) continue;
      if (cause.edge === "raw") {
        seen.add(cellKey(cause.table, date));
        const rows = facts.raw.get(cause.table)?.get(date)?.rows ?? 0;
        const reasons = [
          cause.what === "newer" ? reason("source_rows_newer", {}) : reason("source_rows_short", { rows }),
        ];
        const more = cause.dates.length - 1;
        because.push({ table: cause.table, date, edge: "raw", reasons, more, isRoot: true, because: [] });
        continue;
      }
      const next = cells.get(cellKey(cause.table, date));
      if (next) because.push(visit(next, depth + 1, cause.edge, cause.dates.length - 1));
    }
    const reasons = at.causes.length === 0 ? [...at.reasons, ...rootReasons(facts, at)] : at.reasons;
    const { table, date, causes } = at;
    return { table, date, ...(edge ? { edge } : {}), reasons, more, isRoot: causes.length === 0, because };
  };
  return visit(cell, 0);
}
