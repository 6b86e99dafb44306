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

const RUN_ID: Column = { name: "run_id", type: "STRING", description: "the run that wrote it" };

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
    columns: table.observed ? table.columns : [...table.columns, PROCESSED_AT, RUN_ID],
  })),
];
