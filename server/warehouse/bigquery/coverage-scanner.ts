import { createHash } from "node:crypto";
import type { FactRow } from "@/lib/engine/coverage/facts";
import { FALLBACK } from "@/lib/engine/coverage/sql";
import { knownSql } from "@/lib/engine/pipeline/calendar";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { epochsBetween, rangeOfEpochs } from "@/lib/engine/pipeline/epochs";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import { addDays } from "@/lib/util/dates";
import { entryOf, groupBy } from "@/lib/util/group-by";
import { countDates } from "../counts";
import { type KeyValueStore, type LooseRows, type Params, type Row, rangeParams } from "../types";
import type { Bounds, Jobs } from "./jobs";
import {
  type Digest,
  dateOfId,
  datesOfPartition,
  digestSql,
  epochOfPartition,
  isByDate,
  looseSql,
  type Named,
  type PartitionRow,
  partitionsSql,
  type Reach,
  reachSql,
} from "./partitions";

interface SeenTable {
  digest: string;
  /** Marks of its partitions, by id. */
  marks: Record<string, string>;
  rows: Record<string, FactRow>;
}

interface Seen {
  /** Digest of the raw tables, and what they decide: units, expected rows, raw rows. */
  context: string | null;
  contextRows: FactRow[];
  tables: Record<string, SeenTable>;
}

const NOTHING: Seen = { context: null, contextRows: [], tables: {} };
const EMPTY: SeenTable = { digest: "", marks: {}, rows: {} };

const LAST_DATE = "9999-12-30";

/** 202110. */
const monthOf = (date: string): number => Number(date.slice(0, 7).replace("-", ""));

function hasOtherMonths(contextRows: readonly FactRow[], dates: readonly string[]): boolean {
  const listed = contextRows.filter(({ kind, name }) => kind === "calendar" && name !== FALLBACK);
  const months = new Set(listed.map(({ d }) => d.slice(0, 7)));
  return dates.some((date) => !months.has(date.slice(0, 7)));
}

/**
 * Coverage without reading what has not changed. The service's catalog says rows and last change
 * of every partition (INFORMATION_SCHEMA.PARTITIONS, next to no bytes). Keys and times are counted
 * for partitions alone that have changed since they were last seen; units and expected rows for
 * epochs alone whose raw tables have.
 */
export class CoverageScanner {
  private readonly seen = new Map<string, Seen>();
  /** Dates that this process has written since: counted whatever the catalog says. */
  private own = new Map<string, Set<string>>();

  /** What is seen belongs to one warehouse and one way of counting. */
  private readonly version: string;

  constructor(private readonly jobs: Jobs) {
    const { bigqueryProject, bigqueryPrefix, bigqueryEndpoint } = jobs.settings;
    const text = JSON.stringify([jobs.pipeline.sql.coverage, bigqueryProject, bigqueryPrefix, bigqueryEndpoint]);
    this.stored = new Map(jobs.pipeline.stored.map((table) => [table.qualified, table]));
    this.version = createHash("sha256").update(text).digest("hex").slice(0, 16);
  }

  written(table: Processor, dates: readonly string[]): void {
    const noted = entryOf(this.own, table.id, () => new Set());
    for (const date of dates) noted.add(date);
  }

  /** Forgets what this process has seen: a statement may have changed anything. */
  forget(): void {
    this.forgotten = true;
    this.seen.clear();
  }
  private forgotten = false;

  /** How many dates have rows of a table in the epochs that were looked at, and the range of these; undefined: none. */
  datesSeen({ id }: Processor): { dates: number; start: string; end: string } | undefined {
    const { shards } = this.jobs.pipeline;
    const found = [...this.seen].flatMap(([epoch, { tables }]) => {
      const dates = Object.keys(tables[id]?.rows ?? {}).length;
      return dates > 0 ? [{ dates, start: shards.start(epoch), end: shards.end(epoch) }] : [];
    });
    if (found.length === 0) return undefined;
    return {
      dates: found.reduce((sum, { dates }) => sum + dates, 0),
      start: found.map(({ start }) => start).sort()[0] as string,
      end: found
        .map(({ end }) => end)
        .sort()
        .at(-1) as string,
    };
  }

  /** Tables as the catalog is asked of them. */
  private get there(): StoredTable[] {
    return this.jobs.pipeline.stored.filter(({ qualified }) => !this.jobs.absent.has(qualified));
  }

  /** True where partitions' ids say the dates of a table's rows; where it is in one part there is nothing else to go by. */
  private readonly saysDate = (table: Named): boolean => {
    const parted = this.jobs.partitionings.get(qualifiedName(table));
    const stored = this.stored.get(qualifiedName(table));
    return !parted || !stored || (parted.saysDate && isByDate(stored, parted));
  };
  private readonly stored: ReadonlyMap<string, StoredTable>;

  /** True where the calendar is made of the dates that are known. */
  private get isOfKnownDates(): boolean {
    const { sql, calendar } = this.jobs.pipeline;
    return sql.context.includes(calendar.known);
  }

  /** Tables of which the catalog says the first and last date. */
  private get dated(): StoredTable[] {
    return this.there.filter((table) => this.jobs.partitionings.has(table.qualified) && this.saysDate(table));
  }

  /** A statement with what the catalog knows in place of reading every date of tables that are parted by it. */
  private async withReach(sql: string, today: string): Promise<string> {
    const { calendar } = this.jobs.pipeline;
    if (!sql.includes(calendar.known)) return sql;
    const dated = new Set(this.dated.map(({ qualified }) => qualified));
    const isKnown = ({ table }: { table?: string }) => table !== undefined && dated.has(table);
    const names = new Set(calendar.knownParts.filter(isKnown).map(({ table }) => table));
    const reach = await this.reach(
      this.dated.filter(({ qualified }) => names.has(qualified)),
      today,
    );
    const parts = [
      ...calendar.knownParts.filter((part) => !isKnown(part)),
      ...reach.map((date) => ({ sql: `SELECT DATE '${date}' AS d` })),
    ];
    return sql.replaceAll(calendar.known, () => knownSql(parts));
  }

  /** First and last date of tables, and the last up to today. */
  private async reach(tables: readonly StoredTable[], today: string): Promise<string[]> {
    if (tables.length === 0) return [];
    const { sql, params } = reachSql(tables, today);
    const rows = await this.ask<Reach>(sql, params);
    const ids = rows.flatMap(({ first, last, passed }) => [first, last, passed]);
    const dates = [...new Set(ids)].flatMap((id) => (id === null ? [] : [dateOfId(id)])).sort();
    return [...new Set([dates[0], dates.filter((date) => date <= today).at(-1), dates.at(-1)])].flatMap(
      (date) => date ?? [],
    );
  }

  /** What the statement of known dates gives. */
  async known(params: Params): Promise<Row[]> {
    const sql = await this.withReach(this.jobs.pipeline.sql.known, params.today?.value as string);
    return this.jobs.query(sql, params, { work: "coverage" });
  }

  /** See Warehouse.loose. */
  async loose(): Promise<{ tables: ReadonlySet<string>; rows: LooseRows[] }> {
    const tables = new Set(this.dated.map(({ qualified }) => qualified));
    if (tables.size === 0) return { tables, rows: [] };
    const { sql, params } = looseSql(this.dated);
    const rows = await this.ask<{ qualified: string; partition_id: LooseRows["partition"]; total_rows: number }>(
      sql,
      params,
    );
    const found = rows.map((row) => ({ qualified: row.qualified, partition: row.partition_id, rows: row.total_rows }));
    return { tables, rows: found };
  }

  private keyOf(epoch: string): string {
    return `coverage ${this.version} ${epoch}`;
  }

  /** Facts of whole epochs, one question after another: each knows what the one before has seen. */
  facts(first: string, last: string, memory: KeyValueStore): Promise<FactRow[]> {
    const next = this.asked.then(() => this.scan(first, last, memory));
    this.asked = next.catch(() => undefined);
    return next;
  }
  private asked: Promise<unknown> = Promise.resolve();

  private async scan(first: string, last: string, memory: KeyValueStore): Promise<FactRow[]> {
    const epochs = epochsBetween(this.jobs.pipeline, rangeOfEpochs(this.jobs.pipeline, first, last));
    const own = this.own;
    this.own = new Map();
    const { forgotten } = this;
    this.forgotten = false;
    try {
      for (const epoch of epochs) {
        if (this.seen.has(epoch)) continue;
        const known = forgotten ? undefined : ((await memory.get(this.keyOf(epoch))) as Seen | undefined);
        this.seen.set(epoch, known ?? NOTHING);
      }
      const digests = await this.digests(epochs);
      const counted = await this.counts(epochs, digests, own);
      const context = await this.contexts(epochs, digests, counted);
      for (const epoch of epochs) {
        const before = this.seen.get(epoch) as Seen;
        const tables = { ...before.tables, ...counted.get(epoch) };
        const now = { ...before, ...context.get(epoch), tables };
        if (!context.has(epoch) && !counted.has(epoch)) continue;
        this.seen.set(epoch, now);
        await memory.set(this.keyOf(epoch), now);
      }
    } catch (error) {
      // What was not looked at is still to be looked at.
      for (const [short, dates] of own) this.own.set(short, new Set([...dates, ...(this.own.get(short) ?? [])]));
      this.forgotten ||= forgotten;
      throw error;
    }
    return epochs.flatMap((epoch) => {
      const { contextRows, tables } = this.seen.get(epoch) as Seen;
      return [...this.kept(epoch), ...contextRows, ...Object.values(tables).flatMap(({ rows }) => Object.values(rows))];
    });
  }

  /** Which dates of an epoch tables still keep whose partitions expire. */
  private kept(epoch: string): FactRow[] {
    const { shards, tables } = this.jobs.pipeline;
    const d = shards.start(epoch);
    return tables.flatMap((table) => {
      const days = this.jobs.partitionings.get(qualifiedName(table))?.keptDays ?? null;
      if (days === null || !this.saysDate(table)) return [];
      const info = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
      return [
        { kind: "kept", name: table.id, d, n: days, m: 0, k: 0, oldest: null, newest: null, info, figures: null },
      ];
    });
  }

  private rangeOf(first: string, last: string): Params {
    const { start, end } = rangeOfEpochs(this.jobs.pipeline, first, last);
    return rangeParams(start, end);
  }

  private before(epoch: string): string {
    const { shards } = this.jobs.pipeline;
    return shards.of(addDays(shards.start(epoch), -1));
  }

  private async ask<Answer>(sql: string, params: Params, bounds?: Bounds): Promise<Answer[]> {
    return (await this.jobs.query(sql, params, { work: "coverage" }, bounds)) as unknown as Answer[];
  }

  private async digests(epochs: readonly string[]): Promise<Map<string, Digest[]>> {
    const { sql, params } = digestSql(
      this.jobs.pipeline,
      this.there,
      [...new Set([this.before(epochs[0] as string), ...epochs])],
      this.saysDate,
    );
    return groupBy(await this.ask<Digest>(sql, params), (row) => row.qualified);
  }

  /** The digest of a table in some epochs, with what the catalog cannot put into one. */
  private digestOf(digests: Map<string, Digest[]>, table: Named, epochs: readonly string[]): string {
    const own = (digests.get(qualifiedName(table)) ?? []).filter(
      ({ epoch }) => epoch === null || epochs.includes(epoch),
    );
    return own
      .map((one) => `${one.epoch}:${one.partitions}:${one.total_rows}:${one.modified}`)
      .sort()
      .join(" ");
  }

  private async contexts(
    epochs: readonly string[],
    digests: Map<string, Digest[]>,
    counted: ReadonlyMap<string, Record<string, SeenTable>>,
  ) {
    const { fallback } = this.jobs.pipeline.calendar;
    const markOf = (epoch: string, contextRows: readonly FactRow[]) => {
      const { tables } = this.seen.get(epoch) as Seen;
      const results = fallback && { ...tables, ...counted.get(epoch) }[fallback.id];
      // Sources of the months before count too, and results where they stand in for the calendar.
      const raw = this.jobs.pipeline.sources.map((source) =>
        this.digestOf(digests, source, [this.before(epoch), epoch]),
      );
      const other = results && hasOtherMonths(contextRows, Object.keys(results.rows)) ? fallback : undefined;
      // A calendar of every day begins with the first date that any table knows.
      const known = this.isOfKnownDates ? this.there.map((table) => this.digestOf(digests, table, [epoch])) : [];
      return [...raw, ...known, other ? this.digestOf(digests, other, [epoch]) : ""].join("|");
    };
    const found = new Map<string, Pick<Seen, "context" | "contextRows">>();
    const changed = epochs.filter((epoch) => {
      const { context, contextRows } = this.seen.get(epoch) as Seen;
      return context !== markOf(epoch, contextRows);
    });
    const [first, last] = [changed[0], changed.at(-1)];
    if (first === undefined || last === undefined) return found;
    const byEpoch = new Map<string, FactRow[]>(changed.map((epoch) => [epoch, []]));
    const context = await this.withReach(this.jobs.pipeline.sql.context, LAST_DATE);
    for (const row of await this.ask<FactRow>(context, this.rangeOf(first, last)))
      byEpoch.get(this.jobs.pipeline.shards.of(row.d))?.push(row);
    for (const [epoch, contextRows] of byEpoch) found.set(epoch, { context: markOf(epoch, contextRows), contextRows });
    return found;
  }

  /** Counts of the dates whose partitions have changed, beside those that have not, by epoch and table. */
  private async counts(
    epochs: readonly string[],
    digests: Map<string, Digest[]>,
    own: Map<string, Set<string>>,
  ): Promise<Map<string, Record<string, SeenTable>>> {
    const seenOf = (epoch: string, short: string) => this.seen.get(epoch)?.tables[short] ?? EMPTY;
    const touched = (epoch: string, short: string) =>
      [...(own.get(short) ?? [])].some((d) => this.jobs.pipeline.shards.of(d) === epoch);
    const changed = epochs.flatMap((epoch) =>
      this.jobs.pipeline.tables
        .filter(
          (table) =>
            seenOf(epoch, table.id).digest !== this.digestOf(digests, table, [epoch]) || touched(epoch, table.id),
        )
        .map((table) => ({ epoch, table })),
    );
    const found = new Map<string, Record<string, SeenTable>>();
    if (changed.length === 0) return found;
    const marks = await this.marks(changed);
    const dates = new Map<Processor, string[]>();
    for (const { epoch, table } of changed) {
      const before = seenOf(epoch, table.id);
      const now = marks.get(`${epoch} ${qualifiedName(table)}`) ?? {};
      const ids = [...new Set([...Object.keys(before.marks), ...Object.keys(now)])];
      const moved = ids
        .filter((id) => before.marks[id] !== now[id])
        .flatMap((id) => datesOfPartition(this.jobs.pipeline, this.saysDate(table) ? id : null, epoch));
      const mine = [...(own.get(table.id) ?? [])].filter((date) => this.jobs.pipeline.shards.of(date) === epoch);
      const again = new Set([...moved, ...mine]);
      const rows = Object.fromEntries(Object.entries(before.rows).filter(([date]) => !again.has(date)));
      const digest = this.digestOf(digests, table, [epoch]);
      found.set(epoch, { ...found.get(epoch), [table.id]: { digest, marks: now, rows } });
      if (again.size > 0) dates.set(table, [...(dates.get(table) ?? []), ...again].sort());
    }
    const bounds = new Map(
      [...dates].map(([table, own]) => [qualifiedName(table), [own[0] as string, own.at(-1) as string]] as const),
    );
    for (const row of await countDates((sql, params) => this.ask(sql, params, bounds), dates)) {
      const table = found.get(this.jobs.pipeline.shards.of(row.d))?.[row.name];
      if (table) table.rows[row.d] = row;
    }
    return found;
  }

  /** Marks of the partitions of some tables and epochs, by epoch and table, then by id. */
  private async marks(changed: ReadonlyArray<{ epoch: string; table: Processor }>) {
    const epochs = changed.map(({ epoch }) => epoch);
    const tables = [...new Set(changed.map(({ table }) => table))];
    const [first, last] = [[...epochs].sort()[0] as string, [...epochs].sort().at(-1) as string];
    const { start, end } = rangeOfEpochs(this.jobs.pipeline, first, last);
    const { sql, params } = partitionsSql(tables, monthOf(start), monthOf(end), this.saysDate);
    const marks = new Map<string, Record<string, string>>();
    const named = new Map(tables.map((table) => [qualifiedName(table), table]));
    for (const row of await this.ask<PartitionRow>(sql, params)) {
      const table = named.get(row.qualified);
      const own = table && this.saysDate(table) ? epochOfPartition(this.jobs.pipeline, row.partition_id) : null;
      for (const epoch of own === null ? new Set(epochs) : [own]) {
        const byId = entryOf(marks, `${epoch} ${row.qualified}`, () => ({}) as Record<string, string>);
        byId[row.partition_id ?? ""] = `${row.total_rows}:${row.modified}`;
      }
    }
    return marks;
  }
}
