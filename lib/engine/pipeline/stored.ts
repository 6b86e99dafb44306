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

/** All tables of the warehouse, sources first. */
export const storedTables = (sources: readonly CompiledSource[], tables: readonly Processor[]): StoredTable[] => [
  ...sources.map((table) => ({
    ...table,
    qualified: qualifiedName(table),
    isRaw: true,
    isObserved: false,
    builtAt: PROCESSED_AT.name,
    columns: [...table.columns, PROCESSED_AT],
  })),
  ...tables.map((table) => ({
    ...table,
    qualified: qualifiedName(table),
    isRaw: false,
    isObserved: table.observed !== undefined,
    dateColumn: dateOf(table),
    builtAt: table.observed ? table.observed.builtAt : PROCESSED_AT.name,
    columns: table.observed ? table.columns : [...table.columns, ...writerColumns(table)],
  })),
];
