import type { Cell, InputFreshness } from "./coverage";

/** Rows of one date against those expected. */
export type DayCount = Pick<Cell, "date" | "rows" | "distinct" | "expected" | "state">;

/** What a table's page shows besides its definition. */
export interface TableDetail {
  /** The model as the warehouse's engine runs it. */
  sqlOfEngine: string | null;
  engine: string;
  counts: DayCount[];
  freshness: { date: string; inputs: InputFreshness[] } | null;
}
