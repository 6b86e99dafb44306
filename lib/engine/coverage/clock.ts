import type { CoverageFacts } from "./types";

/** A row further ahead than this was not written before a clock was set back: it is wrong, and nothing follows it. */
const MOST_AHEAD_MS = 2 * 86_400_000;

/** Time of the newest row that facts know of, raw or derived, in ms; null without any. */
export function newestOf(facts: Pick<CoverageFacts, "raw" | "tables">): number | null {
  let newest: string | null = null;
  for (const tables of [facts.raw, facts.tables])
    for (const dates of tables.values())
      for (const one of dates.values())
        if (one.newest !== null && (newest === null || one.newest > newest)) newest = one.newest;
  return newest === null ? null : Date.parse(newest);
}

/**
 * The time that rows written now bear, in ms: the clock's, or just after the newest row where the clock has been
 * set back. Rows must be newer than those that they were made of, or they would look as if made before them.
 */
export function monotonicTimestamp(now: number, newest: number | null): number {
  return newest === null || newest < now || newest - now > MOST_AHEAD_MS ? now : newest + 1;
}
