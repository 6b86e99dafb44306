import type { DuckDBConnection } from "@duckdb/node-api";
import type { OutputColumn } from "../zetasql";
import type { Partitioning } from "./filters";

/** A partition's id by its column. */
const IDS: Record<Partitioning["unit"], (column: string) => string> = {
  DAY: (column) => `strftime(${column}, '%Y%m%d')`,
  MONTH: (column) => `strftime(${column}, '%Y%m')`,
  RANGE: (column) => `CAST(${column} AS VARCHAR)`,
  NONE: () => "CAST(NULL AS VARCHAR)",
};

/** The columns of INFORMATION_SCHEMA.PARTITIONS that the product reads. */
export const PARTITION_COLUMNS: OutputColumn[] = [
  { name: "table_name", type: "STRING" },
  { name: "partition_id", type: "STRING" },
  { name: "total_rows", type: "INT64" },
  { name: "last_modified_time", type: "TIMESTAMP" },
];

/**
 * What the service's catalog says of partitions: rows, and when they last changed. Found by
 * comparing a sum over each partition's rows with the one before; rows that are only taken
 * away move no time, as it may be with the service.
 */
export class Partitions {
  private readonly changed = new Set<string>();

  private constructor(private readonly connection: DuckDBConnection) {}

  static async open(connection: DuckDBConnection): Promise<Partitions> {
    await connection.run("ATTACH IF NOT EXISTS ':memory:' AS catalog_of_service");
    await connection.run(`CREATE TABLE IF NOT EXISTS catalog_of_service.partitions (
      dataset VARCHAR, table_name VARCHAR, partition_id VARCHAR, total_rows BIGINT, sum UBIGINT, last_modified_time TIMESTAMP)`);
    return new Partitions(connection);
  }

  close(): void {
    this.connection.closeSync();
  }

  /** Notes that a table has been written. */
  touch(table: string): void {
    this.changed.add(table);
  }

  /** Brings the tables up to date that have been written since the last look; each with the column that parts it by day. */
  refresh(tables: ReadonlyMap<string, Partitioning>): Promise<void> {
    // One after another: two servers may look at once.
    const next = this.refreshing.then(() => this.refreshNow(tables));
    this.refreshing = next.catch(() => undefined);
    return next;
  }
  private refreshing: Promise<unknown> = Promise.resolve();

  private async refreshNow(tables: ReadonlyMap<string, Partitioning>): Promise<void> {
    for (const [table, { column, unit }] of tables) {
      // Of a table in one part nobody notes the writes.
      if (!this.changed.delete(table) && unit !== "NONE") continue;
      const [dataset, name] = table.split(".");
      await this.connection.run(`CREATE OR REPLACE TEMP TABLE now_there AS
        SELECT ${unit === "NONE" ? IDS.NONE(column) : `coalesce(${IDS[unit](column)}, '__NULL__')`} AS partition_id, count(*) AS total_rows, bit_xor(hash(t)) AS sum
        FROM ${table} AS t GROUP BY 1`);
      await this.connection.run(`CREATE OR REPLACE TEMP TABLE merged AS
        SELECT '${dataset}' AS dataset, '${name}' AS table_name, n.partition_id, n.total_rows, n.sum,
          CASE WHEN o.sum = n.sum OR o.total_rows > n.total_rows THEN o.last_modified_time ELSE now()::TIMESTAMP END AS last_modified_time
        FROM now_there AS n
        LEFT JOIN catalog_of_service.partitions AS o
          ON o.dataset = '${dataset}' AND o.table_name = '${name}' AND o.partition_id IS NOT DISTINCT FROM n.partition_id`);
      await this.connection.run(
        `DELETE FROM catalog_of_service.partitions WHERE dataset = '${dataset}' AND table_name = '${name}' AND partition_id IS DISTINCT FROM '__UNPARTITIONED__'`,
      );
      await this.connection.run("INSERT INTO catalog_of_service.partitions SELECT * FROM merged");
    }
  }

  /** Says that rows which were streamed into a table are in no partition yet. */
  async buffer(table: string, rows: number): Promise<void> {
    const [dataset, name] = table.split(".");
    await this.connection.run(`INSERT INTO catalog_of_service.partitions
      VALUES ('${dataset}', '${name}', '__UNPARTITIONED__', ${rows}, 0, now()::TIMESTAMP)`);
  }

  /** Adds the catalog of tables that are not there: a simulation of a warehouse of any size. */
  async invent(dataset: string, tables: number, days: number, start: string): Promise<void> {
    await this.connection.run(`INSERT INTO catalog_of_service.partitions
      SELECT '${dataset}', 'invented_' || t, strftime(DATE '${start}' + d::INTEGER, '%Y%m%d'), 250, 0, TIMESTAMP '2021-12-01'
      FROM range(${tables}) AS a(t), range(${days}) AS b(d)`);
  }
}

/** The statement with the service's catalog in place of DuckDB's. */
export const withCatalog = (duck: string): string =>
  duck.replace(
    /\b(\w+)\."INFORMATION_SCHEMA\.PARTITIONS"/gi,
    "(SELECT * FROM catalog_of_service.partitions WHERE dataset = '$1')",
  );
