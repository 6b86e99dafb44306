import type { TaskView } from "../../api/runs";
import type { RecentRun } from "../../api/timings";
import { quantile } from "../planning/estimate";

/** A date is judged by so many before it, and not with fewer than the least. */
const WINDOW = 30;
const LEAST = 10;
/** One in ten is above the p90 of any table: a slow one takes so many times the median as well. */
const SLOW_TIMES = 1.5;

export interface DateDuration extends RecentRun {
  /** It took longer than nine in ten of the dates before it, and half as long again as the middle one. */
  isSlow: boolean;
  /** Seconds of those nine in ten; null where too few dates lie before it. */
  p90: number | null;
}

/** The dates of a table, ascending, each against the p90 of up to 30 before it that succeeded; the last `most`. */
export function judgeDurations(recent: readonly RecentRun[], most = WINDOW): DateDuration[] {
  const before: number[] = [];
  const judged = recent.map((one): DateDuration => {
    const last = before.slice(-WINDOW);
    const p90 = last.length < LEAST ? null : quantile(last, 0.9);
    const { seconds, status } = one;
    const isSlow =
      p90 !== null &&
      seconds !== null &&
      status === "succeeded" &&
      seconds > Math.max(p90, SLOW_TIMES * quantile(last, 0.5));
    if (seconds !== null && status === "succeeded") before.push(seconds);
    return { ...one, isSlow, p90 };
  });
  return judged.slice(-most);
}

/**
 * The last dates of a table, ascending, by the latest task that ended with them; `finished` has the newest first. An
 * earlier run of the date alone measures it where the latest built many.
 */
export function recentRuns(
  finished: ReadonlyArray<Pick<TaskView, "dates" | "status" | "seconds" | "runId">>,
): RecentRun[] {
  const latest = new Map<string, RecentRun & { isAlone: boolean }>();
  for (const { dates, status, seconds, runId } of finished) {
    if (status !== "succeeded" && status !== "failed") continue;
    const isAlone = dates.length === 1;
    const perDate = status === "failed" || seconds === null ? null : seconds / dates.length;
    for (const date of dates) {
      const known = latest.get(date);
      const isMeasure = isAlone && status === "succeeded" && known?.status === "succeeded" && !known.isAlone;
      if (!known || isMeasure) latest.set(date, { date, seconds: perDate, runId, status, isAlone });
    }
  }
  return [...latest.values()]
    .sort((a, b) => a.date.localeCompare(b.date))
    .slice(-2 * WINDOW)
    .map(({ isAlone: _, ...recent }) => recent);
}
