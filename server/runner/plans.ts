import { createHash } from "node:crypto";
import { dateList } from "@/lib/dates";
import { FullcourtError } from "@/lib/errors";
import type { PastError } from "@/lib/planning/estimate";
import { makePlan, type PlanBody, type PlanRequest } from "@/lib/planning/plan";
import { processor } from "@/lib/processors";
import type { Context } from "../context";
import { type Coverage, readCoverage } from "../coverage";
import { findPlan, savePlan } from "../state/runs";
import { forecastOf, pastErrorOf } from "./history";

export interface Plan extends PlanBody {
  planId: string;
  request: PlanRequest;
  /** Seconds in the middle case and with nine in ten chances; how far such estimates were off. */
  estimate: { seconds: number | null; p90: number | null; bytes: number | null; pastError: PastError | null };
}

/** The id of a plan: a hash of what was asked and of every cell with the rows that it overwrites. */
function planIdOf(request: PlanRequest, body: PlanBody): string {
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
    body.cells.map((cell) => [cell.table, cell.date, cell.state, cell.rows]),
  ]);
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

async function estimateOf(context: Context, body: PlanBody): Promise<Plan["estimate"]> {
  const bytes = await Promise.all(
    body.tasks.map((task) => context.warehouse.bytesOf(processor(task.table), task.dates)),
  );
  return {
    ...(await forecastOf(context, body.tasks)),
    bytes: bytes.every((one) => one !== null) && bytes.length > 0 ? bytes.reduce((sum, one) => sum + one, 0) : null,
    pastError: await pastErrorOf(context),
  };
}

/** Works a plan out from the data as it is now, and stores it; running it needs only its id. */
export async function previewPlan(context: Context, request: PlanRequest): Promise<Plan> {
  const coverage = await readCoverage(context, request.start, request.end);
  const body = makePlan(coverage.facts, coverage.cells, request);
  const planId = planIdOf(request, body);
  await savePlan(context.state.db, planId, request, body);
  return { planId, request, ...body, estimate: await estimateOf(context, body) };
}

/**
 * The stored plan of an id, if the data still asks for exactly it; otherwise an error that
 * says how it differs. Gives the coverage that it was checked against.
 */
export async function acceptPlan(context: Context, planId: string): Promise<{ plan: Plan; coverage: Coverage }> {
  const stored = await findPlan(context.state.db, planId);
  if (!stored)
    throw new FullcourtError(
      "unknown_plan",
      `There is no plan "${planId}".`,
      "`fullcourt plan` makes one and prints its id.",
    );
  const coverage = await readCoverage(context, stored.request.start, stored.request.end);
  const now = makePlan(coverage.facts, coverage.cells, stored.request);
  if (planIdOf(stored.request, now) !== planId) {
    throw new FullcourtError(
      "plan_changed",
      `The data has changed since plan ${planId} was made: ${difference(stored.body, now)} Nothing was run.`,
      "Make a new plan and look at it.",
      1,
    );
  }
  return { plan: { planId, request: stored.request, ...now, estimate: await estimateOf(context, now) }, coverage };
}

/** How two plans differ, in words. */
function difference(before: PlanBody, now: PlanBody): string {
  const keyed = (body: PlanBody) =>
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
