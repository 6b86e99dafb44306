import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnFault } from "@/lib/engine/coverage/cell-states";
import type { Column, ColumnType } from "@/lib/engine/pipeline/columns";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { type Columns, differenceOf, differencesOf, faultsOf, standInOf } from "./columns";
import { MACROS, toDuckDB } from "./dialect";
import { DUCK_TYPES } from "./duckdb-values";

const typeOf = (type: ColumnType) => DUCK_TYPES[type];

/** The columns of all tables and views, by qualified name. */
async function columnsThere(connection: DuckDBConnection): Promise<Map<string, Columns>> {
  const reader = await connection.runAndReadAll(
    "SELECT schema_name || '.' || table_name, list(lower(column_name)), list(data_type) FROM duckdb_columns() WHERE database_name = current_database() GROUP BY ALL",
  );
  return new Map(
    reader.getRowsJS().map(([table, names, types]) => {
      return [
        table as string,
        new Map((names as string[]).map((name, at) => [name, (types as string[])[at] as string])),
      ];
    }),
  );
}

/** Creates what is missing of schemas, tables, columns and macros. Statements are DuckDB's own. */
export async function createTables(pipeline: Pipeline, connection: DuckDBConnection): Promise<void> {
  for (const macro of MACROS) await connection.run(macro);
  for (const dataset of pipeline.datasets) await connection.run(`CREATE SCHEMA IF NOT EXISTS ${dataset}`);
  // Views in it stood for other programs' tables.
  await connection.run("DROP SCHEMA IF EXISTS fullcourt_observed CASCADE");
  const there = await columnsThere(connection);
  const defined = ({ name, type }: Column) => `${name} ${DUCK_TYPES[type]}`;
  for (const table of pipeline.own) {
    const { qualified, columns } = table;
    const own = there.get(qualified);
    if (!own) await connection.run(`CREATE TABLE ${qualified} (${columns.map(defined).join(", ")})`);
    // What a release adds to a table is added to it where it is: rows that are there have NULL. No release adds to a key.
    else
      for (const column of differenceOf(table, own, typeOf).lacks)
        if (!table.grain.includes(column.name) && column.name !== table.dateColumn)
          await connection.run(`ALTER TABLE ${qualified} ADD COLUMN ${defined(column)}`);
  }
}

/** The tables of a file as they are: what is wrong with them, and GoogleSQL translated over what stands for those. */
export interface TablesThere {
  faults: ReadonlyMap<string, readonly ColumnFault[]>;
  translated(sql: string): Promise<string>;
}

/**
 * Names of tables replaced by what stands for them. A name that has no alias has its last part for one; so has its
 * stand-in, as the translator takes what follows `FROM (SELECT ...)` without one for a part of it. Texts stay.
 */
const withStandIns = (sql: string, standIns: ReadonlyMap<string, string>): string =>
  sql.replace(/(?<!['\w.])(\w+\.(\w+))\b(\s+AS\b)?/g, (all, name: string, own: string, alias?: string) => {
    const standIn = standIns.get(name);
    return standIn ? `${standIn}${alias ?? ` AS ${own}`}` : all;
  });

/**
 * Looks at the tables of a warehouse file, which may lack columns, have them of another type or be absent. No other
 * process changes the file while it is open.
 */
export async function tablesThere(pipeline: Pipeline, connection: DuckDBConnection): Promise<TablesThere> {
  const there = await columnsThere(connection);
  const standIns = new Map<string, string>();
  const faults = new Map<string, ColumnFault[]>();
  for (const table of pipeline.stored) {
    const own = there.get(table.qualified);
    const standIn = standInOf(table, own, typeOf);
    if (standIn) standIns.set(table.qualified, standIn);
    const found = faultsOf(table, own, typeOf);
    if (found.length > 0) faults.set(table.qualified, found);
  }
  const translated = standIns.size === 0 ? toDuckDB : (sql: string) => toDuckDB(withStandIns(sql, standIns));
  return { faults, translated };
}

/** How tables differ from their definitions, in words. */
export const tableDifferences = async (pipeline: Pipeline, connection: DuckDBConnection): Promise<string[]> =>
  differencesOf(pipeline, await columnsThere(connection), typeOf);
