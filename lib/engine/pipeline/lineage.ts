import { FullcourtError } from "../../errors";

export interface ColumnName {
  table: string;
  column: string;
  element: number | null;
}

/** The columns of a table that can be traced, and the names of the elements of those that are arrays. */
export interface TableColumns {
  table: string;
  columns: ReadonlyArray<{ name: string; isArray: boolean; elements?: readonly string[] }>;
}

/** "mlfs.features[13]" as its parts; an error that says what is wrong otherwise. */
export function parseColumn(text: string, tables: readonly TableColumns[]): ColumnName {
  const parts = /^([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)(?:\[(\d+)\])?$/.exec(text);
  const wrong = (message: string) =>
    new FullcourtError("bad_column", message, "Write TABLE.COLUMN or TABLE.COLUMN[N], for example mlfs.features[13].");
  if (!parts) throw wrong(`"${text}" is not a column.`);
  const [, name = "", column = "", element] = parts;
  const known = tables.find(({ table }) => table === name.toLowerCase());
  if (!known) throw wrong(`There is no table "${name}".`);
  const { table } = known;
  const found = known.columns.find((one) => one.name === column);
  if (!found) throw wrong(`${table} has no column "${column}".`);
  if (element !== undefined && !found.isArray) throw wrong(`${table}.${column} is no array.`);
  return { table, column, element: element === undefined ? null : Number(element) };
}

export const columnId = ({ table, column, element }: ColumnName): string =>
  `${table}.${column}${element === null ? "" : `[${element}]`}`;
