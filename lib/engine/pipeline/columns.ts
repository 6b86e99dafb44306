export type ColumnType =
  | "STRING"
  | "INT64"
  | "FLOAT64"
  | "BOOL"
  | "DATE"
  | "TIMESTAMP"
  | "ARRAY<FLOAT64>"
  | "ARRAY<STRING>";

/** One column of a table: its name, GoogleSQL type and what it means (unit and source). */
export interface Column {
  name: string;
  type: ColumnType;
  description: string;
}

export type ColumnRow = [name: string, type: ColumnType, description: string];

export function columns(...rows: ColumnRow[]): Column[] {
  return rows.map(([name, type, description]) => ({ name, type, description }));
}

/** When a row was written; every table has it. */
export const PROCESSED_AT: Column = {
  name: "processed_at",
  type: "TIMESTAMP",
  description: "when the row was written",
};
