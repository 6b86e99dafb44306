import type { CellDetail } from "../../api/coverage";
import { type CellState, cellKey } from "./types";

/** A step of a chain of causes, whether of codes or of sentences. */
interface Chain<Step> {
  table: string;
  date: string;
  isRoot: boolean;
  because: readonly Step[];
}

/** The ends of a chain of causes: what has to be put right first, each cell once. */
export function rootCells<Step extends Chain<Step>>(why: Step): Step[] {
  const found = new Map<string, Step>();
  const visit = (at: Step) => {
    if (at.isRoot) found.set(cellKey(at.table, at.date), at);
    for (const one of at.because) visit(one);
  };
  visit(why);
  return [...found.values()];
}

/** When a cell came to the state that it shows, and by which run (null: outside of runs); null where nothing recorded it. */
export function changeTo(
  state: CellState,
  history: CellDetail["history"],
): { at: string; runId: string | null } | null {
  const [last] = history;
  return last?.to === state ? { at: last.at, runId: last.runId } : null;
}
