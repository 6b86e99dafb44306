import { type Column, PROCESSED_AT } from "./columns";
import { dateOf, PROCESSORS, processor, qualifiedName } from "./engine/pipeline/registry";
import { RAW_TABLES } from "./pipelines/nba/sources";

/** A table as the warehouse holds it, raw or derived: its definition, with the columns that a writer adds. */
export interface StoredTable {
  dataset: string;
  name: string;
  /** dataset.name, as SQL names it. */
  qualified: string;
  isRaw: boolean;
  /** Another program writes it: it is never created, changed or emptied from here. */
  isObserved: boolean;
  /** The column of a row's date, or an expression of it where another program's column is no DATE. */
  dateColumn: string;
  grain: readonly string[];
  /** The column that says when a row was written, where there is one. */
  builtAt: string | null;
  columns: Column[];
}

const RUN_ID: Column = { name: "run_id", type: "STRING", meaning: "the run that wrote it" };

/** All tables of the warehouse, raw ones first. */
export const STORED_TABLES: readonly StoredTable[] = [
  ...RAW_TABLES.map((table) => ({
    ...table,
    qualified: qualifiedName(table),
    isRaw: true,
    isObserved: false,
    builtAt: PROCESSED_AT.name,
    columns: [...table.columns, PROCESSED_AT],
  })),
  ...PROCESSORS.map((table) => ({
    ...table,
    qualified: qualifiedName(table),
    isRaw: false,
    isObserved: table.observed !== undefined,
    dateColumn: dateOf(table),
    builtAt: table.observed ? table.observed.builtAt : PROCESSED_AT.name,
    columns: table.observed ? table.columns : [...table.columns, PROCESSED_AT, RUN_ID],
  })),
];

export const OWN_TABLES = STORED_TABLES.filter((table) => !table.isObserved);

export const DATASETS: readonly string[] = [...new Set(OWN_TABLES.map((table) => table.dataset))];

/** The table of a short, full or raw name; an error that lists the names otherwise. */
export function storedTable(name: string): StoredTable {
  const raw = STORED_TABLES.find((table) => table.isRaw && table.name === name);
  if (raw) return raw;
  const derived = processor(name);
  return STORED_TABLES.find((table) => table.name === derived.name) as StoredTable;
}
