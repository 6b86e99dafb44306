import { z } from "zod";
import { count, date, edge, state } from "./common";

const kind = z.enum(["raw", "derived"]);

/** A table of the lineage graph, as it is on one date. */
const table = z.strictObject({
  name: z.string(),
  kind,
  /** Null for raw tables and those that other programs write. */
  layer: z.string().nullable(),
  description: z.string(),
  /** null for a source that no rule covers. */
  state: state.nullable(),
  rows: count,
  expected: count.nullable(),
});

/** All tables on a date; `edges`: one reads another, or waits for it. */
export const lineage = z.strictObject({
  date,
  tables: z.array(table),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), edge, window: z.string() })),
});

/** A column on the way from a raw table to the one that was asked for. */
const column = z.strictObject({
  /** "tdza.defensive_rating_last_15", "mlfs.features[13]". */
  id: z.string(),
  table: z.string(),
  column: z.string(),
  kind,
  description: z.string(),
  /** Its expression in the last SELECT of the table's model; null for raw columns. */
  expression: z.string().nullable(),
});

export const columnLineage = z.strictObject({
  root: z.string(),
  columns: z.array(column),
  /** Ids: the value of `to` is computed from `from`. */
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});

export type LineageTable = z.output<typeof table>;
export type Lineage = z.output<typeof lineage>;
export type LineageEdge = Lineage["edges"][number];
export type LineageColumn = z.output<typeof column>;
export type ColumnLineage = z.output<typeof columnLineage>;
