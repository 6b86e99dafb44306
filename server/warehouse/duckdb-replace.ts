import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableFacts } from "@/lib/coverage/types";
import { FullcourtError } from "@/lib/errors";
import { type Processor, qualifiedName } from "@/lib/processors";
import type { Written } from "./changes";
import { bound } from "./duckdb-values";
import type { Params, Replaced, Replacement } from "./types";

/**
 * Replaces the dates' rows by those of `source`, DuckDB's own SQL, within a transaction that is open: an
 * error leaves it to be rolled back. Rows go straight into the table; only a source that may read the table
 * itself is put aside first.
 */
export async function replaceRows(
  connection: DuckDBConnection,
  replacement: Replacement,
  source: string,
  params: Params,
): Promise<Replaced & { written: Written }> {
  const { table } = replacement;
  const target = qualifiedName(table);
  const names = [...table.columns.map((column) => column.name), "processed_at", "run_id"].join(", ");
  // The range beside the list: row groups of other dates are left unread by it.
  const ofDates = `${table.dateColumn} BETWEEN $start_date AND $end_date AND ${table.dateColumn} IN (SELECT unnest($dates))`;
  const run = (sql: string) => connection.run(sql, bound(sql, params));
  const started = performance.now();
  const isAside = replacement.select !== undefined;
  let added = 0;
  // The types of the target decide, not those of the model's expressions.
  const fill = async (into: string) => {
    added = (await run(`INSERT INTO ${into} (${names}) SELECT ${names} FROM (${source})`)).rowsChanged;
  };
  if (isAside) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM ${target} LIMIT 0`);
    await fill("staged");
  }
  const removed = await run(`DELETE FROM ${target} WHERE ${ofDates}`);
  if (isAside) await connection.run(`INSERT INTO ${target} BY NAME SELECT * FROM staged`);
  else await fill(target);
  const computed = performance.now();
  const written = await countWritten(connection, replacement, ofDates, params);
  await replacement.beforeCommit?.();
  const ended = performance.now();
  return {
    written,
    rows: added,
    deleted: removed.rowsChanged,
    computeSeconds: (computed - started) / 1000,
    writeSeconds: (ended - computed) / 1000,
    bytes: null,
    slotSeconds: null,
  };
}

/**
 * What the dates hold now, in one pass; an error where a grain key is there more than once. Every row is as old
 * as the stamp: who looks at them while a run goes on need not count them again beside it. Rows that bring their
 * own stamps are still to be counted.
 */
async function countWritten(
  connection: DuckDBConnection,
  { table, dates, stamp }: Replacement,
  ofDates: string,
  params: Params,
): Promise<Written> {
  const target = qualifiedName(table);
  const sql = `SELECT d, sum(copies), max(copies) FROM (
      SELECT min(${table.dateColumn}) AS d, count(*) AS copies FROM ${target} WHERE ${ofDates}
      GROUP BY ${table.grain.join(", ")}
    ) GROUP BY d`;
  const counted = (await connection.runAndReadAll(sql, bound(sql, params))).getRows();
  if (counted.some(([, , copies]) => Number(copies) > 1)) throw await repeatError(connection, table, ofDates, params);
  if (!stamp) return new Map(dates.map((date) => [date, null]));
  const { processedAt } = stamp;
  // A date that the model gave no rows has none: nothing is left to count.
  const written = new Map<string, TableFacts>(dates.map((date) => [date, NO_ROWS]));
  for (const [date, n] of counted) {
    const rows = Number(n);
    written.set(String(date), { rows, distinct: rows, copies: 1, oldest: processedAt, newest: processedAt });
  }
  return written;
}

const NO_ROWS: TableFacts = { rows: 0, distinct: 0, copies: 0, oldest: null, newest: null };

/** The error that names a grain key which the dates' rows hold more than once. */
async function repeatError(
  connection: DuckDBConnection,
  table: Processor,
  ofDates: string,
  params: Params,
): Promise<FullcourtError> {
  const keys = table.grain.join(", ");
  const sql = `SELECT ${keys} FROM ${qualifiedName(table)} WHERE ${ofDates} GROUP BY ${keys} HAVING count(*) > 1 LIMIT 1`;
  const [twice = []] = (await connection.runAndReadAll(sql, bound(sql, params))).getRows();
  const key = twice.map((value) => String(value)).join(", ");
  return new FullcourtError(
    "duplicate_rows",
    `${qualifiedName(table)}: the model gives more than one row for (${keys}) = (${key}). Nothing was written.`,
    "An input holds that key more than once; `fullcourt repair --dry-run` shows doubled rows.",
    1,
  );
}
