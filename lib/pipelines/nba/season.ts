/** Days at a season's start that have no phase 4 rows by design. */
export const BOOTSTRAP_DAYS = 14;

/** season_year of a date: its year from October on, else the year before. */
export function seasonYear(date: string): number {
  const year = Number(date.slice(0, 4));
  return Number(date.slice(5, 7)) >= 10 ? year : year - 1;
}

/** First day that belongs to a season: October 1 (season_year turns there). */
export function seasonStart(season: number): string {
  return `${season}-10-01`;
}

/** Last day that belongs to a season. */
export function seasonEnd(season: number): string {
  return `${season + 1}-09-30`;
}

/** Most seasons that are looked at in one go. */
export const MAX_SEASONS = 40;

/**
 * What of a range can hold something: the seasons of the known dates, the last 40 of them. A range beside all of them
 * stays what it is, up to the end of its first season.
 */
export function clampRange(
  { start, end }: { start: string; end: string },
  known: { first: string; last: string } | null,
): { start: string; end: string } {
  const first = known ? seasonStart(seasonYear(known.first)) : start;
  const last = known ? seasonEnd(seasonYear(known.last)) : end;
  const later = (...dates: string[]) => dates.sort().at(-1) as string;
  const earlier = (...dates: string[]) => dates.sort()[0] as string;
  const [from, to] = [later(start, first), earlier(end, last)];
  if (from > to) return { start, end: earlier(end, seasonEnd(seasonYear(start))) };
  return { start: later(from, seasonStart(seasonYear(to) - MAX_SEASONS + 1)), end: to };
}
