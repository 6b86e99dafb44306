import { mkdirSync } from "node:fs";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { datesLookedAt, type FactRow } from "@/lib/engine/coverage/facts";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { rangeOfEpochs } from "@/lib/engine/pipeline/epochs";
import { modelOf, sourceOf, storedTable } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { KeyedLock } from "../platform/keyed-lock";
import { Semaphore } from "../platform/semaphore";
import { Changes } from "./changes";
import { readFigures } from "./counts";
import { MACROS, toDuckDB } from "./dialect";
import { interruptible } from "./duckdb-interrupt";
import { openError } from "./duckdb-open-error";
import { replaceRows } from "./duckdb-replace";
import { createTables, type TablesThere, tableDifferences, tablesThere } from "./duckdb-tables";
import { bound, stageRows, toRows } from "./duckdb-values";
import { memoryFor, memorySettings } from "./memory";
import {
  type KeyValueStore,
  type Params,
  type ParquetRows,
  partitionSql,
  type RawStream,
  type Replaced,
  type Replacement,
  type Row,
  rangeParams,
  replacementParams,
  rowsOfRange,
  sameKey,
  stampedColumns,
  type Warehouse,
} from "./types";

const READS_AT_ONCE = 2;

class DuckDBWarehouse implements Warehouse {
  readonly engine = "duckdb";
  /** Side by side: records and checks of one are made while another computes, and small models do not fill all cores. */
  readonly parallelTasks = 3;
  queryCount = 0;
  readonly changes: Changes;
  private readonly writing = new KeyedLock();
  /** Questions at once: each takes all cores that it can get, and memory of its own. */
  private readonly reading = new Semaphore(READS_AT_ONCE);

  /** Read again after a statement that may have changed them. */
  private there: Promise<TablesThere> | undefined;

  constructor(
    private readonly pipeline: Pipeline,
    private readonly instance: DuckDBInstance,
  ) {
    this.changes = new Changes(pipeline.shards);
  }

  private tables(): Promise<TablesThere> {
    this.there ??= this.connected((connection) => tablesThere(this.pipeline, connection));
    return this.there;
  }

  private async translated(sql: string): Promise<string> {
    return (await this.tables()).translated(sql);
  }

  private async connected<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  /** Does one write after another. It may touch anything. */
  private write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.writing.run(null, async () => {
      const result = await this.connected(work);
      this.changes.add();
      return result;
    });
  }

  private async transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
    await connection.run("BEGIN TRANSACTION");
    try {
      const result = await work();
      await connection.run("COMMIT");
      return result;
    } catch (error) {
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  async facts(firstEpoch: string, lastEpoch: string, _memory: KeyValueStore, hasColumns: boolean): Promise<FactRow[]> {
    const { start, end } = rangeOfEpochs(this.pipeline, firstEpoch, lastEpoch);
    const range = rangeParams(start, end);
    const rows = (await this.query(this.pipeline.sql.coverage, range)) as unknown as FactRow[];
    if (!hasColumns) return rows;
    const columns = await readFigures((sql, params) => this.query(sql, params), datesLookedAt(this.pipeline, rows));
    return [...rows, ...columns];
  }

  async query(sql: string, params: Params = {}): Promise<Row[]> {
    this.queryCount++;
    const text = await this.translated(sql);
    const leave = await this.reading.acquire();
    try {
      return await this.connected(async (connection) => {
        const reader = await connection.runAndReadAll(text, bound(text, params));
        return toRows(reader.deduplicatedColumnNames(), reader.getColumns());
      });
    } finally {
      leave();
    }
  }

  async *stream(sql: string, params: Params = {}): AsyncIterable<Row[]> {
    this.queryCount++;
    const text = await this.translated(sql);
    const connection = await this.instance.connect();
    try {
      const result = await connection.stream(text, bound(text, params));
      const names = result.deduplicatedColumnNames();
      for await (const chunk of result) yield toRows(names, chunk.getColumns());
    } finally {
      connection.closeSync();
    }
  }

  async claim(): Promise<void> {}

  async replacePartitions(replacement: Replacement): Promise<Replaced> {
    const { table, signal, stamp, rows } = replacement;
    const dates = [...replacement.dates].sort();
    signal?.throwIfAborted();
    this.queryCount++;
    const select = rows ? "SELECT * FROM handed_over" : (replacement.select ?? modelOf(table));
    const chosen = await this.translated(partitionSql(table, select));
    const params = replacementParams(dates, stamp, table);
    const source = stamp ? `SELECT ${stampedColumns(table, "$")} FROM (${chosen})` : chosen;
    return this.writing.run(table.id, () =>
      this.connected(async (connection) => {
        if (rows) await stageRows(connection, "handed_over", table.columns, rows);
        let ready = 0;
        const replaced = await this.transaction(connection, async () => {
          const result = await interruptible(connection, signal, () =>
            replaceRows(connection, replacement, source, params),
          );
          ready = performance.now();
          return result;
        });
        this.changes.add(table.id, dates);
        return { ...replaced, writeSeconds: replaced.writeSeconds + (performance.now() - ready) / 1000 };
      }),
    );
  }

  async execute(sql: string, params: Params = {}): Promise<number> {
    this.queryCount++;
    const text = await toDuckDB(sql);
    try {
      return await this.write(async (connection) => (await connection.run(text, bound(text, params))).rowsChanged);
    } finally {
      this.there = undefined;
    }
  }

  async loadRaw(
    rows: ReadonlyMap<string, Row[] | ParquetRows>,
    processedAt = new Date().toISOString(),
  ): Promise<Map<string, number>> {
    return this.writeStaged(rows, processedAt, (connection, name) => this.merge(connection, name));
  }

  async replaceRaw(tables: readonly RawStream[], range?: { start: string; end: string }): Promise<Map<string, number>> {
    const rows = new Map(tables.map((one) => [one.table, one.rows]));
    return this.writeStaged(rows, new Date().toISOString(), async (connection, name) => {
      const source = sourceOf(this.pipeline, name);
      const where = range ? rowsOfRange(source) : "TRUE";
      const remove = await toDuckDB(`DELETE FROM ${qualifiedName(source)} WHERE ${where}`);
      await connection.run(remove, range ? bound(remove, rangeParams(range.start, range.end)) : {});
      return this.insert(connection, name, `staged_${name}`);
    });
  }

  /** Writes raw rows in one transaction, by tables in which they are staged before; `write` gives how many it has written. */
  private writeStaged(
    rows: ReadonlyMap<string, Row[] | AsyncIterable<Row[]> | ParquetRows>,
    processedAt: string,
    write: (connection: DuckDBConnection, name: string) => Promise<number>,
  ): Promise<Map<string, number>> {
    return this.write(async (connection) => {
      for (const [name, list] of rows)
        await stageRows(connection, `staged_${name}`, storedTable(this.pipeline, name).columns, list, processedAt);
      return this.transaction(connection, async () => {
        const written = new Map<string, number>();
        for (const name of rows.keys()) written.set(name, await write(connection, name));
        return written;
      });
    });
  }

  /** Writes staged rows that differ from what is there; the same rows keep their processed_at. */
  private async merge(connection: DuckDBConnection, name: string): Promise<number> {
    const table = sourceOf(this.pipeline, name);
    const target = qualifiedName(table);
    const equal = table.columns.map(({ name: column }) => `r.${column} IS NOT DISTINCT FROM s.${column}`).join(" AND ");
    // A new epoch has nothing to be compared with.
    const known = `SELECT 1 FROM ${target} AS t SEMI JOIN staged_${name} AS s ON ${sameKey(table.grain, "t", "s")} LIMIT 1`;
    if ((await connection.runAndReadAll(known)).currentRowCount === 0)
      return this.insert(connection, name, `staged_${name}`);
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE changed_${name} AS
       SELECT s.* FROM staged_${name} AS s
       ANTI JOIN ${target} AS r ON ${equal}`,
    );
    await connection.run(
      `DELETE FROM ${target} AS t USING changed_${name} AS c WHERE ${sameKey(table.grain, "t", "c")}`,
    );
    return this.insert(connection, name, `changed_${name}`);
  }

  /** Inserts the rows of a temporary table into that of a source; gives how many. */
  private async insert(connection: DuckDBConnection, name: string, from: string): Promise<number> {
    const target = qualifiedName(sourceOf(this.pipeline, name));
    return (await connection.run(`INSERT INTO ${target} BY NAME SELECT * FROM ${from}`)).rowsChanged;
  }

  async clear(): Promise<void> {
    await this.write((connection) =>
      this.transaction(connection, async () => {
        for (const table of this.pipeline.own) await connection.run(`DELETE FROM ${table.qualified}`);
      }),
    );
  }

  async copyTo(file: string): Promise<boolean> {
    await this.connected(async (connection) => {
      const name = (await connection.runAndReadAll("SELECT current_database()")).getRows()[0]?.[0];
      await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS copy_of_all`);
      try {
        await connection.run(`COPY FROM DATABASE "${name}" TO copy_of_all`);
      } finally {
        await connection.run("DETACH copy_of_all");
      }
    });
    return true;
  }

  bytesOf(): Promise<null> {
    return Promise.resolve(null);
  }

  differences(): Promise<string[]> {
    return this.connected((connection) => tableDifferences(this.pipeline, connection));
  }

  async faults(): Promise<TablesThere["faults"]> {
    return (await this.tables()).faults;
  }

  explain(sql: string): Promise<string> {
    return toDuckDB(sql);
  }

  async close(): Promise<void> {
    await this.writing.idle();
    await this.connected((connection) => connection.run("CHECKPOINT")).catch(() => undefined);
    this.instance.closeSync();
  }
}

/** Opens a warehouse in memory over views that `create` makes of other programs' tables: they are read, and nothing is written. */
export async function openViews(
  pipeline: Pipeline,
  { bytes, folder }: { bytes: number; folder: string },
  create: (connection: DuckDBConnection) => Promise<void>,
): Promise<Warehouse> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const settings = { ...memorySettings(path.join(folder, "spill"), bytes), temp_directory: path.join(folder, "spill") };
  const instance = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false", ...settings });
  const connection = await instance.connect();
  try {
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    for (const macro of MACROS) await connection.run(macro);
    await create(connection);
    return new DuckDBWarehouse(pipeline, instance);
  } catch (error) {
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}

/**
 * Opens (and creates) a DuckDB warehouse file. One instance per process and file: a second
 * would lose writes without an error. ":memory:" is a warehouse of its own, for tests. It may take so many bytes
 * of memory.
 */
export async function openDuckDB(file: string, pipeline: Pipeline, memory = memoryFor(true)): Promise<Warehouse> {
  if (process.env.NEXT_PHASE === "phase-production-build") {
    throw new Error("The warehouse must not be opened while the pages are built.");
  }
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(file, {
      preserve_insertion_order: "false",
      // A backfill writes some 16 MB, DuckDB's own threshold: each would bear the cost of a checkpoint.
      checkpoint_threshold: "64MB",
      ...memorySettings(file, memory),
    });
  } catch (error) {
    throw openError(error, file);
  }
  const connection = await instance.connect();
  try {
    // A timestamp's date is UTC's, wherever this machine is.
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    await createTables(pipeline, connection);
    return new DuckDBWarehouse(pipeline, instance);
  } catch (error) {
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}
