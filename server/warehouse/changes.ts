import { seasonYear } from "@/lib/season";

/** Counts writes, so that who shows data knows what to look at again: all of them, and those within one season. */
export class Changes {
  count = 0;
  private readonly within = new Map<number, number>();

  /** Counts a write; `season` where it touched no other. */
  add(season?: number): void {
    this.count++;
    if (season !== undefined) this.within.set(season, (this.within.get(season) ?? 0) + 1);
  }

  /** Writes that may have touched a season. */
  of(season: number): number {
    let elsewhere = 0;
    for (const [one, changes] of this.within) if (one !== season) elsewhere += changes;
    return this.count - elsewhere;
  }
}

/** The season of all dates (ascending), where it is one. */
export function seasonOfAll(dates: readonly string[]): number | undefined {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return seasonYear(first) === seasonYear(last) ? seasonYear(first) : undefined;
}
