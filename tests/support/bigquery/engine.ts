import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { seasonStart, seasonYear } from "@/lib/pipelines/nba/season";
import { addDays } from "@/lib/util/dates";
import { MACROS, toDuckDB } from "@/server/warehouse/dialect";
import { bound, toRows } from "@/server/warehouse/duckdb-values";
import type { Params, Row } from "@/server/warehouse/types";
import { STORED_TABLES } from "@/tests/support/tables";
import { type OutputColumn, Referee } from "../zetasql";
import { type Partitioning, readsUnfiltered } from "./filters";
import { CATALOG_VIEWS, PARTITION_COLUMNS, Partitions, withCatalog } from "./partitions";

/** What one statement gave. */
export interface Answer {
  kind: string;
  columns: OutputColumn[];
  /** As DuckDB gives them, or as the product has them. */
  rows: unknown[][];
  changed: number;
  bytes: number;
}

/** An error as BigQuery words it: its reason, and the statement's fault with [line:column]. */
export class Fault extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

const KINDS: Array<[RegExp, string]> = [
  [/^BEGIN\b/i, "BEGIN_TRANSACTION"],
  [/^COMMIT\b/i, "COMMIT_TRANSACTION"],
  [/^ASSERT\b/i, "ASSERT"],
  [/^CREATE TEMP TABLE\b/i, "CREATE_TABLE_AS_SELECT"],
  [/^INSERT\b/i, "INSERT"],
  [/^DELETE\b/i, "DELETE"],
  [/^UPDATE\b/i, "UPDATE"],
];
const kindOf = (sql: string) => KINDS.find(([pattern]) => pattern.test(sql))?.[1] ?? "SELECT";

/** Statements of a script; none of ours has a semicolon in a string but in an ASSERT's words. */
export const statementsOf = (script: string): string[] =>
  script
    .split(/;\s*(?:\n|$)/)
    .map((one) => one.trim())
    .filter(Boolean);

const GOOGLE: Record<string, string> = {
  VARCHAR: "STRING",
  BIGINT: "INT64",
  DOUBLE: "FLOAT64",
  BOOLEAN: "BOOL",
  DATE: "DATE",
  TIMESTAMP: "TIMESTAMP",
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
  INTEGER: "INT64",
};

function googleType(duck: string): string {
  const element = /^(.*)\[\]$/.exec(duck)?.[1];
  if (element) return `ARRAY<${GOOGLE[element] ?? element}>`;
  return duck.startsWith("DECIMAL") ? "NUMERIC" : (GOOGLE[duck] ?? duck);
}

/** A script under way: its connection, the temporary tables that it has made, and those that it has written to. */
interface Script {
  connection: DuckDBConnection;
  params: Params;
  temporary: Map<string, OutputColumn[]>;
  written: string[];
  /** Most bytes of one statement. */
  budget: number;
}

/** Answers GoogleSQL as BigQuery would: Google's analyzer judges each statement, DuckDB holds and computes the rows. */
export class Engine {
  /** Every statement that came, as it came. */
  readonly seen: Array<{ sql: string; params: Params }> = [];
  /** Bytes that queries have read, as they are billed: eight a value of the columns and partitions read. */
  bytesRead = 0;
  /** Queries over tables of no more values than these together are answered by Google's own evaluator. */
  evaluatorValues = 0;
  /** How many it has answered. */
  evaluated = 0;
  /** How tables are parted, by dataset.name. */
  readonly partitioned = new Map<string, Partitioning>();
  /** Types of columns that DuckDB has no type of its own for, by dataset.name.column. */
  private readonly declared = new Map<string, string>();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly referee: Referee,
    readonly partitions: Partitions,
  ) {}

  static async open(file: string): Promise<Engine> {
    const instance = await DuckDBInstance.create(file);
    const engine = new Engine(instance, await Referee.start(), await Partitions.open(await instance.connect()));
    for (const macro of MACROS) await engine.ddl(macro);
    // A warehouse file that was made elsewhere: its tables are partitioned as they are defined.
    const there = await engine.tables();
    for (const { qualified, dateColumn } of STORED_TABLES)
      if (there.has(qualified))
        engine.partition(qualified, { column: dateColumn, type: "DATE", unit: "DAY", isRequired: false });
    return engine;
  }

  close(): void {
    this.referee.stop();
    this.partitions.close();
    this.instance.closeSync();
  }

  /** Runs one statement or a script; a script's transaction is rolled back whole when one of its statements fails. */
  async run(text: string, params: Params, signal?: AbortSignal, budget = Number.POSITIVE_INFINITY): Promise<Answer[]> {
    const connection = await this.instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    const script: Script = { connection, params, temporary: new Map(), written: [], budget };
    let open = false;
    try {
      const answers: Answer[] = [];
      for (const sql of statementsOf(text)) {
        if (signal?.aborted)
          throw new Fault(400, "stopped", "Job execution was cancelled: User requested cancellation");
        this.seen.push({ sql, params });
        const answer = await this.statement(script, sql);
        if (answer.kind === "BEGIN_TRANSACTION") open = true;
        if (answer.kind === "COMMIT_TRANSACTION") open = false;
        // Before the commit a look would find nothing new, and not look again.
        if (!open) for (const table of script.written.splice(0)) this.partitions.touch(table);
        answers.push(answer);
      }
      return answers;
    } catch (error) {
      if (open) await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    }
  }

  private async statement(script: Script, sql: string): Promise<Answer> {
    const { connection, params, temporary } = script;
    const kind = kindOf(sql);
    const [, made = "", select = ""] = /^CREATE TEMP TABLE (\w+) AS\s+([\s\S]*)$/i.exec(sql) ?? [];
    const columns = await this.judged(made ? select : sql, params, temporary);
    const bytes = await this.scanned(script, made ? select : sql);
    if (bytes > script.budget)
      throw new Fault(
        400,
        "bytesBilledLimitExceeded",
        `Query exceeded limit for bytes billed: ${script.budget}. ${bytes} or higher required.`,
      );
    this.bytesRead += bytes;
    const answer: Answer = { kind, columns, rows: [], changed: 0, bytes };
    const translated = async (google: string, before = "") => {
      const duck = withCatalog(await toDuckDB(google));
      return connection.runAndReadAll(before + duck, bound(duck, params));
    };
    switch (kind) {
      case "BEGIN_TRANSACTION":
        await connection.run("BEGIN TRANSACTION");
        return answer;
      case "COMMIT_TRANSACTION":
        await connection.run("COMMIT");
        return answer;
      case "ASSERT": {
        const [, condition = "", words = ""] = /^ASSERT\s+([\s\S]*?)\s+AS\s+'([\s\S]*)'$/i.exec(sql) ?? [];
        const holds = (await translated(`SELECT ${condition} AS v`)).getRows()[0]?.[0];
        if (holds !== true) throw new Fault(400, "invalidQuery", `Assertion failed: ${words}`);
        return answer;
      }
      case "CREATE_TABLE_AS_SELECT":
        await translated(select, `CREATE OR REPLACE TEMP TABLE ${made} AS `);
        temporary.set(made, columns);
        return answer;
      case "SELECT":
        if (/INFORMATION_SCHEMA\.(COLUMNS|KEY_COLUMN_USAGE)/i.test(sql)) await this.describe();
        if (/INFORMATION_SCHEMA\.PARTITIONS/i.test(sql)) await this.partitions.refresh(await this.parted());
        return { ...answer, rows: (await this.byEvaluator(script, sql, columns)) ?? (await translated(sql)).getRows() };
      default: {
        const target = /^(?:INSERT INTO|DELETE FROM|UPDATE)\s+([\w.]+)/i.exec(sql)?.[1] ?? "";
        const { rowsChanged } = await translated(sql);
        script.written.push(target);
        return { ...answer, changed: rowsChanged };
      }
    }
  }

  /** The rows of a query by Google's evaluator, where its tables are small enough for it. */
  private async byEvaluator({ connection, params, temporary }: Script, sql: string, columns: OutputColumn[]) {
    if (this.evaluatorValues === 0 || sql.includes("INFORMATION_SCHEMA")) return undefined;
    const schemas = await this.schemas(sql, temporary);
    const content = new Map<string, Row[]>();
    let values = 0;
    for (const table of await this.referee.tablesOf(sql)) {
      const reader = await connection.runAndReadAll(`SELECT * FROM ${table}`);
      content.set(table, toRows(reader.deduplicatedColumnNames(), reader.getColumns()));
      values += reader.currentRowCount * reader.columnCount;
    }
    if (values > this.evaluatorValues) return undefined;
    this.evaluated++;
    const rows = await this.referee.evaluate(sql, used(sql, params), content, schemas);
    return rows.map((row) => columns.map(({ name }) => row[name] ?? null));
  }

  /** The columns of a statement by Google's analyzer; its message is the answer where it finds a fault. */
  private async judged(sql: string, params: Params, temporary = new Map<string, OutputColumn[]>()) {
    for (const [table, partitioning] of this.partitioned)
      if (partitioning.isRequired && readsUnfiltered(sql, table, partitioning))
        throw new Fault(
          400,
          "invalidQuery",
          `Cannot query over table '${table}' without a filter over column(s) '${partitioning.column}' that can be used for partition elimination`,
        );
    try {
      return await this.referee.analyze(sql, used(sql, params), await this.schemas(sql, temporary));
    } catch (error) {
      throw new Fault(400, "invalidQuery", (error as Error).message);
    }
  }

  /** Bytes that a statement reads; a fault where it has one. */
  async bytesOf(sql: string, params: Params): Promise<number> {
    await this.judged(sql, params);
    const connection = await this.instance.connect();
    return this.scanned({ connection, params, temporary: new Map() }, sql).finally(() => connection.closeSync());
  }

  /**
   * Eight bytes for each value of the columns that are read, in the partitions of the dates that
   * the parameters name; from the season's start (and rosters of the summer before) where the
   * statement looks back on it. The service's catalog costs nothing here, 10 MB there.
   */
  private async scanned(
    { connection, params, temporary }: Pick<Script, "connection" | "params" | "temporary">,
    sql: string,
  ): Promise<number> {
    // A deletion of whole partitions reads nothing.
    if (/^DELETE\b/i.test(sql) && !/\bSELECT\b/i.test(sql)) return 0;
    const [first, last] = datesOf(sql, params);
    let bytes = 0;
    for (const { table, columns } of await this.referee.scansOf(
      sql,
      used(sql, params),
      await this.schemas(sql, temporary),
    )) {
      if (table.includes("INFORMATION_SCHEMA")) continue;
      const { column, type } = this.partitioned.get(table) ?? {};
      const where =
        column && type === "DATE" && first
          ? `WHERE ${column} BETWEEN '${first}' AND '${last}' OR ${column} IS NULL`
          : "";
      const [row] = (await connection.runAndReadAll(`SELECT count(*) FROM ${table} ${where}`)).getRows();
      bytes += 8 * columns.length * Number(row?.[0]);
    }
    return bytes;
  }

  /** Tables that a statement may name. */
  private async schemas(sql: string, temporary: Map<string, OutputColumn[]>): Promise<Map<string, OutputColumn[]>> {
    const tables = await this.tables();
    const datasets = new Set([...tables.keys()].map((name) => name.split(".")[0]));
    for (const dataset of datasets) {
      tables.set(`${dataset}.INFORMATION_SCHEMA.PARTITIONS`, PARTITION_COLUMNS);
      for (const [view, columns] of Object.entries(CATALOG_VIEWS))
        tables.set(`${dataset}.INFORMATION_SCHEMA.${view}`, columns);
    }
    // The analyzer is told of them with each statement: of hundreds that takes longer than all else.
    return new Map([...[...tables].filter(([name]) => sql.includes(name)), ...temporary]);
  }

  /** The tables that are there with their columns, by dataset.name. */
  async tables(): Promise<Map<string, OutputColumn[]>> {
    // The promise is kept, not what it comes to: one that was begun before a table was made must not outlive that.
    this.known ??= this.described();
    return new Map(await this.known);
  }
  private known: Promise<Map<string, OutputColumn[]>> | undefined;

  private async described(): Promise<Map<string, OutputColumn[]>> {
    const connection = await this.instance.connect();
    const rows = (
      await connection.runAndReadAll(
        `SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
         WHERE table_catalog = current_catalog() AND table_schema <> 'main' ORDER BY ordinal_position`,
      )
    ).getRows() as string[][];
    connection.closeSync();
    const found = new Map<string, OutputColumn[]>();
    for (const [schema, table, name, type] of rows) {
      const key = `${schema}.${table}`;
      const own = this.declared.get(`${key}.${name}`) ?? googleType(type as string);
      found.set(key, [...(found.get(key) ?? []), { name: name as string, type: own }]);
    }
    return found;
  }

  /** Primary keys that tables declare, by dataset.name. */
  readonly keys = new Map<string, readonly string[]>();

  /** The catalog's lists of columns and keys, made anew where tables have been. */
  private async describe(): Promise<void> {
    const tables = await this.tables();
    if (this.listed.of !== this.known)
      this.listed = { of: this.known, done: this.partitions.describe(tables, this.partitioned, this.keys) };
    await this.listed.done;
  }
  private listed: { of: unknown; done: Promise<void> } = { of: null, done: Promise.resolve() };

  /** How all tables are parted, those in one part too. */
  private async parted(): Promise<Map<string, Partitioning>> {
    const whole: Partitioning = { column: "", type: "", unit: "NONE", isRequired: false };
    const tables = await this.tables();
    return new Map([...tables.keys()].map((table) => [table, this.partitioned.get(table) ?? whole]));
  }

  /** Datasets that are there, with and without tables. */
  async datasets(): Promise<string[]> {
    const connection = await this.instance.connect();
    const reader = await connection.runAndReadAll(
      "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_catalog() AND NOT internal ORDER BY 1",
    );
    connection.closeSync();
    return reader.getRows().map(([name]) => String(name));
  }

  /** The columns of a Parquet file, with their types as DuckDB has them. */
  async typesOf(file: string): Promise<Map<string, string>> {
    const connection = await this.instance.connect();
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
    connection.closeSync();
    return new Map(reader.getRows().map(([name, type]) => [String(name), String(type)]));
  }

  /** Notes how a table is partitioned. */
  partition(table: string, partitioning: Partitioning): void {
    this.partitioned.set(table, partitioning);
    this.partitions.touch(table);
  }

  /** Notes a column's type that DuckDB does not tell. */
  declare(table: string, column: string, type: string): void {
    this.declared.set(`${table}.${column}`, type);
    this.known = undefined;
  }

  /** Runs DuckDB's own DDL: datasets and tables are created and altered by the REST calls, not by SQL. */
  ddl(sql: string): Promise<void> {
    // One after another: DuckDB refuses the second of two changes of its catalog, the service does not.
    const next = this.changing.then(async () => {
      const connection = await this.instance.connect();
      await connection.run(sql).finally(() => connection.closeSync());
      this.known = undefined;
    });
    this.changing = next.catch(() => undefined);
    return next;
  }
  private changing: Promise<unknown> = Promise.resolve();
}

const used = (sql: string, params: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => new RegExp(`@${name}\\b`).test(sql)));

/** First and last date that a statement's parameters name. */
function datesOf(sql: string, params: Params): [string, string] | [] {
  const dates = Object.values(used(sql, params))
    .filter(({ type, value }) => type.includes("DATE") && value !== null)
    .flatMap(({ value }) => value as string | string[])
    .sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return [];
  const looksBack = sql.includes("DATE_SUB(@start_date, INTERVAL 9 MONTH)");
  return [looksBack ? addDays(seasonStart(seasonYear(first)), -92) : first, last];
}
