import type { Week } from "../../api/timings";
import { addDays, dayNumber } from "../../util/dates";
import { groupBy } from "../../util/group-by";
import { median, quantile } from "../planning/estimate";

/** A deviation of so many typical ones is an outlier (Iglewicz and Hoaglin's modified z-score). */
const OUTLIER_SCORE = 3.5;
/** Nobody minds less, in seconds. */
const OUTLIER_SECONDS = 0.5;

/** Places of values that lie far from the others, by the median absolute deviation; none among fewer than five. */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length < 5) return [];
  const middle = median(values);
  const spread = median(values.map((value) => Math.abs(value - middle)));
  return values.flatMap((value, at) => {
    const away = Math.abs(value - middle);
    // With most values alike the spread is 0: then only the least difference counts.
    const score = spread === 0 ? Number.POSITIVE_INFINITY : (0.6745 * away) / spread;
    return away > OUTLIER_SECONDS && score > OUTLIER_SCORE ? [at] : [];
  });
}

/** The Monday of a date's week. */
export const weekOf = (date: string): string => addDays(date, -((dayNumber(date) + 3) % 7));

/** Percentiles by the week (from Monday) of each point, ascending. */
export function weeksOf(points: ReadonlyArray<{ day: string; seconds: number }>): Week[] {
  const byWeek = groupBy(points, ({ day }) => weekOf(day));
  return [...byWeek]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([week, own]) => {
      const seconds = own.map((point) => point.seconds);
      const at = (p: number) => quantile(seconds, p);
      return { week, n: own.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
    });
}
