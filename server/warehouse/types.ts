import type { Row, Value } from "@/lib/api/common";
import type { ColumnFault } from "@/lib/engine/coverage/cell-states";
import type { FactRow } from "@/lib/engine/coverage/facts";
import type { ColumnType } from "@/lib/engine/pipeline/columns";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { Source } from "@/lib/engine/pipeline/types";
import type { Changes } from "./changes";

/** A value as the product sees it: DATE is YYYY-MM-DD, TIMESTAMP ISO 8601 in UTC, INT64 a number. */
export type { Row, Value };

/** A typed query parameter. */
interface Param {
  type: ColumnType | "ARRAY<DATE>";
  value: string | number | boolean | null | string[];
}
export type Params = Record<string, Param>;

/** @start_date and @end_date, as every model takes them. */
export function rangeParams(start: string, end: string): Params {
  return { start_date: { type: "DATE", value: start }, end_date: { type: "DATE", value: end } };
}

/** One (table, dates) replacement: the partitions get exactly the rows of `select` on these dates. */
export interface Replacement {
  table: Processor;
  dates: readonly string[];
  /** GoogleSQL over @start_date..@end_date and @dates; the table's model when it is left out. */
  select?: string;
  /** Rows of the table's own columns that are there already, in place of `select`. */
  rows?: Row[] | ParquetRows;
  /** Stamp of the new rows; without it `select` brings processed_at and run_id itself. */
  stamp?: { processedAt: string; runId: string };
  signal?: AbortSignal;
  /**
   * Names the work, so that it is done once: who sends it again, after a restart too, gets the
   * result of the first time where the engine has kept it. Failed work is done again.
   */
  once?: string;
  /** Who has claimed the dates: see Warehouse.claim. */
  holder?: string;
  /** Asked when the rows are ready, before they are committed (or, where that is one step, sent): an error stops it. */
  beforeCommit?: () => Promise<void>;
}

/** What the statements of a replacement take: @start_date, @end_date, @dates (ascending) and the stamp of the new rows, with the version of the table's model. */
export function replacementParams(dates: readonly string[], stamp: Replacement["stamp"], table?: Processor): Params {
  return {
    ...rangeParams(dates[0] as string, dates.at(-1) as string),
    dates: { type: "ARRAY<DATE>", value: [...dates] },
    ...(stamp
      ? {
          processed_at: { type: "TIMESTAMP", value: stamp.processedAt },
          run_id: { type: "STRING", value: stamp.runId },
          model_version: { type: "STRING", value: (table?.sql !== undefined && table.modelVersion) || null },
        }
      : {}),
  };
}

/** The columns of a replacement's new rows: those of its SELECT and its stamp; parameters begin as the engine has it. */
export const stampedColumns = ({ sql }: Pick<Processor, "sql">, sign: "@" | "$"): string =>
  `*, ${sign}processed_at AS processed_at, ${sign}run_id AS run_id${sql === undefined ? "" : `, ${sign}model_version AS model_version`}`;

export interface Replaced {
  rows: number;
  deleted: number;
  /** Seconds of each stage: computing rows from the tables that are read, then writing them. */
  computeSeconds: number;
  writeSeconds: number;
  /** Bytes read and slot seconds used, where the engine bills them. */
  bytes: number | null;
  slotSeconds: number | null;
}

/** Rows in a Parquet file that has all columns of their table, by name; TIMESTAMP is an instant. */
export interface ParquetRows {
  parquet: string;
  rows: number;
}

/** Raw rows on their way in, by table; columns that a row lacks are NULL. */
export type RawRows = Map<string, Row[]>;

/** A raw table's rows, as they are: on their way from another warehouse, or at hand. */
export interface RawStream {
  table: string;
  rows: Row[] | AsyncIterable<Row[]>;
}

/** Where a warehouse keeps what it has seen, so that it need not look again: JSON by key. */
export interface KeyValueStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/**
 * The one door to the warehouse. All SQL that goes in is GoogleSQL with @parameters;
 * only this folder knows which engine runs it.
 */
export interface Warehouse {
  readonly engine: "duckdb" | "bigquery" | "postgres";
  /** Replacements that it takes at once. */
  readonly parallelTasks: number;
  /** Statements sent so far: what a check costs can be counted. */
  readonly queryCount: number;
  /** What has been written to it. */
  readonly changes: Changes;
  /**
   * Units, rows, keys, times and expected rows of whole epochs, as the coverage statement gives them. An engine
   * that bills what it reads counts only partitions that have changed since `memory` saw them. Where it `hasColumns` and
   * reading costs nothing, what the columns of the newest dates hold too.
   */
  facts(firstEpoch: string, lastEpoch: string, memory: KeyValueStore, hasColumns: boolean): Promise<FactRow[]>;
  query(sql: string, params?: Params): Promise<Row[]>;
  /** Rows in chunks, for results that do not fit in memory. */
  stream(sql: string, params?: Params): AsyncIterable<Row[]>;
  /**
   * Gives dates to a holder, where the engine commits by itself what it was sent: a replacement of another holder that
   * was sent before, and commits later, writes nothing. Else beforeCommit is enough, and nothing is done.
   */
  claim(table: Processor, dates: readonly string[], holder: string): Promise<void>;
  /** Replaces whole partitions in one transaction: the old rows or the new, never both, never none. */
  replacePartitions(replacement: Replacement): Promise<Replaced>;
  /** One statement that changes rows, in a transaction of its own; gives how many it changed. */
  execute(sql: string, params?: Params): Promise<number>;
  /** Loads raw rows of any number of tables in one transaction; gives how many are new, or replace others of their key. */
  loadRaw(rows: ReadonlyMap<string, Row[] | ParquetRows>, processedAt?: string): Promise<Map<string, number>>;
  /** Puts raw rows in place of those of some dates, or of all, tables together in one transaction; gives their numbers. */
  replaceRaw(tables: readonly RawStream[], range?: { start: string; end: string }): Promise<Map<string, number>>;
  /** Deletes every row of raw and derived tables, in one transaction. */
  clear(): Promise<void>;
  /** Bytes that building a table on some dates would read, before it is done; null where reading costs nothing. */
  bytesOf(table: Processor, dates: readonly string[]): Promise<number | null>;
  /** Copies everything, as it is at one moment, into a new file; false where the engine keeps its own copies. */
  copyTo(file: string): Promise<boolean>;
  /** What is wrong with tables, by qualified name: their rows are read as well as they can be. */
  faults(): Promise<ReadonlyMap<string, readonly ColumnFault[]>>;
  /** How its tables differ from their definitions, in words; a table that is not there too. */
  differences(): Promise<string[]>;
  /** The statement as the engine runs it. */
  explain(sql: string): Promise<string>;
  /** Rows that a catalog has apart from those of a date, without one or streamed in and on their way; and of which tables it knows. */
  loose?(): Promise<{ tables: ReadonlySet<string>; rows: LooseRows[] }>;
  /** Waits, for a while, until tables of other programs are read as they are now: somebody may be writing them. */
  catchUp?(): Promise<void>;
  /** Of tables that other programs write, the moment that is shown; null where what is there is always known. */
  seen?(): Seen | null;
  close(): Promise<void>;
}

/** Rows of a table that are in no date's partition. */
export interface LooseRows {
  qualified: string;
  partition: "__NULL__" | "__UNPARTITIONED__";
  rows: number;
}

/** What is known of tables that other programs write. */
export interface Seen {
  /** ISO 8601. */
  at: string;
  /** They may have changed since, and cannot be read: somebody is writing, or their server is away. */
  isBehind: boolean;
  isAway?: boolean;
}

/** The rows of a SELECT on some dates: @dates, within @start_date..@end_date that the SELECT takes. */
export const partitionSql = ({ dateColumn }: Pick<Processor, "dateColumn">, select: string): string =>
  `SELECT * FROM (${select}) AS model WHERE ${dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d)`;

/** A source's rows on the dates @start_date to @end_date; those whose date is not known belong to every range. */
export const rowsOfRange = ({ dateColumn }: Pick<Source, "dateColumn">): string =>
  dateColumn ? `(${dateColumn} BETWEEN @start_date AND @end_date OR ${dateColumn} IS NULL)` : "TRUE";

/** That rows of two aliases have the same key. */
export const sameKey = (grain: readonly string[], left: string, right: string): string =>
  grain.map((column) => `${left}.${column} = ${right}.${column}`).join(" AND ");

/** Rows by date of one table. */
export async function countsByDate(
  warehouse: Pick<Warehouse, "query">,
  table: { dataset: string; name: string; dateColumn: string },
  start: string,
  end: string,
): Promise<Map<string, number>> {
  const rows = await warehouse.query(
    `SELECT ${table.dateColumn} AS d, COUNT(*) AS n FROM ${qualifiedName(table)}
     WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date GROUP BY ${table.dateColumn}`,
    rangeParams(start, end),
  );
  return new Map(rows.map((row) => [row.d as string, row.n as number]));
}
