import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { dayNumber } from "@/lib/dates";
import { toDuckDB } from "../../warehouse/dialect";
import type { Params, Value } from "../../warehouse/types";
import { type OutputColumn, Referee } from "../zetasql";

/** What one statement gave. */
export interface Answer {
  kind: string;
  columns: OutputColumn[];
  rows: Value[][];
  changed: number;
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

function bound(text: string, params: Params): Record<string, DuckDBValue> {
  const values: Record<string, DuckDBValue> = {};
  for (const [name, { type, value }] of Object.entries(params)) {
    if (!new RegExp(`\\$${name}\\b`).test(text)) continue;
    const one = (each: unknown): DuckDBValue => {
      if (each === null) return null;
      if (/DATE/.test(type)) return new DuckDBDateValue(dayNumber(each as string));
      if (type === "TIMESTAMP") return new DuckDBTimestampValue(BigInt(Date.parse(each as string)) * 1000n);
      return type === "INT64" ? BigInt(each as number) : (each as string);
    };
    values[name] = Array.isArray(value) ? new DuckDBListValue(value.map(one)) : one(value);
  }
  return values;
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

/** Answers GoogleSQL as BigQuery would: Google's analyzer judges each query, DuckDB holds and computes the rows. */
export class Engine {
  /** Every statement that came, as it came. */
  readonly seen: Array<{ sql: string; params: Params }> = [];

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly referee: Referee,
  ) {}

  static async open(file: string): Promise<Engine> {
    return new Engine(await DuckDBInstance.create(file), await Referee.start());
  }

  close(): void {
    this.referee.stop();
    this.instance.closeSync();
  }

  /** Runs one statement or a script; a script's transaction is rolled back whole when one of its statements fails. */
  async run(script: string, params: Params, signal?: AbortSignal): Promise<Answer[]> {
    const connection = await this.instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    let open = false;
    try {
      const answers: Answer[] = [];
      for (const sql of statementsOf(script)) {
        this.seen.push({ sql, params });
        const answer = await this.statement(connection, sql, params);
        if (answer.kind === "BEGIN_TRANSACTION") open = true;
        if (answer.kind === "COMMIT_TRANSACTION") open = false;
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

  private async statement(connection: DuckDBConnection, sql: string, params: Params): Promise<Answer> {
    const kind = kindOf(sql);
    const nothing = { kind, columns: [], rows: [], changed: 0 };
    const translated = async (text: string) => {
      const duck = await toDuckDB(text);
      return connection.runAndReadAll(duck, bound(duck, params));
    };
    if (kind === "BEGIN_TRANSACTION" || kind === "COMMIT_TRANSACTION") {
      await connection.run(kind === "BEGIN_TRANSACTION" ? "BEGIN TRANSACTION" : "COMMIT");
      return nothing;
    }
    if (kind === "ASSERT") {
      const [, condition = "", words = ""] = /^ASSERT\s+([\s\S]*?)\s+AS\s+'([\s\S]*)'$/i.exec(sql) ?? [];
      const holds = (await translated(`SELECT ${condition} AS v`)).getRows()[0]?.[0];
      if (holds !== true) throw new Fault(400, "invalidQuery", `Assertion failed: ${words}`);
      return nothing;
    }
    if (kind === "CREATE_TABLE_AS_SELECT") {
      const [, name = "", select = ""] = /^CREATE TEMP TABLE (\w+) AS\s+([\s\S]*)$/i.exec(sql) ?? [];
      await this.judged(select, params);
      const duck = await toDuckDB(select);
      await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${duck}`, bound(duck, params));
      return nothing;
    }
    if (kind !== "SELECT") {
      // What reads a temporary table is unknown to the analyzer's catalog.
      if (!/\bFROM staged\b/.test(sql)) await this.judged(sql, params);
      return { ...nothing, changed: (await translated(sql)).rowsChanged };
    }
    const columns = await this.judged(sql, params);
    const rows = (await translated(sql)).getRows() as unknown as Value[][];
    return { kind, columns, rows, changed: 0 };
  }

  /** The columns of a query by Google's analyzer; its message is the answer where it finds a fault. */
  private async judged(sql: string, params: Params): Promise<OutputColumn[]> {
    const used = Object.fromEntries(Object.entries(params).filter(([name]) => new RegExp(`@${name}\\b`).test(sql)));
    try {
      return await this.referee.analyze(sql, used);
    } catch (error) {
      throw new Fault(400, "invalidQuery", (error as Error).message);
    }
  }

  /** Eight bytes for each value of the tables that a query names; a fault where the query has one. */
  async bytesOf(sql: string, params: Params): Promise<number> {
    await this.judged(sql, params);
    const connection = await this.instance.connect();
    let bytes = 0;
    for (const table of await this.referee.tablesOf(sql)) {
      const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
      const described = await connection.runAndReadAll(`DESCRIBE ${table}`);
      bytes += 8 * Number(counted.getRows()[0]?.[0]) * described.currentRowCount;
    }
    connection.closeSync();
    return bytes;
  }

  /** Names of tables that are there, as dataset.name. */
  async tables(): Promise<Map<string, Array<{ name: string; type: string }>>> {
    const connection = await this.instance.connect();
    const rows = (
      await connection.runAndReadAll(
        "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns ORDER BY ordinal_position",
      )
    ).getRows() as string[][];
    connection.closeSync();
    const found = new Map<string, Array<{ name: string; type: string }>>();
    for (const [schema, table, name, type] of rows) {
      const key = `${schema}.${table}`;
      found.set(key, [...(found.get(key) ?? []), { name: name as string, type: googleType(type as string) }]);
    }
    return found;
  }

  /** Runs DuckDB's own DDL: datasets and tables are created and altered by the REST calls, not by SQL. */
  async ddl(sql: string): Promise<void> {
    const connection = await this.instance.connect();
    await connection.run(sql);
    connection.closeSync();
  }
}

const TYPES: Record<string, string> = {
  VARCHAR: "STRING",
  BIGINT: "INTEGER",
  DOUBLE: "FLOAT",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  TIMESTAMP: "TIMESTAMP",
};
const googleType = (duck: string): string => TYPES[duck.replace("[]", "")] ?? duck;
