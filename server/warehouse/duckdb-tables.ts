import type { DuckDBConnection } from "@duckdb/node-api";
import { DATASETS, OWN_TABLES, STORED_TABLES, type StoredTable } from "@/lib/stored";
import { MACROS, toDuckDB } from "./dialect";
import { DUCK_TYPES } from "./duckdb-values";

/** Creates what is missing of schemas, tables and macros. Statements are DuckDB's own. */
export async function createTables(connection: DuckDBConnection): Promise<void> {
  for (const macro of MACROS) await connection.run(macro);
  for (const dataset of DATASETS) {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${dataset}`);
  }
  const known = await connection.runAndReadAll(
    "SELECT schema_name || '.' || table_name, list(lower(column_name)) FROM duckdb_columns() GROUP BY ALL",
  );
  const there = new Map(known.getRowsJS().map(([name, columns]) => [name as string, new Set(columns as string[])]));
  for (const { qualified, columns } of OWN_TABLES) {
    const definitions = columns.map((column) => `${column.name} ${DUCK_TYPES[column.type]}`);
    const own = there.get(qualified);
    if (!own) await connection.run(`CREATE TABLE ${qualified} (${definitions.join(", ")})`);
    // What a release adds to a table is added to it where it is: rows that are there have NULL.
    else
      for (const [at, { name }] of columns.entries())
        if (!own.has(name.toLowerCase()))
          await connection.run(`ALTER TABLE ${qualified} ADD COLUMN ${definitions[at]}`);
  }
}

/** Columns of a table or view with their types, by name in small letters; none where it is not there. */
async function columnsOf(connection: DuckDBConnection, { dataset, name }: StoredTable): Promise<Map<string, string>> {
  const reader = await connection.runAndReadAll(
    "SELECT lower(column_name), data_type FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2",
    [dataset, name],
  );
  return new Map(reader.getRows().map(([column, type]) => [column as string, type as string]));
}

/** Views that stand for other programs' tables are in a schema of our own: nothing is made in theirs. */
const STAND_INS = "fullcourt_observed";

/**
 * The translation of GoogleSQL for a warehouse file in which other programs' tables may lack columns or be
 * absent: such columns read as NULL, such tables as empty. No other process changes the file while it is open.
 */
export async function translationOver(connection: DuckDBConnection): Promise<(sql: string) => Promise<string>> {
  const standIns = new Map<string, string>();
  await connection.run(`DROP SCHEMA IF EXISTS ${STAND_INS} CASCADE`);
  for (const wanted of STORED_TABLES.filter((table) => table.isObserved)) {
    const there = await columnsOf(connection, wanted);
    const lacks = wanted.columns.filter(({ name }) => !there.has(name.toLowerCase()));
    if (lacks.length === 0) continue;
    const name = `${STAND_INS}.${wanted.qualified.replace(".", "_")}`;
    const nothing = lacks.map((column) => `CAST(NULL AS ${DUCK_TYPES[column.type]}) AS ${column.name}`).join(", ");
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${STAND_INS}`);
    await connection.run(
      `CREATE VIEW ${name} AS SELECT ${there.size === 0 ? `${nothing} WHERE false` : `*, ${nothing} FROM ${wanted.qualified}`}`,
    );
    standIns.set(wanted.qualified, name);
  }
  if (standIns.size === 0) return toDuckDB;
  const names = new RegExp(`\\b(?:${[...standIns.keys()].map((name) => name.replace(".", "\\.")).join("|")})\\b`, "g");
  return (sql) => toDuckDB(sql.replace(names, (name) => standIns.get(name) as string));
}

/** How tables differ from their definitions, in words. Another program's columns may be of any type. */
export async function tableDifferences(connection: DuckDBConnection): Promise<string[]> {
  const found: string[] = [];
  for (const table of STORED_TABLES) {
    const there = await columnsOf(connection, table);
    if (there.size === 0) {
      found.push(`${table.qualified} is not there.`);
      continue;
    }
    for (const { name, type } of table.columns) {
      const own = there.get(name.toLowerCase());
      if (own === undefined) found.push(`${table.qualified} has no column ${name}.`);
      else if (!table.isObserved && own !== DUCK_TYPES[type])
        found.push(`${table.qualified}.${name} is ${own}, ${DUCK_TYPES[type]} is wanted.`);
    }
    const defined = new Set(table.columns.map(({ name }) => name.toLowerCase()));
    if (!table.isObserved)
      for (const name of there.keys())
        if (!defined.has(name)) found.push(`${table.qualified} has a column ${name} that its definition has not.`);
  }
  return found;
}
