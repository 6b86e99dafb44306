import { createHash } from "node:crypto";
import type { Plan, PlanBody, PlanRequest } from "@/lib/api/runs";
import { cellKey } from "@/lib/engine/coverage/types";
import { madeByTask } from "@/lib/engine/pipeline/find";
import { dollarsOf, overLimit, whyConfirm } from "@/lib/engine/planning/cost";
import { outcomeOf } from "@/lib/engine/planning/outcome";
import { doubtedCells, makePlan, type PlanDraft, withLoads } from "@/lib/engine/planning/plan";
import { formatPlan } from "@/lib/engine/view/format";
import { FullcourtError } from "@/lib/errors";
import { dateList } from "@/lib/util/dates";
import { countRebuilt } from "../checks/rebuilt";
import { recompute } from "../checks/recompute";
import type { Context } from "../context";
import { type Coverage, readCoverage } from "../coverage";
import { findPlan, savePlan } from "../state/runs";
import { failpoint } from "./failpoints";
import { layoutOf, pastErrorOf } from "./history";
import { findReadOnly } from "./writable";

/** The id of a plan: a hash of what was asked and of every cell with the rows that it overwrites. */
function planIdOf(request: PlanRequest, body: PlanDraft): string {
  // In a fixed order: the stored request comes back with its keys in another.
  const { tables, start, end, dates, cells, without, only, upstream, downstream } = request;
  const asked = [
    tables,
    start,
    end,
    dates ?? null,
    cells?.map((one) => [one.table, one.date]) ?? null,
    without?.map((one) => [one.table, one.date]) ?? null,
    only,
    upstream,
    downstream,
  ];
  const content = JSON.stringify([
    asked,
    body.tasks.map((task) => [task.table, task.dates]),
    // Not their states: that a run is at a cell is no change of the data.
    body.cells.map((cell) => [cell.table, cell.date, cell.rows]),
  ]);
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

/** Bytes that each task reads, by dry run; null where reading costs nothing. */
async function bytesOf({ warehouse, pipeline }: Context, { tasks }: PlanBody): Promise<number[] | null> {
  const bytes = await Promise.all(tasks.map((task) => warehouse.bytesOf(madeByTask(pipeline, task.table), task.dates)));
  return bytes.includes(null) ? null : (bytes as number[]);
}

/** A plan for people: with its time, its cost, and why it may not be launched. */
async function costed(
  context: Context,
  planId: string,
  request: PlanRequest,
  body: PlanBody,
  taskBytes: number[] | null,
): Promise<Plan> {
  const { bigqueryMaxRunBytes, bigqueryPricePerTib, confirmCells, confirmDollars } = context.config;
  const bytes = taskBytes && taskBytes.length > 0 ? taskBytes.reduce((sum, one) => sum + one, 0) : null;
  const dollars = bytes === null ? null : dollarsOf(bytes, bigqueryPricePerTib);
  const layout = await layoutOf(context, body.tasks);
  return {
    planId,
    request,
    ...body,
    tasks: body.tasks.map((task, at) => ({
      ...task,
      bytes: taskBytes?.[at] ?? null,
      begin: layout?.tasks[at]?.begin ?? null,
      seconds: layout?.tasks[at]?.seconds ?? null,
    })),
    estimate: {
      seconds: layout?.seconds ?? null,
      p10: layout?.p10 ?? null,
      p90: layout?.p90 ?? null,
      bytes,
      dollars,
      pastError: await pastErrorOf(context),
    },
    refusal: findReadOnly(context, body.tasks)?.message ?? overLimit(bytes, bigqueryMaxRunBytes, bigqueryPricePerTib),
    confirm: whyConfirm(body.cells.length, dollars, { cells: confirmCells, dollars: confirmDollars }),
  };
}

/** Decides a plan. Where cells are not right by what is usual alone, the models say whether a build changes it. */
export async function decidePlan(
  context: Pick<Context, "warehouse" | "today">,
  { facts, cells }: Pick<Coverage, "facts" | "cells">,
  request: PlanRequest,
): Promise<PlanDraft> {
  const first = makePlan(facts, cells, request);
  const unchanged = new Set<string>();
  for (const [table, dates] of doubtedCells(facts, cells, request, first)) {
    const rebuilt = await countRebuilt(context, table, dates);
    const same = dates.filter((date) => {
      const { given, kept } = rebuilt?.(date) ?? {};
      return rebuilt && given === kept && kept === cells.get(cellKey(table.id, date))?.rows;
    });
    // As many rows may hold other values.
    const valued = same.filter((date) => cells.get(cellKey(table.id, date))?.states.includes("invalid"));
    const compared =
      valued.length > 0 ? (await recompute({ ...context, pipeline: facts.pipeline }, table, valued)).cells : [];
    const differing = new Set(compared.filter((cell) => !cell.equal).map(({ date }) => date));
    for (const date of same) if (!differing.has(date)) unchanged.add(cellKey(table.id, date));
  }
  const plan = unchanged.size > 0 ? makePlan(facts, cells, request, unchanged) : first;
  return withLoads(facts, request, plan, context.today());
}

/** Works a plan out from the data as it is now, and stores it; running it needs only its id. */
export async function previewPlan(context: Context, request: PlanRequest): Promise<Plan> {
  return (await makeAndSave(context, request)).plan;
}

/** The same, with what the tables and dates of the request are like once it has run. */
export async function previewOutcome(context: Context, request: PlanRequest): Promise<Plan> {
  const { plan, draft, coverage } = await makeAndSave(context, request);
  const { facts, cells } = coverage;
  const whole = request.without?.length ? makePlan(facts, cells, { ...request, without: undefined }).cells : undefined;
  return {
    ...plan,
    outcome: outcomeOf(facts, cells, request, draft.cells, whole, context.today(), new Date(), context.clock()),
  };
}

async function makeAndSave(context: Context, request: PlanRequest) {
  const coverage = await readCoverage(context, request.start, request.end);
  const draft = await decidePlan(context, coverage, request);
  const planId = planIdOf(request, draft);
  const body = formatPlan(draft, context.pipeline.calendar.unit);
  const bytes = await bytesOf(context, body);
  await savePlan(context.state.db, planId, request, body, bytes);
  await failpoint("plan stored");
  return { plan: await costed(context, planId, request, body, bytes), draft, coverage };
}

/**
 * The stored plan of an id, if the data still asks for exactly it; otherwise an error that
 * says how it differs. Gives the coverage that it was checked against.
 */
export async function revalidatePlan(context: Context, planId: string): Promise<{ plan: Plan; coverage: Coverage }> {
  const stored = await findPlan(context.state.db, planId);
  if (!stored)
    throw new FullcourtError(
      "unknown_plan",
      `There is no plan "${planId}".`,
      "`fullcourt plan` makes one and prints its id.",
    );
  // Other programs may have written since the last look.
  context.warehouse.changes.lookAgain();
  const coverage = await readCoverage(context, stored.request.start, stored.request.end);
  const now = await decidePlan(context, coverage, stored.request);
  if (planIdOf(stored.request, now) !== planId) {
    throw new FullcourtError(
      "plan_changed",
      `The data has changed since plan ${planId} was made: ${difference(stored.body, now)} Nothing was run.`,
      "Make a new plan and look at it.",
    );
  }
  return {
    plan: await costed(context, planId, stored.request, formatPlan(now, context.pipeline.calendar.unit), stored.bytes),
    coverage,
  };
}

/** How two plans differ, in words. */
function difference(before: Pick<PlanBody, "cells">, now: PlanDraft): string {
  const keyed = (body: { cells: ReadonlyArray<Omit<PlanBody["cells"][number], "reason">> }) =>
    new Map(body.cells.map((cell) => [`${cell.table} ${cell.date}`, `${cell.state} ${cell.rows}`]));
  const [old, fresh] = [keyed(before), keyed(now)];
  const words = (keys: string[]) => {
    const tables = new Map<string, string[]>();
    for (const key of keys) {
      const [table, date] = key.split(" ") as [string, string];
      tables.set(table, [...(tables.get(table) ?? []), date]);
    }
    return [...tables].map(([table, dates]) => `${table} ${dateList(dates, 3)}`).join("; ");
  };
  const gone = [...old.keys()].filter((key) => !fresh.has(key));
  const added = [...fresh.keys()].filter((key) => !old.has(key));
  const changed = [...fresh.keys()].filter((key) => old.has(key) && old.get(key) !== fresh.get(key));
  return [
    gone.length > 0 ? `${gone.length} cells no longer need it (${words(gone)}).` : "",
    added.length > 0 ? `${added.length} cells are new (${words(added)}).` : "",
    changed.length > 0 ? `${changed.length} cells hold other rows (${words(changed)}).` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
