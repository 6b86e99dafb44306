import type { Row } from "../../api/common";
import type { Column } from "../pipeline/columns";
import type { Reader } from "./readers";

/** One cell of a line: the header of its column, in small letters, and the name of its reader. */
export interface Cell {
  from: string;
  read: string;
  /** A line without it is bad. */
  isRequired?: boolean;
  /** A file without the column is of the format too. */
  isOptional?: boolean;
}

/** A kind of file that import understands. It is known by the columns that it needs. */
export interface Format {
  name: string;
  cells: Readonly<Record<string, Cell>>;
  /** Rows that one line gives, by source: columns of the names of cells are theirs; others are DuckDB's SQL over cells. */
  rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What its rows are selected from, given the table of its lines: more columns for the SQL of `rows`. */
  from?: (lines: string) => string;
}

/** What an importer does with the lines that were read, in DuckDB's SQL, before rows are written. */
export interface ImportSession {
  /** Files in their order, each with the table of its lines: the cells of its format, and rowid. */
  files: ReadonlyArray<{ format: Format; lines: string }>;
  /** Sources of which the files have rows. */
  tables: ReadonlySet<string>;
  columnsOf(table: string): readonly Column[];
  /** A SELECT of a source's rows, of files of some formats or of all: _id, helpers and columns; "" where there are none. */
  rowsOf(table: string, of?: (format: Format) => boolean): string;
  /** Helpers and columns of a source for a SELECT: as they are made, and NULL. */
  valuesOf(table: string, made: Readonly<Record<string, string>>): string;
  /**
   * Keeps one row a key in final_NAME: the newest processed_at, or else the last line. `adjust` may change the rows
   * before, in the table that it is given.
   */
  makeTable(table: string, rows: string, adjust?: (rows: string) => Promise<void>): Promise<void>;
  run(sql: string): Promise<unknown>;
  /** Rows of a query, and the first one, which is empty where there is none. */
  ask(sql: string): Promise<unknown[][]>;
  first(sql: string): Promise<unknown[]>;
  insert(table: string, rows: ReadonlyArray<ReadonlyArray<unknown>>): Promise<void>;
  /** Asks the warehouse one of the importer's questions. */
  askWarehouse(question: string, of: readonly string[]): Promise<Row[]>;
  warn(words: string): void;
  /** Keeps what a query finds: `_id` of the line, or NULL; `key`, and `fault` in words. */
  find(rule: string, table: string, sql: string): Promise<void>;
}

/** GoogleSQL for the warehouse. */
interface Question {
  sql: string;
  params: Record<string, { type: "DATE"; value: string } | { type: "ARRAY<STRING>"; value: string[] }>;
}

/** What a pipeline knows of files. Files with a source's own columns are read without one. */
export interface Importer {
  formats: readonly Format[];
  readers?: Readonly<Record<string, Reader>>;
  /** DuckDB's macros that its SQL uses, as CREATE MACRO takes them. */
  macros?: readonly string[];
  /** Columns that rows have until they are written, beside those of their source, with DuckDB's types. */
  helpers?: Readonly<Record<string, string>>;
  /** How a source's own column is read, where its type does not say enough. */
  ownCell?(column: Column, cell: Cell): Cell;
  /** Makes the tables that are more than the rows of their files, once all files are read. */
  makeTables?(session: ImportSession): Promise<void>;
  /** Finds rows that break a rule, and warns, once all tables are made. */
  check?(session: ImportSession): Promise<void>;
  /** What it asks of the warehouse, by name. */
  questions?: Readonly<Record<string, (of: readonly string[]) => Question>>;
}
