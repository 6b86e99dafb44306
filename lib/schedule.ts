import type { Cell } from "./api/coverage";
import type { PlanRequest } from "./api/runs";
import { addDays, eachDate } from "./dates";
import { cellKey, needsWork } from "./engine/coverage/types";
import { PROCESSORS } from "./engine/pipeline/registry";

export type Phase = 3 | 4;

/**
 * Days before today that a scheduled run looks after. The inputs of older ones are past their
 * freshness limits: such dates have been missed, and are shown before anybody backfills them.
 */
const FRESH_DAYS = 1;
/** Days back in which missed dates are looked for. */
const MISSED_DAYS = 14;

/** What a scheduled run of a phase asks for: what is missing of its tables on the fresh dates, and nothing else. */
export function scheduledRequest(phase: Phase, today: string): PlanRequest {
  return {
    tables: scheduledTables(phase),
    start: addDays(today, -FRESH_DAYS),
    end: today,
    // Not what is tainted by an older hole: building it again every night would not heal it.
    only: "missing",
    upstream: false,
    downstream: false,
  };
}

/** A time at which a schedule was to run, and the date that it was then. */
export interface Firing {
  at: string;
  date: string;
}

/** Missed runs that are caught up: so many, of so many hours. Older dates are shown before anybody backfills them. */
const MAX_CAUGHT_UP = 3;
const CAUGHT_UP_HOURS = 48;

/** Runs that take the place of missed ones, each with the last of those; and those that nothing takes the place of. */
export interface CatchUp {
  runs: Array<{ firing: Firing; request: PlanRequest }>;
  missed: Firing[];
}

/** What is to be done for firings that nobody began, oldest first: the last ones are caught up, as one where their dates overlap. */
export function planCatchUp(phase: Phase, firings: readonly Firing[], now: Date): CatchUp {
  const from = new Date(now.getTime() - CAUGHT_UP_HOURS * 3_600_000).toISOString();
  const recent = firings.filter(({ at }) => at >= from).slice(-MAX_CAUGHT_UP);
  const runs: CatchUp["runs"] = [];
  for (const firing of recent) {
    const request = scheduledRequest(phase, firing.date);
    const before = runs.at(-1);
    if (before && request.start <= before.request.end)
      runs[runs.length - 1] = { firing, request: { ...request, start: before.request.start } };
    else runs.push({ firing, request });
  }
  return { runs, missed: firings.slice(0, firings.length - recent.length) };
}

/** Tables that a phase's schedule runs. */
export const scheduledTables = (phase: Phase): string[] =>
  PROCESSORS.filter((table) => table.phase === phase).map((table) => table.short);

/** Dates before the fresh ones that still need work in a phase: nights on which nobody ran, or that failed. */
export function missedDates(phase: Phase, today: string, cells: ReadonlyMap<string, Cell>): string[] {
  const tables = PROCESSORS.filter((table) => table.phase === phase);
  return eachDate(addDays(today, -MISSED_DAYS), addDays(today, -FRESH_DAYS - 1)).filter((date) =>
    tables.some((table) => {
      const cell = cells.get(cellKey(table.short, date));
      return cell !== undefined && needsWork(cell);
    }),
  );
}
