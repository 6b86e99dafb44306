import { z } from "zod";
import { count, date } from "./common";
import { value } from "./rows";

/** Columns of a table's grain by name. */
const key = z.record(z.string(), value);

const columnDiff = z.strictObject({
  column: z.string(),
  /** Rows whose value is not the model's. */
  rows: count,
  /** The first three of them by key. */
  examples: z.array(z.strictObject({ key, stored: value, model: value })),
});

const cellDiff = z.strictObject({
  table: z.string(),
  date,
  equal: z.boolean(),
  /** Rows that are there. */
  rows: count,
  /** Rows that the model does not give, and those that it gives and that are not there. */
  onlyStored: count,
  onlyModel: count,
  /** The first three keys of either. */
  keys: z.strictObject({ stored: z.array(key), model: z.array(key) }),
  columns: z.array(columnDiff),
});

/** What a table's model gives today beside the rows that are there. */
export const diff = z.strictObject({ cells: z.array(cellDiff) });

export type ColumnDiff = z.output<typeof columnDiff>;
export type CellDiff = z.output<typeof cellDiff>;
export type Diff = z.output<typeof diff>;
