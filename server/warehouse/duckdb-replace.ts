import type { DuckDBConnection } from "@duckdb/node-api";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { columnList } from "@/lib/engine/pipeline/stored";
import { FullcourtError } from "@/lib/errors";
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
): Promise<Replaced> {
  const { table } = replacement;
  const target = qualifiedName(table);
  const names = columnList(table);
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
  await assertUnique(connection, table, ofDates, params);
  await replacement.beforeCommit?.();
  const ended = performance.now();
  return {
    rows: added,
    deleted: removed.rowsChanged,
    computeSeconds: (computed - started) / 1000,
    writeSeconds: (ended - computed) / 1000,
    bytes: null,
    slotSeconds: null,
  };
}

/** An error where the dates hold a grain key more than once. */
async function assertUnique(
  connection: DuckDBConnection,
  table: Processor,
  ofDates: string,
  params: Params,
): Promise<void> {
  const keys = table.grain.join(", ");
  const sql = `SELECT ${keys} FROM ${qualifiedName(table)} WHERE ${ofDates} GROUP BY ${keys} HAVING count(*) > 1 LIMIT 1`;
  const [twice] = (await connection.runAndReadAll(sql, bound(sql, params))).getRows();
  if (!twice) return;
  const key = twice.map((value) => String(value)).join(", ");
  throw new FullcourtError(
    "duplicate_rows",
    `${qualifiedName(table)}: the model gives more than one row for (${keys}) = (${key}). Nothing was written.`,
    "An input holds that key more than once; `fullcourt repair --dry-run` shows doubled rows.",
  );
}
