import type { Cell } from "./api/coverage";
import type { PlanRequest } from "./api/runs";
import { cellKey, needsWork } from "./coverage/types";
import { addDays, eachDate } from "./dates";
import { PROCESSORS } from "./processors";

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
    tables: PROCESSORS.filter((table) => table.phase === phase).map((table) => table.short),
    start: addDays(today, -FRESH_DAYS),
    end: today,
    // Not what is tainted by an older hole: building it again every night would not heal it.
    only: "missing",
    upstream: false,
    downstream: false,
  };
}

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
