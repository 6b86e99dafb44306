import { createHash } from "node:crypto";
import type { FactRow } from "@/lib/engine/coverage/facts";
import { FALLBACK } from "@/lib/engine/coverage/sql";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { seasonEnd, seasonStart, seasonYear } from "@/lib/engine/pipeline/epochs";
import { entryOf, groupBy } from "@/lib/group-by";
import { countDates } from "../counts";
import { type Memory, type Params, rangeParams } from "../types";
import type { Jobs } from "./jobs";
import {
  type Digest,
  datesOfPartition,
  digestSql,
  type PartitionRow,
  partitionsSql,
  seasonOfPartition,
} from "./partitions";

interface SeenTable {
  digest: string;
  /** Marks of its partitions, by id. */
  marks: Record<string, string>;
  rows: Record<string, FactRow>;
}

interface Seen {
  /** Digest of the raw tables, and what they decide: games, expected rows, raw rows. */
  context: string;
  contextRows: FactRow[];
  tables: Record<string, SeenTable>;
}

const NOTHING: Seen = { context: "", contextRows: [], tables: {} };
const EMPTY: SeenTable = { digest: "", marks: {}, rows: {} };

function hasOtherMonths(contextRows: readonly FactRow[], dates: readonly string[]): boolean {
  const listed = contextRows.filter(({ kind, name }) => kind === "calendar" && name !== FALLBACK);
  const months = new Set(listed.map(({ d }) => d.slice(0, 7)));
  return dates.some((date) => !months.has(date.slice(0, 7)));
}

/**
 * Coverage without reading what has not changed. The service's catalog says rows and last change
 * of every partition (INFORMATION_SCHEMA.PARTITIONS, next to no bytes). Keys and times are counted
 * for partitions alone that have changed since they were last seen; games and expected rows for
 * seasons alone whose raw tables have.
 */
export class Looks {
  private readonly seen = new Map<number, Seen>();
  /** Dates that this process has written since: counted whatever the catalog says. */
  private own = new Map<string, Set<string>>();

  /** What is seen belongs to one warehouse and one way of counting. */
  private readonly version: string;

  constructor(private readonly jobs: Jobs) {
    const { bigqueryProject, bigqueryPrefix, bigqueryEndpoint } = jobs.settings;
    const text = JSON.stringify([jobs.pipeline.sql.coverage, bigqueryProject, bigqueryPrefix, bigqueryEndpoint]);
    this.version = createHash("sha256").update(text).digest("hex").slice(0, 16);
  }

  written(table: Processor, dates: readonly string[]): void {
    const noted = entryOf(this.own, table.short, () => new Set());
    for (const date of dates) noted.add(date);
  }

  /** Forgets what this process has seen: a statement may have changed anything. */
  forget(): void {
    this.forgotten = true;
    this.seen.clear();
  }
  private forgotten = false;

  private keyOf(season: number): string {
    return `coverage ${this.version} ${season}`;
  }

  /** Facts of whole seasons, one question after another: each knows what the one before has seen. */
  facts(first: number, last: number, memory: Memory): Promise<FactRow[]> {
    const next = this.asked.then(() => this.look(first, last, memory));
    this.asked = next.catch(() => undefined);
    return next;
  }
  private asked: Promise<unknown> = Promise.resolve();

  private async look(first: number, last: number, memory: Memory): Promise<FactRow[]> {
    const seasons = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const own = this.own;
    this.own = new Map();
    const { forgotten } = this;
    this.forgotten = false;
    try {
      for (const season of seasons) {
        if (this.seen.has(season)) continue;
        const known = forgotten ? undefined : ((await memory.get(this.keyOf(season))) as Seen | undefined);
        this.seen.set(season, known ?? NOTHING);
      }
      const digests = await this.digests();
      const counted = await this.counts(seasons, digests, own);
      const context = await this.contexts(seasons, digests, counted);
      for (const season of seasons) {
        const before = this.seen.get(season) as Seen;
        const tables = { ...before.tables, ...counted.get(season) };
        const now = { ...before, ...context.get(season), tables };
        if (!context.has(season) && !counted.has(season)) continue;
        this.seen.set(season, now);
        await memory.set(this.keyOf(season), now);
      }
    } catch (error) {
      // What was not looked at is still to be looked at.
      for (const [short, dates] of own) this.own.set(short, new Set([...dates, ...(this.own.get(short) ?? [])]));
      this.forgotten ||= forgotten;
      throw error;
    }
    return seasons.flatMap((season) => {
      const { contextRows, tables } = this.seen.get(season) as Seen;
      return [...contextRows, ...Object.values(tables).flatMap(({ rows }) => Object.values(rows))];
    });
  }

  private async ask<Answer>(sql: string, params: Params): Promise<Answer[]> {
    return (await this.jobs.query(sql, params, { work: "coverage" })) as unknown as Answer[];
  }

  private async digests(): Promise<Map<string, Digest[]>> {
    const { sql, params } = digestSql(
      this.jobs.pipeline.stored.filter(({ qualified }) => !this.jobs.absent.has(qualified)),
    );
    return groupBy(await this.ask<Digest>(sql, params), (row) => row.table_name);
  }

  /** The digest of a table in some seasons, with what the catalog cannot put into one. */
  private digestOf(digests: Map<string, Digest[]>, name: string, seasons: readonly number[]): string {
    const own = (digests.get(name) ?? []).filter(({ season }) => season === null || seasons.includes(season));
    return own
      .map((one) => `${one.season}:${one.partitions}:${one.total_rows}:${one.modified}`)
      .sort()
      .join(" ");
  }

  private async contexts(
    seasons: readonly number[],
    digests: Map<string, Digest[]>,
    counted: ReadonlyMap<number, Record<string, SeenTable>>,
  ) {
    const { fallback } = this.jobs.pipeline.calendar;
    const markOf = (season: number, contextRows: readonly FactRow[]) => {
      const { tables } = this.seen.get(season) as Seen;
      const results = fallback && { ...tables, ...counted.get(season) }[fallback.short];
      // Rosters of the summer before count too, and results where they stand in for the schedule.
      const raw = this.jobs.pipeline.sources.map(({ name }) => this.digestOf(digests, name, [season - 1, season]));
      const other = results && hasOtherMonths(contextRows, Object.keys(results.rows)) ? fallback : undefined;
      return [...raw, other ? this.digestOf(digests, other.name, [season]) : ""].join("|");
    };
    const found = new Map<number, Pick<Seen, "context" | "contextRows">>();
    const changed = seasons.filter((season) => {
      const { context, contextRows } = this.seen.get(season) as Seen;
      return context !== markOf(season, contextRows);
    });
    const [first, last] = [changed[0], changed.at(-1)];
    if (first === undefined || last === undefined) return found;
    const bySeason = new Map<number, FactRow[]>(changed.map((season) => [season, []]));
    for (const row of await this.ask<FactRow>(
      this.jobs.pipeline.sql.context,
      rangeParams(seasonStart(first), seasonEnd(last)),
    ))
      bySeason.get(seasonYear(row.d))?.push(row);
    for (const [season, contextRows] of bySeason)
      found.set(season, { context: markOf(season, contextRows), contextRows });
    return found;
  }

  /** Counts of the dates whose partitions have changed, beside those that have not, by season and table. */
  private async counts(
    seasons: readonly number[],
    digests: Map<string, Digest[]>,
    own: Map<string, Set<string>>,
  ): Promise<Map<number, Record<string, SeenTable>>> {
    const seenOf = (season: number, short: string) => this.seen.get(season)?.tables[short] ?? EMPTY;
    const touched = (season: number, short: string) =>
      [...(own.get(short) ?? [])].some((d) => seasonYear(d) === season);
    const changed = seasons.flatMap((season) =>
      this.jobs.pipeline.tables
        .filter(
          ({ name, short }) =>
            seenOf(season, short).digest !== this.digestOf(digests, name, [season]) || touched(season, short),
        )
        .map((table) => ({ season, table })),
    );
    const found = new Map<number, Record<string, SeenTable>>();
    if (changed.length === 0) return found;
    const marks = await this.marks(changed);
    const dates = new Map<Processor, string[]>();
    for (const { season, table } of changed) {
      const before = seenOf(season, table.short);
      const now = marks.get(`${season} ${table.name}`) ?? {};
      const ids = [...new Set([...Object.keys(before.marks), ...Object.keys(now)])];
      const moved = ids.filter((id) => before.marks[id] !== now[id]).flatMap((id) => datesOfPartition(id, season));
      const mine = [...(own.get(table.short) ?? [])].filter((date) => seasonYear(date) === season);
      const again = new Set([...moved, ...mine]);
      const rows = Object.fromEntries(Object.entries(before.rows).filter(([date]) => !again.has(date)));
      const digest = this.digestOf(digests, table.name, [season]);
      found.set(season, { ...found.get(season), [table.short]: { digest, marks: now, rows } });
      if (again.size > 0) dates.set(table, [...(dates.get(table) ?? []), ...again].sort());
    }
    for (const row of await countDates((sql, params) => this.ask(sql, params), dates)) {
      const table = found.get(seasonYear(row.d))?.[row.name];
      if (table) table.rows[row.d] = row;
    }
    return found;
  }

  /** Marks of the partitions of some tables and seasons, by season and table, then by id. */
  private async marks(changed: ReadonlyArray<{ season: number; table: Processor }>) {
    const seasons = changed.map(({ season }) => season);
    const tables = [...new Set(changed.map(({ table }) => table))];
    const { sql, params } = partitionsSql(tables, Math.min(...seasons) * 100 + 10, Math.max(...seasons) * 100 + 110);
    const marks = new Map<string, Record<string, string>>();
    for (const row of await this.ask<PartitionRow>(sql, params)) {
      const own = seasonOfPartition(row.partition_id);
      for (const season of own === null ? new Set(seasons) : [own]) {
        const byId = entryOf(marks, `${season} ${row.table_name}`, () => ({}) as Record<string, string>);
        byId[row.partition_id ?? ""] = `${row.total_rows}:${row.modified}`;
      }
    }
    return marks;
  }
}
