import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Plan } from "@/lib/api/runs";
import { type MissingInput, preflight } from "@/lib/engine/checks/preflight";
import { cellKey } from "@/lib/engine/coverage/types";
import { FullcourtError } from "@/lib/errors";
import { addDays, dateList, eachDate, shortDate } from "@/lib/util/dates";
import { audited } from "../access/audit";
import type { Context } from "../context";
import type { Coverage } from "../coverage";
import { log } from "../platform/log";
import { SHUTDOWN } from "../platform/on-abort";
import type { LaunchKey } from "../state/launches";
import { type Busy, createRun, failIfTriedOut, MAX_ATTEMPTS, reopenRun, requestCancel } from "../state/queue";
import { findPlan, getRun, type Run, tasksOf } from "../state/runs";
import type { RunOptions } from "../state/schema";
import { publish } from "./events";
import { executeRun, goOn, publishRun, stopOwn, waitForRun } from "./execute-run";
import { revalidatePlan } from "./plans";
import { getWorker } from "./worker";
import { assertWritable } from "./writable";

export const DEFAULT_OPTIONS: RunOptions = {
  stopOnFailure: false,
  skipPreflight: false,
  skipDependencyCheck: false,
  production: false,
};

/** What a launch does when another run is at some of its cells: it is refused, or waits behind it. */
export type IfBusy = "refuse" | "queue";

/** A production run that reaches into the last days goes before others. */
const PRIORITY_DAYS = 3;

/** A run that has begun, or waits in the queue: its id at once, its end as a promise. */
export interface Launched {
  id: string;
  /** The run behind which it waits; null where it has begun. */
  behind: string | null;
  done: Promise<Run>;
}

/** A run. An error of its end is logged here: not everybody who launches one waits for it. */
function launched(id: string, behind: string | null, done: Promise<Run>): Launched {
  done.catch((error) => log.error({ run: id, error: String(error) }, "run ended with an error"));
  return { id, behind, done };
}

/**
 * Runs an accepted plan exactly as it was shown. Refuses if the data has changed since. If another
 * run is at some of its cells, it is refused naming that one, or queued behind it. Pre-flight goes
 * first, once: what is missing blocks the whole launch, and the run says so.
 */
export async function launch(
  context: Context,
  planId: string,
  options: RunOptions,
  origin: string,
  ifBusy: IfBusy = "refuse",
  launchKey?: LaunchKey,
): Promise<Launched> {
  const asked = performance.now();
  const { plan, coverage } = await revalidatePlan(context, planId);
  assertWritable(context, plan.tasks);
  if (plan.refusal)
    throw new FullcourtError("refused", `${plan.refusal} Nothing was run.`, "Take fewer dates or tables.");
  const id = `${new Date().toISOString().slice(0, 19).replace(/\D/g, "")}-${randomBytes(3).toString("hex")}`;
  const dates = plan.cells.map((cell) => cell.date).sort();
  const end = dates.at(-1) ?? plan.request.end;
  const isFresh = options.production && end >= addDays(context.today(), -PRIORITY_DAYS);
  const run = {
    id,
    planId,
    origin,
    options,
    tables: [...new Set(plan.tasks.map((task) => task.table))],
    start: dates[0] ?? plan.request.start,
    end,
    cells: plan.cells.length,
    estimate: plan.estimate.seconds,
    tasks: plan.tasks.map(({ table, start, end, dates, reason }) => ({ table, start, end, dates, reason })),
    priority: isFresh ? 1 : 0,
    launchKey,
  };
  const subject = `${id} ${run.tables.join(",")} ${dateList(dates)}`;
  const busy = await audited(
    context,
    "launch",
    (refused: Busy | null) => (refused ? [] : [subject]),
    (db) => createRun(db, run, context.owner, ifBusy === "queue"),
  );
  if (busy)
    throw new FullcourtError(
      "run_in_progress",
      `Conflict: run ${busy.runId} already covers ${busy.table} of ${shortDate(busy.date)}.`,
      "Wait until it ends, cancel it, or queue behind it (--queue).",
    );
  const made = await getRun(context.state.db, id);
  if (made.status === "queued") {
    getWorker(context).start();
    publish(context, { type: "run", run: made });
    return launched(id, made.behind[0] ?? null, waitForRun(context, id));
  }
  const checkSeconds = (performance.now() - asked) / 1000;
  const prepare = async () => ({ coverage, missing: missingFor(context, plan, coverage) });
  return launched(
    id,
    null,
    getWorker(context).track(() => executeRun(context, id, prepare, { checkSeconds })),
  );
}

/** Stops every run of this process and waits until each has rolled back and said so. */
export async function stopRuns(context: Context): Promise<void> {
  for (const controller of context.active.values()) controller.abort(SHUTDOWN);
  while (context.active.size > 0) await sleep(20);
}

/** What pre-flight finds missing for the tables that were asked for. */
function missingFor({ pipeline }: Context, plan: Plan, coverage: Coverage): MissingInput[] {
  const { request } = plan;
  const planned = new Set(plan.cells.map((cell) => cellKey(cell.table, cell.date)));
  // Holes that no backfill can fill were left out of the plan, and the run's log says so.
  if (request.upstream) for (const cell of plan.leftOut) planned.add(cellKey(cell.table, cell.date));
  // A source that is loaded reads nothing.
  const asked = pipeline.tables.filter(({ id }) => request.tables.includes(id));
  const missing = new Map<string, MissingInput>();
  for (const table of asked) {
    const chosen = plan.cells.filter((cell) => cell.table === table.id && cell.role === "selected");
    if (chosen.length === 0) continue;
    // Lookback inputs count over the whole range, as in the check by hand.
    const dates =
      request.dates ?? (request.cells ? chosen.map((cell) => cell.date) : eachDate(request.start, request.end));
    for (const one of preflight(pipeline, coverage.cells, [table], dates, planned)) {
      const cell = coverage.cells.get(cellKey(one.table, one.date));
      if (request.upstream && cell?.rawShort) continue;
      missing.set(cellKey(one.table, one.date), one);
    }
  }
  return [...missing.values()];
}

/** Goes on with a run that was cut off or cancelled, as a person has asked: its tasks that have not succeeded. */
export async function resume(context: Context, id: string): Promise<Launched> {
  return reopen(context, id, true);
}

async function reopen(context: Context, id: string, isPersons: boolean): Promise<Launched> {
  const run = await getRun(context.state.db, id);
  assertWritable(context, await tasksOf(context.state.db, id));
  const refused = (status: string) =>
    new FullcourtError(
      "not_resumable",
      `Run ${id} is ${status}: there is nothing to resume.`,
      "Only a run that was interrupted, cancelled or failed can go on.",
    );
  if (!["interrupted", "cancelled", "failed"].includes(run.status)) throw refused(run.status);
  if (!(await findPlan(context.state.db, run.planId)))
    throw new FullcourtError("unknown_plan", `The plan of run ${id} is not stored any more.`, "Make a new plan.");
  const isOurs = await audited(
    context,
    "resume",
    (done) => (done ? [id] : []),
    (db) => reopenRun(db, id, context.owner, isPersons),
  );
  if (!isOurs) throw refused("running by now");
  return launched(
    id,
    null,
    getWorker(context).track(() => goOn(context, id, { note: "Resumed." })),
  );
}

/**
 * Goes on with runs that a stopped process has left. The third time it waits until the server has answered for a
 * minute: a run that ends its server must leave time to look at it, and to cancel it. After that it has failed.
 */
export async function resumeLeft(context: Context, ids: readonly string[], waitMs = 60_000): Promise<void> {
  for (const id of ids) {
    if (await failIfTriedOut(context.state.db, id)) {
      await publishRun(context, id);
      continue;
    }
    const { attempts } = await getRun(context.state.db, id);
    // Somebody may have resumed or cancelled it meanwhile.
    const begin = () =>
      reopen(context, id, false).then(
        () => log.warn({ run: id }, "resuming an interrupted run"),
        (error) => log.warn({ run: id, error: String(error) }, "failed to resume an interrupted run"),
      );
    if (attempts < MAX_ATTEMPTS - 1) await begin();
    else {
      const timer = setTimeout(begin, waitMs).unref();
      context.closing.push(async () => clearTimeout(timer));
    }
  }
}

/** Stops a run; its task under way is rolled back. A run of another process ends when its owner hears of it. */
export async function cancel(context: Context, id: string): Promise<void> {
  const found = await audited(
    context,
    "cancel",
    (done) => (done ? [id] : []),
    (db) => requestCancel(db, id, context.owner, context.active.has(id)),
  );
  if (!found) {
    const run = await getRun(context.state.db, id);
    throw new FullcourtError(
      "not_running",
      `Run ${id} is ${run.status}: there is nothing to cancel.`,
      "`fullcourt runs` lists what is running.",
    );
  }
  await stopOwn(context, id, new FullcourtError("cancelled", "Cancelled.", ""));
  if (found === "ended") await publishRun(context, id);
}
