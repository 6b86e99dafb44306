import type { InputFreshness } from "./api/coverage";
import type { CellState } from "./coverage/types";

/** Rows of one date against those expected. */
export interface DayCount {
  date: string;
  rows: number;
  distinct: number;
  expected: number | null;
  state: CellState;
}

/** What a table's page shows besides its definition. */
export interface TableDetail {
  /** The model as the warehouse's engine runs it. */
  sqlOfEngine: string | null;
  engine: string;
  counts: DayCount[];
  freshness: { date: string; inputs: InputFreshness[] } | null;
}
