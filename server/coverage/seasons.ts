import { setTimeout as sleep } from "node:timers/promises";
import type { Cell } from "@/lib/api/coverage";
import { type FactRow, tableFacts, toFacts, withCounts } from "@/lib/coverage/facts";
import { SCHEDULE_FALLBACK } from "@/lib/coverage/sql";
import { classify } from "@/lib/coverage/states";
import { type CoverageFacts, cellKey, type TableFacts } from "@/lib/coverage/types";
import { calendarsOf, joinCalendars } from "@/lib/pipeline/windows";
import { type Processor, processor } from "@/lib/processors";
import { seasonEnd, seasonStart, seasonYear } from "@/lib/season";
import type { Context } from "../context";
import { memoryOf } from "../state/memory";
import type { Warehouse } from "../warehouse";
import type { Written } from "../warehouse/changes";
import { countDates } from "../warehouse/counts";
import { recordLook } from "./history";

/** Facts and classified cells of whole seasons. */
export interface Coverage {
  facts: CoverageFacts;
  cells: ReadonlyMap<string, Cell>;
  /** When the data were looked at (the oldest of several looks); null where what is known is always what is there. */
  checkedAt: string | null;
}

interface Known extends Coverage {
  /** The warehouse's last change and the day at which it was read. */
  change: number;
  day: string;
}

/** What is known of a warehouse's seasons, and the look that is under way. */
interface Cache {
  seasons: Map<number, Known>;
  looking: Promise<unknown>;
  /** How many are asking for seasons now, and when somebody last did, by performance.now(). */
  asking: number;
  askedAt: number;
}

/**
 * What is known of each season, by warehouse. No window reaches over a season's border, so
 * a write makes only its own season be looked at again, however long the range on screen. On
 * globalThis, as Next loads modules more than once.
 */
const holder = globalThis as typeof globalThis & { fullcourtSeasons?: WeakMap<Warehouse, Cache> };

function cacheOf(warehouse: Warehouse): Cache {
  holder.fullcourtSeasons ??= new WeakMap();
  const cache = holder.fullcourtSeasons.get(warehouse) ?? {
    seasons: new Map(),
    looking: Promise.resolve(),
    asking: 0,
    askedAt: performance.now(),
  };
  holder.fullcourtSeasons.set(warehouse, cache);
  return cache;
}

/** Work that somebody waits for. */
async function asked<T>(cache: Cache, work: () => Promise<T>): Promise<T> {
  cache.asking++;
  try {
    return await work();
  } finally {
    cache.asking--;
    cache.askedAt = performance.now();
  }
}

type Reader = Pick<Context, "warehouse" | "state" | "today">;

const seasonsOf = (start: string, end: string) => {
  const [first, last] = [seasonYear(start), seasonYear(end)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
};

/**
 * Facts and cells of the seasons that a range touches, the oldest first: one query for those that have changed, for
 * all when `anew`. What was known before and still holds are the same objects.
 */
export async function readSeasons(reader: Reader, start: string, end: string, anew = false): Promise<Coverage[]> {
  const cache = cacheOf(reader.warehouse);
  const seasons = seasonsOf(start, end);
  if (anew) reader.warehouse.lookAgain();
  await asked(cache, () => look(reader, cache, seasons, anew));
  return seasons.map((season) => cache.seasons.get(season) as Known);
}

/** The most seasons in one look of readNewestSeasons: what is read is worked out in one go, while nobody else is answered. */
const MOST_AT_ONCE = 4;

/**
 * As many of a range's seasons as can be looked at in some time, the newest first and one at least, so that
 * the first look at a long history shows something soon: a look takes as many seasons as are there already, as
 * eleven in one statement cost a fifth less than each in its own. `pending`: the last date that was not looked at.
 */
export async function readNewestSeasons(
  reader: Reader,
  start: string,
  end: string,
  patienceMs: number,
): Promise<{ seasons: Coverage[]; pending: string | null }> {
  // BigQuery's catalog is asked once for all seasons.
  if (reader.warehouse.engine === "bigquery") return { seasons: await readSeasons(reader, start, end), pending: null };
  const cache = cacheOf(reader.warehouse);
  const until = performance.now() + patienceMs;
  const seasons = seasonsOf(start, end);
  // Those from this place on have been looked at.
  let from = seasons.length;
  let hasLooked = false;
  while (from > 0) {
    const most = Math.min(Math.max(1, seasons.length - from), MOST_AT_ONCE);
    let first = from;
    while (first > 0 && from - first < most && isBehind(reader, cache, seasons[first - 1] as number)) first--;
    if (first === from) {
      from--;
      continue;
    }
    // One look at least, so that who asks again gets further.
    if (hasLooked && performance.now() > until) break;
    const behind = seasons.slice(first, from);
    await asked(cache, () => look(reader, cache, behind));
    hasLooked = true;
    from = first;
  }
  return {
    seasons: seasons.slice(from).map((season) => cache.seasons.get(season) as Known),
    pending: from > 0 ? seasonEnd(seasons[from - 1] as number) : null,
  };
}

/** Looking ahead stands back for so long after somebody has asked for something. */
const STAND_BACK_MS = 1_000;

/**
 * Looks at all seasons of a range ahead of those who will ask for them, the newest first. Who asks meanwhile does
 * not wait for it: nothing is looked at while somebody keeps asking.
 */
export async function lookAhead(reader: Reader, start: string, end: string): Promise<void> {
  const cache = cacheOf(reader.warehouse);
  const isQuiet = () => cache.asking === 0 && performance.now() - cache.askedAt > STAND_BACK_MS;
  for (const season of seasonsOf(start, end).reverse()) {
    while (!isQuiet()) await sleep(STAND_BACK_MS / 4, undefined, { ref: false });
    await look(reader, cache, [season]);
  }
}

function isBehind({ warehouse, today }: Reader, { seasons }: Cache, season: number): boolean {
  const known = seasons.get(season);
  return known?.change !== warehouse.changesOf(season) || known.day !== today();
}

/** Brings what is known of some seasons up to date. One look at a time: who comes second finds what the first has seen. */
async function look(reader: Reader, cache: Cache, seasons: readonly number[], anew = false): Promise<void> {
  if (!anew && !seasons.some((season) => isBehind(reader, cache, season))) return;
  const turn = cache.looking.then(() => lookNow(reader, cache, seasons, anew));
  cache.looking = turn.catch(() => undefined);
  await turn;
}

async function lookNow(reader: Reader, cache: Cache, seasons: readonly number[], anew: boolean): Promise<void> {
  const { warehouse, state, today } = reader;
  const day = today();
  const behind = seasons.filter((season) => anew || isBehind(reader, cache, season));
  // Before the query: what is written while it runs shows in the next look.
  const changes = new Map(behind.map((season) => [season, warehouse.changesOf(season)]));
  const keep = async (season: number, facts: CoverageFacts) => {
    const checkedAt = warehouse.engine === "duckdb" ? null : new Date().toISOString();
    const change = changes.get(season) as number;
    const cells = classify(facts, day);
    cache.seasons.set(season, { facts, cells, checkedAt, change, day });
    await recordLook({ state }, season, cells);
  };
  const counted = anew ? new Map<number, CoverageFacts>() : await countWritten(warehouse, cache.seasons, behind);
  for (const [season, facts] of counted) await keep(season, facts);
  const unknown = behind.filter((season) => !counted.has(season));
  const [first, last] = [unknown[0], unknown.at(-1)];
  if (first === undefined || last === undefined) return;
  const rows = await readRows({ warehouse, state }, first, last);
  for (const season of unknown)
    await keep(season, toFacts(rows.get(season) ?? [], seasonStart(season), seasonEnd(season)));
}

/**
 * Facts of the seasons of which all that has changed since they were known is dates of derived tables:
 * those alone are counted again, in one query for all, but for those whose write has said what it left.
 */
async function countWritten(
  warehouse: Warehouse,
  cache: ReadonlyMap<number, Known>,
  seasons: readonly number[],
): Promise<Map<number, CoverageFacts>> {
  const written: Array<{ season: number; facts: CoverageFacts; since: ReadonlyMap<string, Written> }> = [];
  const unsaid = new Map<Processor, string[]>();
  for (const season of seasons) {
    const known = cache.get(season);
    const since = known && warehouse.writtenSince(season, known.change);
    if (!since || movesCalendar(known.facts, since)) continue;
    written.push({ season, facts: known.facts, since });
    for (const [name, dates] of since) {
      const own = [...dates].flatMap(([date, facts]) => (facts ? [] : [date]));
      if (own.length > 0) unsaid.set(processor(name), [...(unsaid.get(processor(name)) ?? []), ...own]);
    }
  }
  const counted = new Map<string, TableFacts>();
  for (const row of await countDates((sql, params) => warehouse.query(sql, params), unsaid))
    counted.set(cellKey(row.name, row.d), tableFacts(row));
  return new Map(
    written.map(({ season, facts, since }) => {
      const all = [...since].map(([name, dates]): [string, Written] => [
        name,
        new Map([...dates].map(([date, said]) => [date, said ?? counted.get(cellKey(name, date)) ?? null])),
      ]);
      return [season, withCounts(facts, new Map(all))];
    }),
  );
}

/** True where results that were written may say which dates have games, as the schedule does not. */
function movesCalendar(facts: CoverageFacts, written: ReadonlyMap<string, Written>): boolean {
  const results = [...(written.get(SCHEDULE_FALLBACK?.short ?? "")?.keys() ?? [])];
  return results.some((date) => {
    const day = facts.dates.get(date);
    return day === undefined || day.fromResults === true;
  });
}

async function readRows({ warehouse, state }: Pick<Reader, "warehouse" | "state">, first: number, last: number) {
  const bySeason = new Map<number, FactRow[]>();
  for (const row of await warehouse.facts(first, last, memoryOf(state.db))) {
    const season = seasonYear(row.d);
    const own = bySeason.get(season);
    if (own) own.push(row);
    else bySeason.set(season, [row]);
  }
  return bySeason;
}

/** Several seasons as one. One alone is given as it is: nobody writes into what is read. */
export function merged(parts: readonly Coverage[]): Coverage {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  const facts = toFacts([], first?.facts.start ?? "", parts.at(-1)?.facts.end ?? "");
  const cells = new Map<string, Cell>();
  const mergeInto = <T>(target: Map<string, Map<string, T>>, source: ReadonlyMap<string, ReadonlyMap<string, T>>) => {
    for (const [name, byDate] of source) {
      const own = target.get(name) ?? new Map<string, T>();
      target.set(name, own);
      for (const [date, value] of byDate) own.set(date, value);
    }
  };
  const calendars = new Map(parts.flatMap((part) => [...calendarsOf(part.facts)]));
  joinCalendars(facts, calendars);
  for (const part of parts) {
    for (const [date, day] of part.facts.dates) facts.dates.set(date, day);
    mergeInto(facts.raw, part.facts.raw);
    mergeInto(facts.tables, part.facts.tables);
    mergeInto(facts.expected, part.facts.expected);
    for (const [key, cell] of part.cells) cells.set(key, cell);
  }
  return { facts, cells, checkedAt: oldestLook(parts) };
}

/** When the data of several seasons were looked at, the first of them. */
export const oldestLook = (parts: readonly Coverage[]): string | null =>
  parts.map((part) => part.checkedAt).sort()[0] ?? null;
