import type { ColumnFault } from "@/lib/engine/coverage/cell-states";
import type { FactRow } from "@/lib/engine/coverage/facts";
import { tableCoverageSql } from "@/lib/engine/coverage/sql";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { rangeOfEpochs } from "@/lib/engine/pipeline/epochs";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { FullcourtError } from "@/lib/errors";
import { type Changes, ExternalChanges } from "../changes";
import { differencesOf } from "../columns";
import { ReadOnlyWarehouse } from "../read-only";
import { type Params, type Row, rangeParams, type Seen, type Warehouse } from "../types";
import { isAway, type PostgresAddress, PostgresClient } from "./client";
import { numbered, toPostgres } from "./dialect";
import {
  COLUMNS_SQL,
  dateColumnOf,
  datesOf,
  name,
  type Shape,
  shapeOf,
  tablesOf,
  typeOf,
  VERSIONS_SQL,
} from "./tables";

/** How often a server looks whether the tables have changed: one statement on the catalog. */
const POLL_MS = 5_000;

/** A look takes at most this part of the time: of a database that is always written, large tables are counted less often. */
const SHARE_OF_TIME = 1 / 20;

/** What was counted, of a table as it was then. */
interface Counted {
  version: string;
  rows: FactRow[];
}

/** A name of a table in a translated statement, with its alias; not in a text. */
const TABLE = /(?<!['\w.])(\w+\.(\w+))\b(?: AS (\w+))?/g;
/** An alias that the calendar and the dates that are known give to tables whose dates alone they want. */
const OF_DATES = / AS of_\w/;

type StoredName = { dataset: string; name: string; dateColumn?: string };

/**
 * Another program's Postgres, read only. Of a look only tables are counted that have changed since the last one; while
 * the server does not answer, what was known is given, and `seen` says since when.
 */
class PostgresWarehouse extends ReadOnlyWarehouse implements Warehouse {
  readonly engine = "postgres";
  readonly parallelTasks = 3;
  queryCount = 0;
  readonly changes: Changes;
  private readonly client: PostgresClient;
  private readonly poll: NodeJS.Timeout;
  private readonly names: readonly string[];
  /** Names of columns as the configuration writes them: Postgres gives them in small letters. */
  private readonly written: ReadonlyMap<string, string>;
  /** Tables as they are, and of what shape they were then. */
  private shape: (Shape & { of: string }) | undefined;
  private versions: ReadonlyMap<string, string> = new Map();
  /** When the last look has been paid for, by performance.now(). */
  private restUntil = 0;
  private readonly counted = new Map<string, Counted>();
  private readonly dates = new Map<string, { version: string; dates: string[] }>();
  private readonly faultsOfLook = new Map<string, ColumnFault>();
  /** The last facts, and the last answers of `known`, by what was asked. */
  private readonly last = new Map<string, Row[]>();
  private at: string | undefined;
  private isBehind = false;

  constructor(
    private readonly pipeline: Pipeline,
    protected readonly address: PostgresAddress,
  ) {
    super();
    this.changes = new ExternalChanges(pipeline.shards);
    this.client = new PostgresClient(address);
    this.names = pipeline.stored.map(({ qualified }) => qualified.toLowerCase());
    this.written = new Map(
      pipeline.stored.flatMap(({ columns }) => columns.map(({ name }) => [name.toLowerCase(), name] as const)),
    );
    // A server that is away may take longer to say so than until the next look.
    let isLooking = false;
    const poll = async () => {
      if (isLooking || performance.now() < this.restUntil) return;
      isLooking = true;
      await this.look().catch(() => undefined);
      isLooking = false;
    };
    this.poll = setInterval(() => void poll(), POLL_MS).unref();
  }

  seen(): Seen | null {
    return this.at ? { at: this.at, isBehind: this.isBehind, isAway: this.isBehind } : null;
  }

  private async ask(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.queryCount++;
    return this.client.query(text, values);
  }

  /** What each table is now, by name in small letters; says whether that can be asked. */
  private async look(): Promise<Map<string, string>> {
    try {
      const rows = await this.ask(VERSIONS_SQL, [this.names]);
      const shape = rows.map((row) => `${row.name} ${row.shape}`).join(",");
      if (this.shape?.of !== shape)
        this.shape = { ...shapeOf(this.pipeline, tablesOf(await this.ask(COLUMNS_SQL, [this.names]))), of: shape };
      const versions = new Map(rows.map((row) => [row.name as string, `${row.shape} ${row.version}`]));
      const isOther = this.versions.size > 0 && JSON.stringify([...versions]) !== JSON.stringify([...this.versions]);
      this.versions = versions;
      // What was counted is still what is there.
      if (!isOther && this.at) this.at = new Date().toISOString();
      if (isOther || this.isBehind) {
        this.isBehind = false;
        this.changes.add();
      }
      return versions;
    } catch (error) {
      if (isAway(error) && !this.isBehind && this.at) {
        this.isBehind = true;
        this.changes.add();
      }
      throw error;
    }
  }

  private async shaped(): Promise<Shape> {
    if (!this.shape) await this.look();
    return this.shape as Shape;
  }

  async facts(first: string, last: string): Promise<FactRow[]> {
    const key = `facts ${first} ${last}`;
    try {
      const at = new Date().toISOString();
      const begun = performance.now();
      const rows = await this.count(first, last, await this.look());
      this.restUntil = performance.now() + (performance.now() - begun) / SHARE_OF_TIME;
      this.last.set(key, rows as unknown as Row[]);
      this.at = at;
      return rows;
    } catch (error) {
      const known = this.last.get(key);
      if (!known || !isAway(error)) throw error;
      return known as unknown as FactRow[];
    }
  }

  private async count(first: string, last: string, versions: ReadonlyMap<string, string>): Promise<FactRow[]> {
    const { start, end } = rangeOfEpochs(this.pipeline, first, last);
    const params = rangeParams(start, end);
    const counted = async (of: string, version: string, sql: string, table?: Processor): Promise<FactRow[]> => {
      const key = `${of} ${first} ${last}`;
      const before = this.counted.get(key);
      if (before?.version === version) return before.rows;
      const rows = table ? await this.oneTable(table, () => this.run(sql, params)) : await this.run(sql, params);
      this.counted.set(key, { version, rows: rows as unknown as FactRow[] });
      return rows as unknown as FactRow[];
    };
    // A table whose checks look into others is counted again when those change.
    const versionOf = (table: Processor): string =>
      [table.id, ...(table.checks ?? []).flatMap((check) => ("matches" in check ? [check.matches.in] : []))]
        .map((id) => versions.get(this.nameOf(id)) ?? "")
        .join("|");
    const parts = await Promise.all([
      counted("", JSON.stringify([...versions]), this.pipeline.sql.context),
      ...this.pipeline.tables.map((table) => counted(table.id, versionOf(table), tableCoverageSql(table), table)),
    ]);
    return parts.flat();
  }

  private nameOf(id: string): string {
    const found = this.pipeline.sourceById.get(id) ?? this.pipeline.tables.find((table) => table.id === id);
    return found ? qualifiedName(found).toLowerCase() : "";
  }

  /** What goes wrong with a table alone is its fault: the others are read. */
  private async oneTable(table: StoredName, read: () => Promise<Row[]>): Promise<Row[]> {
    const qualified = qualifiedName(table);
    try {
      const rows = await read();
      this.faultsOfLook.delete(qualified);
      return rows;
    } catch (error) {
      if (isAway(error) || !(error instanceof FullcourtError)) throw error;
      const is = `not read (${error.message.replace(/^.*?: /, "")})`;
      this.faultsOfLook.set(qualified, { column: table.dateColumn ?? "", is, wanted: "date", isReadable: false });
      return [];
    }
  }

  /**
   * What stands for tables of which a statement wants to know only from when to when they have dates: the first, the
   * last and the last until `today`. Asked again when a table has changed.
   */
  private async datesThere(shape: Shape, today: string | undefined): Promise<ReadonlyMap<string, string>> {
    const found = this.pipeline.stored.flatMap((table) => {
      const standIn = shape.standIns.get(table.qualified);
      return table.dateColumn && standIn ? [{ table, standIn }] : [];
    });
    const parts = found.map(async ({ table, standIn }) => {
      const column = dateColumnOf(table).toLowerCase();
      const key = `dates ${table.qualified} ${today}`;
      const version = this.versions.get(table.qualified.toLowerCase()) ?? "";
      let known = this.dates.get(key);
      if (known?.version !== version) {
        const [row = {}] = await this.oneTable(table, () => this.ask(datesOf(standIn, column), [today ?? null]));
        known = { version, dates: Object.values(row).filter((date) => typeof date === "string") };
        this.dates.set(key, known);
      }
      const list = known.dates.map((date) => `DATE '${date}'`).join(", ");
      const rows = `(SELECT one AS ${name(column)} FROM UNNEST(CAST(ARRAY[${list}] AS date[])) AS one)`;
      return [table.qualified, rows] as const;
    });
    return new Map(await Promise.all(parts));
  }

  private async run(sql: string, params: Params): Promise<Row[]> {
    const shape = await this.shaped();
    const translated = await toPostgres(sql);
    const dates = OF_DATES.test(translated)
      ? await this.datesThere(shape, params.today?.value as string | undefined)
      : undefined;
    const standIns = sql.startsWith("SELECT * FROM") ? shape.shown : shape.standIns;
    const replaced = translated.replace(TABLE, (all, table: string, own: string, alias = own) => {
      const standIn = (alias.startsWith("of_") && dates?.get(table)) || standIns.get(table);
      return standIn ? `${standIn} AS ${alias}` : all;
    });
    const { text, values } = numbered(replaced, params);
    const rows = await this.ask(text, values);
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [this.written.get(column) ?? column, value])),
    );
  }

  async query(sql: string, params: Params = {}): Promise<Row[]> {
    const isKnown = sql === this.pipeline.sql.known;
    try {
      const rows = await this.run(sql, params);
      if (isKnown) this.last.set(sql, rows);
      return rows;
    } catch (error) {
      const known = isKnown ? this.last.get(sql) : undefined;
      if (!known || !isAway(error)) throw error;
      return known;
    }
  }

  async *stream(sql: string, params: Params = {}): AsyncIterable<Row[]> {
    yield await this.query(sql, params);
  }

  async faults(): ReturnType<Warehouse["faults"]> {
    const { faults } = await this.shaped();
    return new Map([...[...this.faultsOfLook].map(([name, fault]) => [name, [fault]] as const), ...faults]);
  }

  async differences(): Promise<string[]> {
    return differencesOf(this.pipeline, (await this.shaped()).there, typeOf);
  }

  /** What a job has written is counted, whether the server's statistics say so yet or not. */
  async catchUp(): Promise<void> {
    this.counted.clear();
    this.dates.clear();
    this.changes.add();
  }

  explain(sql: string): Promise<string> {
    return toPostgres(sql);
  }

  async close(): Promise<void> {
    clearInterval(this.poll);
    await this.client.close();
  }
}

/** An error where a table has checks that are GoogleSQL conditions: Postgres has the declared kinds. */
export function assertNoRules({ tables, sources }: Pick<Pipeline, "tables" | "sources">): void {
  const ruled = [...sources, ...tables].filter(({ checks = [] }) => checks.some((check) => "rule" in check));
  if (ruled.length === 0) return;
  throw new FullcourtError(
    "bad_config",
    `${ruled.map(({ id }) => id).join(", ")}: a check by \`rule\` is GoogleSQL, which a Postgres does not run.`,
    "Use notNull, notZero, between, in, unique, distinctAtLeast or matches.",
  );
}

/** Opens another program's Postgres to be read; an error where it cannot be reached. */
export async function openPostgres(address: PostgresAddress, pipeline: Pipeline): Promise<Warehouse> {
  assertNoRules(pipeline);
  const warehouse = new PostgresWarehouse(pipeline, address);
  try {
    // Nothing else starts on a database that cannot be read.
    await warehouse.faults();
    return warehouse;
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}
