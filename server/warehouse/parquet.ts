import { DuckDBInstance } from "@duckdb/node-api";
import type { Column } from "@/lib/columns";
import { appendRows, DUCK_TYPES } from "./duckdb-values";
import type { Row } from "./types";

/**
 * Writes rows of some columns and processed_at to a Parquet file, chunk by chunk; gives how many.
 * DATE and TIMESTAMP (in UTC) are Parquet's own.
 */
export async function writeParquet(
  file: string,
  columns: readonly Column[],
  rows: Row[] | AsyncIterable<Row[]>,
  processedAt: string,
): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const list = [...columns.map(({ name, type }) => `${name} ${DUCK_TYPES[type]}`), "processed_at TIMESTAMP"];
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`CREATE TEMP TABLE staged (${list.join(", ")})`);
    const written = await appendRows(connection, "staged", columns, rows, processedAt);
    // Parquet's timestamp without a zone would be read as a DATETIME.
    const instants = ["processed_at", ...columns.filter(({ type }) => type === "TIMESTAMP").map(({ name }) => name)];
    const zoned = instants.map((name) => `${name}::TIMESTAMPTZ AS ${name}`).join(", ");
    await connection.run(`COPY (SELECT * REPLACE (${zoned}) FROM staged) TO '${file}' (FORMAT parquet)`);
    return written;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
