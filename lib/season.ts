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
