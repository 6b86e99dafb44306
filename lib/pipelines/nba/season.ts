/** Days at a season's start that have no precomputed rows by design. */
export const BOOTSTRAP_DAYS = 14;

/** The one season that went on in October: 2019-20 ended on the second of these dates. */
export const LATE_DATES = { first: "2020-10-01", last: "2020-10-11" };
const AFTER_IT = "2020-10-12";

/** season_year of a date: its year from October on, else the year before; October 1 to 11, 2020 are of 2019. */
export function seasonYear(date: string): number {
  const year = Number(date.slice(0, 4));
  if (date >= LATE_DATES.first && date <= LATE_DATES.last) return year - 1;
  return Number(date.slice(5, 7)) >= 10 ? year : year - 1;
}

/** First day that belongs to a season: October 1 (season_year turns there), October 12 in 2020. */
export function seasonStart(season: number): string {
  return season === seasonYear(AFTER_IT) ? AFTER_IT : `${season}-10-01`;
}

/** Last day that belongs to a season. */
export function seasonEnd(season: number): string {
  return season === seasonYear(LATE_DATES.last) ? LATE_DATES.last : `${season + 1}-09-30`;
}
