import { type Grid, toGrid } from "@/lib/coverage/grid";
import { estimateSeconds } from "@/lib/planning/estimate";
import { makePlan } from "@/lib/planning/plan";
import { PROCESSORS } from "@/lib/processors";
import type { Context } from "../context";
import { taskHistory } from "../runner/history";
import { readCoverage } from "./index";

/** The grid of a range, and what one click on "Backfill missing dates" would build and take. */
export async function getCoverageWithOffer(
  context: Context,
  range: { start: string; end: string },
): Promise<{ grid: Grid; offer: { cells: number; seconds: number | null } }> {
  const { facts, cells } = await readCoverage(context, range.start, range.end);
  const plan = makePlan(facts, cells, {
    tables: PROCESSORS.map((one) => one.short),
    ...range,
    only: "bad",
    upstream: true,
    downstream: true,
  });
  const seconds = plan.tasks.length > 0 ? estimateSeconds(plan.tasks, await taskHistory(context)) : 0;
  return { grid: toGrid(facts, cells, range), offer: { cells: plan.cells.length, seconds } };
}
