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
  /** Tables in one part that were looked at before. */
  private readonly whole = new Set<string>();

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
      const isNew = unit === "NONE" && !this.whole.has(table);
      if (!this.changed.delete(table) && !isNew) continue;
      if (isNew) this.whole.add(table);
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

  /** Brings the lists of columns and of declared keys up to date. */
  async describe(
    tables: ReadonlyMap<string, readonly OutputColumn[]>,
    partitioned: ReadonlyMap<string, Partitioning>,
    keys: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const text = (values: Array<string | number>) =>
      `(${values.map((value) => (typeof value === "number" ? value : `'${value}'`)).join(", ")})`;
    const columns = [...tables].flatMap(([table, own]) => {
      const [dataset = "", name = ""] = table.split(".");
      const parted = partitioned.get(table)?.column;
      return own.map((one, at) =>
        text([dataset, name, one.name, at + 1, one.type, one.name === parted ? "YES" : "NO"]),
      );
    });
    const declared = [...keys].flatMap(([table, own]) => {
      const [dataset = "", name = ""] = table.split(".");
      return own.map((column, at) => text([dataset, name, `${name}.pk$`, column, at + 1]));
    });
    const rows = (list: readonly string[], columnsOf: number) =>
      list.length > 0 ? `VALUES ${list.join(", ")}` : `SELECT ${Array(columnsOf).fill("NULL").join(", ")} WHERE false`;
    await this.connection.run(
      `CREATE OR REPLACE TABLE catalog_of_service.columns AS SELECT * FROM (${rows(columns, 6)})
         AS c(dataset, table_name, column_name, ordinal_position, data_type, is_partitioning_column);
       CREATE OR REPLACE TABLE catalog_of_service.key_column_usage AS SELECT * FROM (${rows(declared, 5)})
         AS k(dataset, table_name, constraint_name, column_name, ordinal_position)`,
    );
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

/** The columns of the service's other views that the product reads. */
export const CATALOG_VIEWS: Record<string, OutputColumn[]> = {
  COLUMNS: [
    { name: "table_name", type: "STRING" },
    { name: "column_name", type: "STRING" },
    { name: "ordinal_position", type: "INT64" },
    { name: "data_type", type: "STRING" },
    { name: "is_partitioning_column", type: "STRING" },
  ],
  KEY_COLUMN_USAGE: [
    { name: "table_name", type: "STRING" },
    { name: "constraint_name", type: "STRING" },
    { name: "column_name", type: "STRING" },
    { name: "ordinal_position", type: "INT64" },
  ],
};

/** The statement with the service's catalog in place of DuckDB's. */
export const withCatalog = (duck: string): string =>
  duck.replace(
    /\b(\w+)\."INFORMATION_SCHEMA\.(PARTITIONS|COLUMNS|KEY_COLUMN_USAGE)"/gi,
    "(SELECT * FROM catalog_of_service.$2 WHERE dataset = '$1')",
  );
