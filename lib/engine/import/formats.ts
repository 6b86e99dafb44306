import { type ColumnType, PROCESSED_AT } from "../pipeline/columns";
import type { Source, Table } from "../pipeline/types";
import type { Cell, Format, Importer } from "./importer";
import type { READERS } from "./readers";

const READ: Record<ColumnType, keyof typeof READERS> = {
  STRING: "text",
  INT64: "whole",
  FLOAT64: "number",
  BOOL: "bool",
  DATE: "date",
  TIMESTAMP: "time",
  "ARRAY<FLOAT64>": "none",
  "ARRAY<STRING>": "none",
};

/** A table's own columns, all of which a file of it must have. */
export const tableFormat = ({ name, columns }: Pick<Table, "name" | "columns">): Format => ({
  name,
  cells: Object.fromEntries(
    columns.map((column) => [column.name, { from: column.name.toLowerCase(), read: READ[column.type] }]),
  ),
  rows: { [name]: {} },
});

/** What the import of a source needs to know of it. */
export type FileSource = Pick<Source, "columns" | "grain" | "required"> & { name: string };

/** A source's own columns, as importers read them. */
export function sourceFormat({ name, columns, grain, required }: FileSource, importers: readonly Importer[]): Format {
  const cellOf = (column: (typeof columns)[number]): Cell =>
    importers.reduce((cell, { ownCell }) => ownCell?.(column, cell) ?? cell, {
      from: column.name.toLowerCase(),
      read: READ[column.type],
      isOptional: !required.includes(column.name),
      isRequired: grain.includes(column.name),
    } as Cell);
  return {
    name,
    cells: Object.fromEntries([...columns, PROCESSED_AT].map((column) => [column.name, cellOf(column)])),
    rows: { [name]: {} },
  };
}

/** Columns that a file must have for a format. */
const needs = ({ cells }: Format) =>
  Object.values(cells)
    .filter((cell) => !cell.isOptional)
    .map((cell) => cell.from);

/** Columns of a format that a file lacks. */
export const lacks = (format: Format, headers: readonly string[]): string[] =>
  needs(format).filter((header) => !headers.includes(header));

/** What files may be: the importers' formats whose rows are all for the sources, and the sources' own. */
function formatsOf(sources: readonly FileSource[], importers: readonly Importer[]) {
  const names = new Set(sources.map(({ name }) => name));
  return {
    foreign: importers
      .flatMap(({ formats }) => formats)
      .filter(({ rows }) => Object.keys(rows).every((table) => names.has(table))),
    own: sources.map((source) => sourceFormat(source, importers)),
  };
}

/** The format of a file, by its headers in small letters: of several, one that uses most of its columns. */
export function detectFormat(
  headers: readonly string[],
  sources: readonly FileSource[],
  importers: readonly Importer[],
): Format | undefined {
  const used = ({ cells }: Format) => Object.values(cells).filter((cell) => headers.includes(cell.from)).length;
  const best = (formats: readonly Format[]) =>
    formats
      .filter((format) => lacks(format, headers).length === 0)
      .sort((a, b) => used(b) - used(a) || needs(b).length - needs(a).length)[0];
  const { foreign, own } = formatsOf(sources, importers);
  return best(foreign) ?? best(own);
}

/** The format that a file is nearly of: it has most of the columns, and four at least. */
export function nearest(
  headers: readonly string[],
  sources: readonly FileSource[],
  importers: readonly Importer[],
): Format | undefined {
  const share = (format: Format) => 1 - lacks(format, headers).length / needs(format).length;
  const { foreign, own } = formatsOf(sources, importers);
  const [best] = [...foreign, ...own].sort((a, b) => share(b) - share(a));
  return best && share(best) > 0.5 && needs(best).length - lacks(best, headers).length >= 4 ? best : undefined;
}
