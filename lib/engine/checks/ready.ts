import type { Cell } from "../../api/coverage";
import type { CellState } from "../coverage/types";

/** States in which all rows that are due are there, and right; outdated ones were right when they were made. */
const SETTLED: ReadonlySet<CellState> = new Set(["complete", "outdated", "bootstrap", "not_expected"]);

/** True when what reads a table elsewhere may read this date: all that is due is there, or its gap is accepted. */
export const isReady = ({ states, accepted }: Pick<Cell, "states" | "accepted">): boolean =>
  !states.includes("running") && (accepted !== undefined || states.every((state) => SETTLED.has(state)));
