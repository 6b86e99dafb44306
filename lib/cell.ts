import type { Why } from "./coverage/root-causes";
import type { Cell, CellState } from "./coverage/types";

/** One input of a cell, as it is on the dates that the cell reads. */
export interface CellInput {
  table: string;
  edge: "same-date" | "gate" | "lookback";
  window: string;
  critical: boolean;
  rows: number;
  expected: number | null;
  /** Worst state over the window, for derived inputs. */
  state: CellState | null;
}

/** What the details of a cell show. */
export interface CellDetail {
  cell: Cell;
  /** The chain of causes, where something is not right. */
  why: Why | null;
  inputs: CellInput[];
  runs: Array<{
    runId: string;
    status: string;
    seconds: number | null;
    endedAt: string | null;
    rows: number;
    dates: number;
    sample: boolean;
  }>;
}
