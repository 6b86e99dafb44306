import type { CellState } from "./coverage/types";
import { FullcourtError } from "./errors";
import { processor } from "./processors";

/** A table of the lineage graph, as it is on one date. */
export interface LineageTable {
  name: string;
  kind: "raw" | "derived";
  /** Null for raw tables and those that other programs write. */
  phase: 3 | 4 | null;
  about: string;
  /** null for raw tables, which have no expected count. */
  state: CellState | null;
  rows: number;
  expected: number | null;
}

/** One table reads another, or waits for it. */
export interface LineageEdge {
  from: string;
  to: string;
  edge: "same-date" | "gate" | "lookback";
  window: string;
}

export interface Lineage {
  date: string;
  tables: LineageTable[];
  edges: LineageEdge[];
}

/** A column, or an element of an array column. */
export interface ColumnName {
  table: string;
  column: string;
  element: number | null;
}

/** A column on the way from a raw table to the one that was asked for. */
export interface LineageColumn {
  /** "tdza.defensive_rating_last_15", "mlfs.features[13]". */
  id: string;
  table: string;
  column: string;
  kind: "raw" | "derived";
  about: string;
  /** Its expression in the last SELECT of the table's model; null for raw columns. */
  expression: string | null;
}

export interface ColumnLineage {
  root: string;
  columns: LineageColumn[];
  /** Ids: the value of `to` is computed from `from`. */
  edges: Array<{ from: string; to: string }>;
}

/** "mlfs.features[13]" as its parts; an error that says what is wrong otherwise. */
export function parseColumn(text: string): ColumnName {
  const parts = /^([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)(?:\[(\d+)\])?$/.exec(text);
  const wrong = (message: string) =>
    new FullcourtError("bad_column", message, "Write TABLE.COLUMN or TABLE.COLUMN[N], for example mlfs.features[13].");
  if (!parts) throw wrong(`"${text}" is not a column.`);
  const [, name = "", column = "", element] = parts;
  const table = processor(name);
  const found = table.columns.find((one) => one.name === column);
  if (!found) throw wrong(`${table.short} has no column "${column}".`);
  if (element !== undefined && !found.type.startsWith("ARRAY")) throw wrong(`${table.short}.${column} is no array.`);
  return { table: table.short, column, element: element === undefined ? null : Number(element) };
}

/** The id of a column. */
export const columnId = ({ table, column, element }: ColumnName): string =>
  `${table}.${column}${element === null ? "" : `[${element}]`}`;
