import type { CellReadiness } from "@/lib/api/coverage";
import { eachFreshness } from "@/lib/engine/checks/freshness";
import { countOutdated, outdatedInputs, preflight, shortSources } from "@/lib/engine/checks/preflight";
import { isReady } from "@/lib/engine/checks/ready";
import { verifyRange } from "@/lib/engine/checks/verify";
import { emptyCell } from "@/lib/engine/coverage/grid";
import { reason } from "@/lib/engine/coverage/reasons";
import { cellKey } from "@/lib/engine/coverage/types";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { formatReasons } from "@/lib/engine/view/format";
import { freshnessNow } from "../config";
import type { Context } from "../context";
import { knownDates, readCoverage } from "../coverage";
import { merged, readEpochs } from "../coverage/epochs";
import { previewPlan } from "../runner/plans";

/**
 * Pre-flight by hand: is every input that the tables need ready on these dates, tables and sources? If not, the plan
 * that would build the tables among them is stored and offered by its id.
 */
export async function checkPreflight(context: Context, tables: Processor[], dates: string[]) {
  const [start, end] = [dates[0] as string, dates.at(-1) as string];
  const { facts, cells } = await readCoverage(context, start, end);
  const built = preflight(context.pipeline, cells, tables, dates);
  const missing = [...shortSources(facts, cells, tables, dates), ...built];
  const outdated = outdatedInputs(context.pipeline, cells, tables, dates);
  if (built.length === 0) return { ready: missing.length === 0, missing, outdated, plan: null };
  const plan = await previewPlan(context, {
    ...wholeChain({ start, end }, context.pipeline),
    tables: [...new Set(built.map((one) => one.table))],
    cells: built.map(({ table, date }) => ({ table, date })),
  });
  const { planId, cells: planned } = plan;
  return { ready: false, missing, outdated, plan: planned.length > 0 ? { planId, cells: planned.length } : null };
}

/** Dependency freshness of all inputs on all dates; `queries` is what it cost the warehouse. */
export async function readFreshness(context: Context, tables: Processor[], dates: string[]) {
  const before = context.warehouse.queryCount;
  const { facts, cells } = merged(
    // What columns hold says nothing of freshness.
    await readEpochs(context, dates[0] as string, dates.at(-1) as string, true, false),
  );
  const inputs = eachFreshness(facts, cells, tables, dates, freshnessNow(context.config));
  return { queries: context.warehouse.queryCount - before, inputs };
}

/** The same, all at once. */
export async function checkFreshness(...given: Parameters<typeof readFreshness>) {
  const { queries, inputs } = await readFreshness(...given);
  return { queries, inputs: [...inputs] };
}

/**
 * The range check: every expected date and table against its expected count. Cells that are pending or outdated, and gaps
 * that somebody has accepted, are no problems and are counted.
 */
export async function checkRange(context: Context, tables: Processor[], dates: string[]) {
  const { cells } = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
  const problems = verifyRange(cells, tables, dates);
  const apart = { pending: 0, accepted: 0 };
  for (const table of tables) {
    for (const date of dates) {
      const cell = cells.get(cellKey(table.id, date));
      if (cell?.accepted) apart.accepted++;
      else if (cell?.states.includes("pending")) apart.pending++;
    }
  }
  const outdated = countOutdated(
    cells,
    tables.map(({ id }) => id),
    dates,
  );
  return { passed: problems.length === 0, problems, ...apart, outdated };
}

/** Whether what reads a table elsewhere may read one date of it; a date beside all known ones is not ready. */
export async function checkCell(context: Context, table: string, date: string): Promise<CellReadiness> {
  const { cells } = await readCoverage(context, date, date);
  const found = cells.get(cellKey(table, date));
  const { rows, expected, state, states, reasons, accepted } = found ?? emptyCell(context.pipeline, table, date);
  const { unit } = context.pipeline.calendar;
  const shown = { table, date, state, states, rows, ...(accepted ? { accepted } : {}) };
  const known = found ? null : await knownDates(context);
  if (found || (known && known.first <= date && date <= known.last))
    return { ...shown, ready: isReady({ states, accepted }), expected, reasons: formatReasons(reasons, unit) };
  const reach = known && { first: known.first, last: known.last };
  return { ...shown, ready: false, expected: null, reasons: formatReasons([reason("date_unknown", { reach })], unit) };
}
