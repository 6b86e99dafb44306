import { changeOf, type RunSummary } from "../timings/summary";
import { formatSeconds } from "./format-time";

/** A change below this share is called steady. */
const STEADY = 0.1;

/** "Runs of 10 tables are steady at 31 s.", or that they grow or get faster, and how many stand out. */
export function formatTrend({ points, tables, all }: Pick<RunSummary, "points" | "tables" | "all">): string {
  const seconds = points.map((point) => point.seconds);
  const change = changeOf(seconds);
  const runs = `Runs of ${tables === 1 ? "1 table" : `${tables} tables`}`;
  const percent = Math.round(100 * Math.abs(change ?? 0));
  const trend =
    change === null
      ? `took ${formatSeconds(all.p50)}; too few for a trend`
      : Math.abs(change) < STEADY
        ? `are steady at ${formatSeconds(all.p50)}`
        : `take ${percent}% ${change > 0 ? "longer" : "less"} than before: now ${formatSeconds(points.at(-1)?.p50 ?? 0)}`;
  const outliers = points.filter(({ isOutlier }) => isOutlier).length;
  const stand = outliers === 0 ? "None stands out" : outliers === 1 ? "One stands out" : `${outliers} stand out`;
  return `${runs} ${trend}. ${stand}.`;
}
