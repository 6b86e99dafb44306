import type { Plan } from "../../api/runs";

/** "40 ms", "0.4 s", "12 s", "3 min 20 s", "5 h 12 min", "12 days". */
export function formatSeconds(seconds: number): string {
  if (seconds > 0 && seconds < 0.095) return `${Math.max(1, Math.round(1000 * seconds))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 89.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / (24 * 60)).toLocaleString("en-US")} days`;
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
