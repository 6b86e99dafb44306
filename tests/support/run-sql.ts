import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Has a home's warehouse carry out a statement of DuckDB's, as another program would, while nobody else has it open. */
export async function runSql(home: string, sql: string): Promise<void> {
  const db = await DuckDBInstance.create(path.join(home, "warehouse.duckdb"));
  const connection = await db.connect();
  await connection.run(sql);
  connection.closeSync();
  db.closeSync();
}
