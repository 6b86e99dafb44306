import { DuckDBInstance } from "@duckdb/node-api";
import type { Column } from "@/lib/engine/pipeline/columns";
import { stageRows } from "./duckdb-values";
import type { Row } from "./types";

/** Writes rows to a Parquet file, chunk by chunk; gives how many. DATE and TIMESTAMP (in UTC) are Parquet's own. */
export async function writeParquet(
  file: string,
  columns: readonly Column[],
  rows: Row[] | AsyncIterable<Row[]>,
  processedAt?: string,
): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const written = await stageRows(connection, "staged", columns, rows, processedAt);
    // Parquet's timestamp without a zone would be read as a DATETIME.
    const typed = columns.map(({ name, type }) => (type === "TIMESTAMP" ? `${name}::TIMESTAMPTZ AS ${name}` : name));
    await connection.run(`COPY (SELECT ${typed.join(", ")} FROM staged) TO '${file}' (FORMAT parquet)`);
    return written;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
