import { DuckDBInstance } from "@duckdb/node-api";
import { openError } from "./duckdb-open-error";

/** Opens a warehouse file that no process has open, counts the rows of its tables, and changes nothing; an error says why it cannot. */
export async function checkDuckDB(file: string): Promise<void> {
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  } catch (error) {
    throw openError(error, file);
  }
  try {
    const connection = await instance.connect();
    const tables = await connection.runAndReadAll(
      'SELECT format(\'"{}"."{}"\', schema_name, table_name) FROM duckdb_tables() WHERE NOT internal',
    );
    for (const [table] of tables.getRows()) await connection.run(`SELECT COUNT(*) FROM ${table}`);
    connection.closeSync();
  } catch (error) {
    throw openError(error, file);
  } finally {
    instance.closeSync();
  }
}
