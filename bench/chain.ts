import { wholeChain } from "@/lib/engine/planning/whole-chain";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { rangeParams } from "@/server/warehouse";
import { modelOf, qualifiedName, topologicalOrder } from "@/tests/support/tables";
import { type Figure, toFigure } from "./figures";
import { inTurn } from "./measure";
import { FIFTEEN, type Range, SEASON } from "./world";

/** The runner over a range: plan, pre-flight, every table of every date, range check. */
async function byRunner(context: Context, range: Range): Promise<void> {
  const plan = await previewPlan(context, { ...wholeChain(range, context.pipeline), only: "all", downstream: false });
  const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "bench")).done;
  if (run.status !== "succeeded") throw new Error(`the run ${run.status}: ${run.error}`);
}

/** What the engine needs at least: each table's dates deleted, its model inserted, ten times. */
async function bare({ warehouse }: Context, { start, end }: Range): Promise<void> {
  const stamp = { processed_at: { type: "TIMESTAMP" as const, value: new Date().toISOString() } };
  for (const table of topologicalOrder()) {
    const names = table.columns.map((column) => column.name).join(", ");
    await warehouse.execute(
      `DELETE FROM ${qualifiedName(table)} WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date`,
      rangeParams(start, end),
    );
    await warehouse.execute(
      `INSERT INTO ${qualifiedName(table)} (${names}, processed_at, run_id)
       SELECT ${names}, @processed_at, 'bare' FROM (${modelOf(table)}) AS model`,
      { ...rangeParams(start, end), ...stamp },
    );
  }
}

async function measured(context: Context, range: Range, rounds: number): Promise<[number, number]> {
  return inTurn({
    ours: () => byRunner(context, range),
    baseline: () => bare(context, range),
    // The season is known when somebody presses the button; what the bare statements wrote, nobody has looked at.
    before: () => readCoverage(context, range.start, range.end),
    rounds,
  });
}

export async function benchChain(context: Context): Promise<Figure[]> {
  const [fifteen, bareFifteen] = await measured(context, FIFTEEN, 7);
  const [season, bareSeason] = await measured(context, SEASON, 3);
  return [
    toFigure("chain_15_dates", fifteen / 1000, bareFifteen / 1000),
    toFigure("chain_season", season / 1000, bareSeason / 1000),
    toFigure("chain_growth", season / 1000, fifteen / 1000),
  ];
}
