import { type Column, PROCESSED_AT } from "./columns";
import type { CompiledSource, Processor } from "./compiled";
import { dateOf, qualifiedName } from "./names";

/** A table as the warehouse holds it, a source or one of the pipeline: its definition, with the columns that a writer adds. */
export interface StoredTable {
  dataset: string;
  name: string;
  /** dataset.name, as SQL names it. */
  qualified: string;
  /** A source. */
  isRaw: boolean;
  /** Another program writes it: it is never created, changed or emptied from here. */
  isObserved: boolean;
  /** The column of a row's date, or an expression of it where another program's column is no DATE. */
  dateColumn: string;
  grain: readonly string[];
  /** The column that says when a row was written, where there is one. */
  builtAt: string | null;
  columns: readonly Column[];
}

export const RUN_ID: Column = { name: "run_id", type: "STRING", description: "the run that wrote it" };
export const MODEL_VERSION: Column = {
  name: "model_version",
  type: "STRING",
  description: "the version of the model that made it; NULL: not known",
};

/** The columns that the writer of a table of our own adds to its rows. */
const writerColumns = ({ sql }: Pick<Processor, "sql">): Column[] => [
  PROCESSED_AT,
  RUN_ID,
  ...(sql === undefined ? [] : [MODEL_VERSION]),
];

/** Names of all columns of a table of our own, as SQL lists them. */
export const columnList = (table: Pick<Processor, "columns" | "sql">): string =>
  [...table.columns, ...writerColumns(table)].map(({ name }) => name).join(", ");

/** Columns of another program's table that are read whether its definition lists them or not. */
function readColumns(table: Processor | CompiledSource, builtAt: string | null): Column[] {
  const needed: Column[] = [
    ...(table.dateColumn ? [{ name: table.dateColumn, type: "DATE" as const, description: "" }] : []),
    ...table.grain.map((name) => ({ name, type: "STRING" as const, description: "" })),
    ...(builtAt ? [{ name: builtAt, type: "TIMESTAMP" as const, description: "" }] : []),
  ];
  const names = new Set(table.columns.map(({ name }) => name));
  return [...table.columns, ...needed.filter(({ name }) => !names.has(name) && names.add(name))];
}

/** A pipeline whose tables are all another program's: none is created, changed or emptied from here. */
export const asExternal = <T extends { stored: readonly StoredTable[] }>(pipeline: T): T => ({
  ...pipeline,
  stored: pipeline.stored.map((table) => ({ ...table, isObserved: true })),
  own: [],
  datasets: [],
});

/** All tables of the warehouse, sources first. */
export const storedTables = (sources: readonly CompiledSource[], tables: readonly Processor[]): StoredTable[] => [
  ...sources.map((table) => ({
    ...table,
    qualified: qualifiedName(table),
    isRaw: true,
    // Nothing can be imported into a source that lists no columns: somebody else fills it.
    isObserved: table.columns.length === 0,
    builtAt: PROCESSED_AT.name,
    columns: readColumns(table, PROCESSED_AT.name),
  })),
  ...tables.map((table) => ({
    ...table,
    qualified: qualifiedName(table),
    isRaw: false,
    isObserved: table.observed !== undefined,
    dateColumn: dateOf(table),
    builtAt: table.observed ? table.observed.builtAt : PROCESSED_AT.name,
    columns: table.observed ? readColumns(table, table.observed.builtAt) : [...table.columns, ...writerColumns(table)],
  })),
];
