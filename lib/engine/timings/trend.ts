import type { TimedPoint, Trend } from "../../api/timings";
import { shortDate } from "../../util/dates";

/** Growth below this share of the mean, from one date to the next, is called steady. */
const STEADY_SHARE = 0.05;
/** And so is any below this, in seconds: nobody waits for it. */
const STEADY_SECONDS = 0.05;

/**
 * Least-squares line over dates in order; null with fewer than three points. The words
 * name a growth that a set-based task should not have.
 */
export function trendOf(points: ReadonlyArray<Pick<TimedPoint, "date" | "seconds">>): Trend | null {
  const n = points.length;
  if (n < 3) return null;
  const meanX = (n - 1) / 2;
  const meanY = points.reduce((sum, point) => sum + point.seconds, 0) / n;
  let above = 0;
  let below = 0;
  points.forEach((point, x) => {
    above += (x - meanX) * (point.seconds - meanY);
    below += (x - meanX) ** 2;
  });
  const slope = above / below;
  const intercept = meanY - slope * meanX;
  const since = shortDate(points[0]?.date ?? "");
  const steady = Math.abs(slope) < Math.max(STEADY_SECONDS, STEADY_SHARE * meanY);
  const size = Math.abs(slope) >= 10 ? Math.abs(slope).toFixed(0) : Math.abs(slope).toFixed(1);
  const words = steady
    ? `steady since ${since}`
    : slope > 0
      ? `+${size} s a date since ${since}: something grows with the range`
      : `-${size} s a date since ${since}`;
  return { slope, intercept, words };
}
