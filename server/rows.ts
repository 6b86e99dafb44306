import { parquetWriteBuffer } from "hyparquet-writer";
import type { Column, ColumnType } from "@/lib/columns";
import { storedTable } from "@/lib/stored";
import type { Context } from "./context";
import type { Row, Value } from "./warehouse";

/** The rows of one table, derived or raw, on one date, ordered by grain. */
export async function readRows(context: Pick<Context, "warehouse">, name: string, date: string): Promise<Row[]> {
  const table = storedTable(name);
  const order = [...table.grain, ...(table.builtAt ? [table.builtAt] : [])];
  return context.warehouse.query(
    `SELECT * FROM ${table.qualified} WHERE ${table.dateColumn} = @date ORDER BY ${order.join(", ")}`,
    { date: { type: "DATE", value: date } },
  );
}

const text = (value: Value | undefined) =>
  value === null || value === undefined ? "" : Array.isArray(value) ? JSON.stringify(value) : String(value);

const quoted = (value: string) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Rows as CSV: NULL is empty, an array is JSON. */
export function toCsv(rows: readonly Row[], columns: readonly string[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((name) => text(row[name])))];
  return `${lines.map((line) => line.map(quoted).join(",")).join("\n")}\n`;
}

const PARQUET: Record<ColumnType, "STRING" | "INT64" | "DOUBLE" | "BOOLEAN" | "TIMESTAMP"> = {
  STRING: "STRING",
  INT64: "INT64",
  FLOAT64: "DOUBLE",
  BOOL: "BOOLEAN",
  DATE: "STRING",
  TIMESTAMP: "TIMESTAMP",
  "ARRAY<FLOAT64>": "STRING",
  "ARRAY<STRING>": "STRING",
};

function parquetValue(type: ColumnType, value: Value | undefined) {
  if (value === null || value === undefined) return null;
  if (type === "INT64") return BigInt(value as number);
  if (type === "TIMESTAMP") return new Date(value as string);
  return Array.isArray(value) ? JSON.stringify(value) : value;
}

/** Rows as a Parquet file with the table's types; a DATE is its text, an array is JSON. */
export function toParquet(rows: readonly Row[], columns: readonly Column[]): ArrayBuffer {
  return parquetWriteBuffer({
    columnData: columns.map(({ name, type }) => ({
      name,
      type: PARQUET[type],
      data: rows.map((row) => parquetValue(type, row[name])),
      nullable: true,
    })),
  });
}

/** All columns of a table as its rows have them, the warehouse's own included. */
export const columnsOf = (name: string): Column[] => storedTable(name).columns;
