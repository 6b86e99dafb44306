import type { Plan } from "../../api/runs";

/** "0.4 s", "12 s", "3 min 20 s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** "about 12 s left, at most 20 s in nine of ten cases (past estimates were off by 12 %)", or that nothing is known. */
export function formatEstimate(
  { seconds, p90, pastError }: Omit<Plan["estimate"], "bytes" | "dollars" | "p10">,
  suffix = "",
): string {
  if (seconds === null) return "no history yet to estimate the time from";
  const most = p90 !== null && p90 > seconds ? `, at most ${formatSeconds(p90)} in nine of ten cases` : "";
  const past = pastError ? ` (past estimates were off by ${Math.round(100 * pastError.median)} %)` : "";
  return `about ${formatSeconds(seconds)}${suffix}${most}${past}`;
}
