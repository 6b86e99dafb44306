import { type FactRow, toFacts } from "@/lib/coverage/facts";
import { classify } from "@/lib/coverage/states";
import type { Cell, CoverageFacts } from "@/lib/coverage/types";
import { seasonEnd, seasonStart, seasonYear } from "@/lib/season";
import type { Context } from "../context";
import { memoryOf } from "../state/memory";
import type { Warehouse } from "../warehouse";

/** Facts and classified cells of whole seasons. */
export interface Coverage {
  facts: CoverageFacts;
  cells: Map<string, Cell>;
  /** When the data were looked at (the oldest of several looks); null where what is known is always what is there. */
  checkedAt: string | null;
}

interface Known extends Coverage {
  /** The warehouse's count of changes and the day at which it was read. */
  version: string;
}

/**
 * What is known of each season, by warehouse. No window reaches over a season's border, so
 * a write makes only its own season be looked at again, however long the range on screen. On
 * globalThis, as Next loads modules more than once.
 */
const holder = globalThis as typeof globalThis & { fullcourtSeasons?: WeakMap<Warehouse, Map<number, Known>> };

type Reader = Pick<Context, "warehouse" | "state" | "today">;

const seasonsOf = (start: string, end: string) => {
  const [first, last] = [seasonYear(start), seasonYear(end)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
};

/** Facts and cells of the seasons that a range touches: one query for those that have changed, for all when `anew`. */
export async function readSeasons(
  { warehouse, state, today }: Reader,
  start: string,
  end: string,
  anew = false,
): Promise<Coverage> {
  holder.fullcourtSeasons ??= new WeakMap();
  const cache = holder.fullcourtSeasons.get(warehouse) ?? new Map<number, Known>();
  holder.fullcourtSeasons.set(warehouse, cache);
  const seasons = seasonsOf(start, end);
  if (anew) warehouse.lookAgain();
  const version = (season: number) => `${warehouse.changesOf(season)} ${today()}`;
  // Before the query: what is written while it runs shows in the next look.
  const versions = new Map(seasons.map((season) => [season, version(season)]));
  const stale = seasons.filter((season) => anew || cache.get(season)?.version !== versions.get(season));
  if (stale.length > 0) {
    const checkedAt = warehouse.engine === "duckdb" ? null : new Date().toISOString();
    const rows = await readRows({ warehouse, state }, stale[0] as number, stale.at(-1) as number);
    for (const season of stale) {
      const facts = toFacts(rows.get(season) ?? [], seasonStart(season), seasonEnd(season));
      const cells = classify(facts, today());
      cache.set(season, { facts, cells, checkedAt, version: versions.get(season) as string });
    }
  }
  return merged(seasons.map((season) => cache.get(season) as Known));
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
function merged(parts: readonly Coverage[]): Coverage {
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
  for (const part of parts) {
    for (const [date, day] of part.facts.dates) facts.dates.set(date, day);
    mergeInto(facts.raw, part.facts.raw);
    mergeInto(facts.tables, part.facts.tables);
    mergeInto(facts.expected, part.facts.expected);
    for (const [key, cell] of part.cells) cells.set(key, cell);
  }
  return { facts, cells, checkedAt: parts.map((part) => part.checkedAt).sort()[0] ?? null };
}
