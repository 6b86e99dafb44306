import type { TableFacts } from "@/lib/coverage/types";
import { seasonYear } from "@/lib/season";

/** What a write has left of some dates of a table: their rows, or null where they are still to be counted. */
export type Written = ReadonlyMap<string, TableFacts | null>;

/** Dates of one season that a write has replaced in a table. */
interface Write {
  change: number;
  table: string;
  dates: Written;
}

const MOST = 500;

/** Numbers writes, so that who shows data knows what to look at again: everything, or some dates of some tables. */
export class Changes {
  /** Writes so far: the number of the last one. */
  count = 0;
  /** The last write that may have changed anything. */
  private anything = 0;
  private readonly ofSeason = new Map<number, Write[]>();
  /** The last write of a season that is not remembered any more. */
  private readonly forgotten = new Map<number, number>();

  /** Counts a write: of these dates of a table alone, or of nobody knows what. */
  add(only?: { table: string; dates: Written }): void {
    this.count++;
    if (!only) {
      this.anything = this.count;
      return;
    }
    for (const season of new Set([...only.dates.keys()].map(seasonYear))) {
      const dates = new Map([...only.dates].filter(([date]) => seasonYear(date) === season));
      const writes = this.ofSeason.get(season) ?? [];
      writes.push({ change: this.count, table: only.table, dates });
      if (writes.length > MOST) this.forgotten.set(season, (writes.shift() as Write).change);
      this.ofSeason.set(season, writes);
    }
  }

  of(season: number): number {
    return Math.max(this.anything, this.ofSeason.get(season)?.at(-1)?.change ?? 0);
  }

  /** Dates of a season written after a change, by table, with what is known of them; null where anything may have been. */
  since(season: number, change: number): Map<string, Written> | null {
    if (change < this.anything || change < (this.forgotten.get(season) ?? 0)) return null;
    const written = new Map<string, Written>();
    for (const write of this.ofSeason.get(season) ?? [])
      if (write.change > change)
        written.set(write.table, new Map([...(written.get(write.table) ?? []), ...write.dates]));
    return written;
  }
}
