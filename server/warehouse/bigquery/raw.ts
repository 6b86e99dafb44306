import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Column } from "@/lib/engine/pipeline/columns";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { sourceOf, storedTable } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { MODEL_VERSION, RUN_ID } from "@/lib/engine/pipeline/stored";
import { writeParquet } from "../parquet";
import { type ParquetRows, type RawStream, type Row, rangeParams, rowsOfRange, sameKey } from "../types";
import { explained } from "./errors";
import type { Jobs } from "./jobs";
import { fieldOf } from "./values";

/** A load that dies leaves its table behind for so long. */
const HOUR_MS = 3_600_000;

interface Staged {
  table: string;
  /** Where its rows are, as SQL names it. */
  source: string;
  rows: number;
}

/**
 * Raw rows go by load jobs (which are free, and whose rows can be changed at once, unlike
 * those of the streaming API) into tables of their own, then by one script into the raw tables.
 */
export class RawLoader {
  private readonly pipeline: Pipeline;

  constructor(private readonly jobs: Jobs) {
    this.pipeline = jobs.pipeline;
  }

  /** A source as SQL names it. */
  private target(table: string): string {
    return qualifiedName(sourceOf(this.pipeline, table));
  }

  /** All columns of a table, as SQL lists them. */
  private listed(table: string): string {
    return storedTable(this.pipeline, table)
      .columns.map((column) => column.name)
      .join(", ");
  }

  /** Does some work on rows that have been loaded into tables which go away afterwards. */
  private async staged<T>(
    tables: ReadonlyArray<{ table: string; rows: Row[] | AsyncIterable<Row[]> | ParquetRows }>,
    processedAt: string,
    work: (staged: Staged[]) => Promise<T>,
  ): Promise<T> {
    const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-load-"));
    const id = randomUUID().replaceAll("-", "");
    const made: Staged[] = [];
    try {
      for (const { table, rows } of tables) {
        const file = "parquet" in rows ? rows.parquet : path.join(folder, `${table}.parquet`);
        // The run and the model's version are not the loader's to write.
        const { dataset: place, columns } = storedTable(this.pipeline, table);
        const dataset = this.jobs.dataset(place);
        const loaded = columns.filter(({ name }) => name !== RUN_ID.name && name !== MODEL_VERSION.name);
        const count = "parquet" in rows ? rows.rows : await writeParquet(file, loaded, rows, processedAt);
        const name = `fullcourt_load_${id}_${table}`;
        const fields = loaded.map(fieldOf);
        await dataset.createTable(name, { schema: { fields }, expirationTime: String(Date.now() + HOUR_MS) });
        made.push({ table, source: `${place}.${name}`, rows: count });
        await dataset.table(name).load(file, {
          sourceFormat: "PARQUET",
          // Without it a list is a record.
          parquetOptions: { enableListInference: true },
          schema: { fields },
          writeDisposition: "WRITE_TRUNCATE",
        });
      }
      return await work(made);
    } catch (error) {
      throw explained(error);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      for (const { source } of made)
        await this.jobs
          .dataset(source.slice(0, source.indexOf(".")))
          .table(source.slice(source.indexOf(".") + 1))
          .delete({ ignoreNotFound: true })
          .catch(() => undefined);
    }
  }

  /** Rows that differ from what is there replace the row of their key; the same rows keep their processed_at. */
  async load(rows: ReadonlyMap<string, Row[] | ParquetRows>, processedAt: string): Promise<Map<string, number>> {
    const tables = [...rows].map(([table, list]) => ({ table, rows: list }));
    return this.staged(tables, processedAt, async (staged) => {
      const script = [
        ...staged.map(({ table, source }) => this.changedSql(table, source)),
        "BEGIN TRANSACTION",
        ...staged.flatMap(({ table }) => [
          `DELETE FROM ${this.target(table)} AS t WHERE EXISTS (SELECT 1 FROM changed_${table} AS c WHERE ${sameKey(sourceOf(this.pipeline, table).grain, "t", "c")})`,
          `INSERT INTO ${this.target(table)} (${this.listed(table)}) SELECT ${this.listed(table)} FROM changed_${table}`,
        ]),
        "COMMIT TRANSACTION",
        // The script's own answer: jobs of its statements come in no order that one could count on.
        `SELECT ${staged.map(({ table }) => `(SELECT COUNT(*) FROM changed_${table}) AS ${table}`).join(", ")}`,
      ];
      const [written = {}] = await this.jobs.rowsOf(await this.jobs.change(scriptOf(script), {}));
      return new Map(staged.map(({ table }) => [table, written[table] as number]));
    });
  }

  /** Puts rows in place of those of a range, or of all. */
  async replace(tables: readonly RawStream[], range?: { start: string; end: string }): Promise<Map<string, number>> {
    return this.staged(tables, new Date().toISOString(), async (staged) => {
      const script = [
        "BEGIN TRANSACTION",
        ...staged.flatMap(({ table, source }) => [
          `DELETE FROM ${this.target(table)} WHERE ${range ? rowsOfRange(sourceOf(this.pipeline, table)) : "TRUE"}`,
          `INSERT INTO ${this.target(table)} (${this.listed(table)}) SELECT ${this.listed(table)} FROM ${source}`,
        ]),
        "COMMIT TRANSACTION",
      ];
      await this.jobs.change(scriptOf(script), range ? rangeParams(range.start, range.end) : {});
      return new Map(staged.map(({ table, rows }) => [table, rows]));
    });
  }

  /** Rows of a derived table that a job has made, where a script can select them while `work` is done. */
  handedOver<T>(
    table: { id: string; columns: readonly Column[] },
    rows: Row[] | ParquetRows,
    work: (select: string) => Promise<T>,
  ): Promise<T> {
    const names = table.columns.map((column) => column.name).join(", ");
    return this.staged([{ table: table.id, rows }], new Date().toISOString(), ([staged]) =>
      work(`SELECT ${names} FROM ${staged?.source}`),
    );
  }

  /** Deletes every row of raw and derived tables. */
  async clear(): Promise<void> {
    const deletes = this.pipeline.own.map(({ qualified }) => `DELETE FROM ${qualified} WHERE TRUE`);
    await this.jobs.change(scriptOf(["BEGIN TRANSACTION", ...deletes, "COMMIT TRANSACTION"]), {});
  }

  /** A temporary table of the loaded rows that are new or have other values than those of their key. */
  private changedSql(table: string, source: string): string {
    const { columns, grain } = sourceOf(this.pipeline, table);
    const values = columns.map((column) => column.name).join(", ");
    return `CREATE TEMP TABLE changed_${table} AS
SELECT s.* FROM ${source} AS s
JOIN (
  SELECT DISTINCT ${grain.join(", ")} FROM (
    SELECT ${values} FROM ${source} EXCEPT DISTINCT SELECT ${values} FROM ${this.target(table)}
  ) AS different
) AS c ON ${sameKey(grain, "s", "c")}`;
  }
}

const scriptOf = (statements: readonly string[]) => `${statements.join(";\n")};`;
