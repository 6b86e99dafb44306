import { randomBytes } from "node:crypto";
import { judgeFreshness } from "@/lib/checks/freshness";
import { type MissingInput, preflight } from "@/lib/checks/preflight";
import { type Problem, verifyRange } from "@/lib/checks/verify";
import { cellKey } from "@/lib/coverage/types";
import { dateList, eachDate, shortDate } from "@/lib/dates";
import { FullcourtError } from "@/lib/errors";
import { ReadIndex } from "@/lib/planning/reads";
import { processor, processorsNamed } from "@/lib/processors";
import { changeWords, type RunStatus, type StateChange, stateChanges, type TaskStatus } from "@/lib/runs";
import { freshnessNow } from "../clock";
import type { Context } from "../context";
import { type Coverage, readCoverage } from "../coverage";
import {
  addLog,
  createRun,
  findPlan,
  getRun,
  type Log,
  type Run,
  type Task,
  tasksOf,
  updateRun,
  updateTask,
} from "../state/runs";
import type { RunOptions } from "../state/schema";
import type { Replaced } from "../warehouse";
import { readOnlyError } from "../warehouse/read-only";
import { publish } from "./events";
import { acceptPlan, type Plan } from "./plans";

export const DEFAULT_OPTIONS: RunOptions = {
  stopOnFailure: false,
  skipPreflight: false,
  skipDependencyCheck: false,
  production: false,
};

/** Reason with which a stopping server aborts its runs. */
const SHUTDOWN = "shutdown";

/** Stops every run of this process and waits until each has rolled back and said so. */
export async function stopRuns(context: Context): Promise<void> {
  for (const controller of context.active.values()) controller.abort(SHUTDOWN);
  while (context.active.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A run that has begun: its id at once, its end as a promise. */
export interface Launched {
  id: string;
  done: Promise<Run>;
}

/** Launches one at a time, so that two of the same plan cannot both find it fresh. */
let launching: Promise<unknown> = Promise.resolve();

/**
 * Runs an accepted plan exactly as it was shown. Refuses if the data has changed since,
 * or if another run is at some of its cells. Pre-flight goes first, once: what is missing
 * blocks the whole launch, and the run says so.
 */
export function launch(context: Context, planId: string, options: RunOptions, origin: string): Promise<Launched> {
  const next = launching.then(() => begin(context, planId, options, origin));
  launching = next.catch(() => undefined);
  return next;
}

async function begin(context: Context, planId: string, options: RunOptions, origin: string): Promise<Launched> {
  const asked = performance.now();
  const { plan, coverage } = await acceptPlan(context, planId);
  if (context.config.readOnly) throw readOnlyError();
  if (plan.refusal)
    throw new FullcourtError("refused", `${plan.refusal} Nothing was run.`, "Take fewer dates or tables.", 1);
  const busy = plan.cells.find((cell) =>
    coverage.cells.get(cellKey(cell.table, cell.date))?.states.includes("running"),
  );
  if (busy) {
    throw new FullcourtError(
      "run_in_progress",
      `A run is at ${busy.table} of ${shortDate(busy.date)} already.`,
      "Wait until it ends, or cancel it.",
      1,
    );
  }
  const id = `${new Date().toISOString().slice(0, 19).replace(/\D/g, "")}-${randomBytes(3).toString("hex")}`;
  const { request } = plan;
  const dates = plan.cells.map((cell) => cell.date).sort();
  await createRun(context.state.db, {
    id,
    planId,
    origin,
    options,
    tables: [...new Set(plan.tasks.map((task) => task.table))],
    start: dates[0] ?? request.start,
    end: dates.at(-1) ?? request.end,
    cells: plan.cells.length,
    estimate: plan.estimate.seconds,
    tasks: plan.tasks.map(({ bytes: _, ...task }) => task),
  });
  const missing = missingFor(plan, coverage);
  const checkSeconds = (performance.now() - asked) / 1000;
  return { id, done: carryOut(context, id, coverage, missing, { checkSeconds }) };
}

/** What pre-flight finds missing for the phase 4 tables that were asked for. */
function missingFor(plan: Plan, coverage: Coverage): MissingInput[] {
  const { request } = plan;
  const planned = new Set(plan.cells.map((cell) => cellKey(cell.table, cell.date)));
  // Holes that no backfill can fill were left out of the plan, and the run's log says so.
  if (request.upstream) for (const cell of plan.leftOut) planned.add(cellKey(cell.table, cell.date));
  const asked = processorsNamed(request.tables);
  const missing = new Map<string, MissingInput>();
  for (const table of asked) {
    const chosen = plan.cells.filter((cell) => cell.table === table.short && cell.role === "selected");
    if (chosen.length === 0) continue;
    // Lookback inputs count over the whole range, as in the check by hand.
    const dates =
      request.dates ?? (request.cells ? chosen.map((cell) => cell.date) : eachDate(request.start, request.end));
    for (const one of preflight(coverage.cells, [table], dates, planned)) {
      const cell = coverage.cells.get(cellKey(one.table, one.date));
      if (request.upstream && cell?.rawShort) continue;
      missing.set(cellKey(one.table, one.date), one);
    }
  }
  return [...missing.values()];
}

/** Goes on with a run that was cut off or cancelled: its tasks that have not succeeded. */
export async function resume(context: Context, id: string): Promise<Launched> {
  if (context.config.readOnly) throw readOnlyError();
  const run = await getRun(context.state.db, id);
  if (!["interrupted", "cancelled", "failed"].includes(run.status)) {
    throw new FullcourtError(
      "not_resumable",
      `Run ${id} is ${run.status}: there is nothing to resume.`,
      "Only a run that was interrupted, cancelled or failed can go on.",
    );
  }
  const stored = await findPlan(context.state.db, run.planId);
  if (!stored)
    throw new FullcourtError("unknown_plan", `The plan of run ${id} is not stored any more.`, "Make a new plan.");
  for (const task of await tasksOf(context.state.db, id)) {
    if (task.status !== "succeeded")
      await updateTask(context.state.db, task.id, {
        status: "waiting",
        error: null,
        startedAt: null,
        endedAt: null,
        skipped: [],
      });
  }
  await updateRun(context.state.db, id, { status: "running", endedAt: null, error: null });
  const coverage = await readCoverage(context, stored.request.start, stored.request.end);
  return { id, done: carryOut(context, id, coverage, [], { note: "Resumed." }) };
}

/** Stops a run of this process; its task under way is rolled back. */
export async function cancel(context: Context, id: string): Promise<void> {
  const controller = context.active.get(id);
  if (!controller) {
    const run = await getRun(context.state.db, id);
    throw new FullcourtError(
      "not_running",
      `Run ${id} is ${run.status}: there is nothing to cancel.`,
      "`fullcourt runs` lists what is running.",
    );
  }
  controller.abort(new FullcourtError("cancelled", "Cancelled.", "", 1));
}

/** How a run begins: with a word for its log, and the seconds that its checks have taken. */
interface Manner {
  note?: string;
  checkSeconds?: number;
}

async function carryOut(
  context: Context,
  id: string,
  coverage: Coverage,
  missing: MissingInput[],
  how: Manner,
): Promise<Run> {
  const controller = new AbortController();
  context.active.set(id, controller);
  try {
    return await new Runner(context, id, coverage, controller.signal).run(missing, how);
  } finally {
    context.active.delete(id);
  }
}

/** Carries out the tasks of one run, in order. */
class Runner {
  private readonly reads: ReadIndex;
  /** Cells that this run could not build; whoever reads them is not built on them. */
  private readonly unbuilt = new Set<string>();
  /** Seconds of the launch's checks that each task bears, and those of its own dependency check. */
  private checkShare = 0;
  private readonly checked = new Map<number, number>();

  constructor(
    private readonly context: Context,
    private readonly id: string,
    private readonly coverage: Coverage,
    private readonly signal: AbortSignal,
  ) {
    this.reads = new ReadIndex(coverage.facts, coverage.cells);
  }

  private async log(level: Log["level"], message: string): Promise<void> {
    const line = await addLog(this.context.state.db, this.id, level, message);
    publish(this.context, { type: "log", runId: this.id, log: line });
  }

  private async setTask(task: Task, values: Partial<Task>): Promise<void> {
    Object.assign(task, values);
    await updateTask(this.context.state.db, task.id, values);
    publish(this.context, { type: "task", runId: this.id, task: { ...task } });
  }

  async run(missing: MissingInput[], { note, checkSeconds = 0 }: Manner): Promise<Run> {
    const { context, id } = this;
    const run = await getRun(context.state.db, id);
    publish(context, { type: "run", run });
    const tasks = await tasksOf(context.state.db, id);
    const stored = await findPlan(context.state.db, run.planId);
    if (note) await this.log("info", note);
    await this.log("info", `${run.cells} cells in ${tasks.length} tasks, ${run.start} to ${run.end}.`);
    for (const left of (stored?.body.leftOut ?? []).slice(0, 50))
      await this.log("warn", `Left out: ${left.table} ${left.date}. ${left.reason}`);
    if (missing.length > 0) {
      const words = missing.map((one) => `${one.table} ${one.date} (${one.rows} of ${one.expected ?? "?"})`).join(", ");
      if (!run.options.skipPreflight)
        return this.block(tasks, `Pre-flight: ${missing.length} inputs are not complete: ${words}.`);
      await this.log(
        "warn",
        `Pre-flight was skipped (--skip-preflight) though ${missing.length} inputs are not complete: ${words}.`,
      );
    } else if (!note) {
      await this.log("info", "Pre-flight: every input is complete, or built by this run.");
    }
    this.checkShare = checkSeconds / Math.max(1, tasks.length);
    await this.checkDependencies(run, tasks);
    let stopped = false;
    for (const task of tasks) {
      if (task.status === "succeeded") continue;
      if (this.signal.aborted || stopped) {
        await this.setTask(task, { status: "cancelled" });
        continue;
      }
      const ok = await this.runTask(task);
      if (!ok && run.options.stopOnFailure && !this.signal.aborted) {
        stopped = true;
        await this.log("warn", "Stopped at the first failure (--stop-on-failure).");
      }
    }
    // A server that stops leaves its runs interrupted: the next one goes on with them.
    const cutOff: RunStatus = this.signal.reason === SHUTDOWN ? "interrupted" : "cancelled";
    const status: RunStatus = this.signal.aborted
      ? cutOff
      : tasks.every((task) => task.status === "succeeded")
        ? "succeeded"
        : "failed";
    if (!this.signal.aborted) await updateRun(context.state.db, id, await this.verify(tasks));
    return this.end(status, tasks, tasks.find((task) => task.error)?.error ?? null);
  }

  private async block(tasks: Task[], reason: string): Promise<Run> {
    await this.log("error", reason);
    for (const task of tasks) await this.setTask(task, { status: "blocked" });
    return this.end("blocked", tasks, reason);
  }

  /** Dependency freshness in production runs: one query's facts for all inputs and dates. */
  private async checkDependencies(run: Run, tasks: Task[]): Promise<void> {
    const { production, skipDependencyCheck } = run.options;
    if (!production)
      return this.log("info", "Dependency freshness is not checked in backfills: pre-flight has covered the inputs.");
    if (skipDependencyCheck) return this.log("warn", "Dependency freshness was skipped (--skip-dependency-check).");
    const planned = new Set(tasks.flatMap((task) => task.dates.map((date) => cellKey(task.table, date))));
    for (const task of tasks) {
      const begun = performance.now();
      const results = judgeFreshness(
        this.coverage.facts,
        this.coverage.cells,
        [processor(task.table)],
        task.dates,
        freshnessNow(this.context.config),
      );
      for (const one of results) {
        if (one.level === "ok" || planned.has(cellKey(one.input, one.date))) continue;
        const words = `${task.table} ${one.date}: ${one.input} ${one.rows} of ${one.expected ?? "?"}, ${one.ageHours === null ? "no rows" : `${one.ageHours} h old`}`;
        if (one.level === "fail" && one.critical) {
          this.unbuilt.add(cellKey(task.table, one.date));
          await this.log("error", `Dependency check stops the date. ${words}`);
        } else await this.log("warn", `Dependency check. ${words}`);
      }
      this.checked.set(task.id, (performance.now() - begun) / 1000);
    }
  }

  /** True when every date of the task was built. */
  private async runTask(task: Task): Promise<boolean> {
    const table = processor(task.table);
    const skipped = task.dates.filter((date) => this.mustSkip(task.table, date));
    for (const date of skipped) this.unbuilt.add(cellKey(task.table, date));
    const dates = task.dates.filter((date) => !skipped.includes(date));
    if (dates.length === 0) {
      await this.setTask(task, { status: "blocked", skipped, error: "An input of every date failed in this run." });
      await this.log("warn", `${task.table}: blocked, an input of every date failed.`);
      return false;
    }
    const started = new Date();
    await this.setTask(task, { status: "running", startedAt: started.toISOString() });
    const checkSeconds = this.checkShare + (this.checked.get(task.id) ?? 0);
    const total: Pick<Replaced, "rows" | "readSeconds" | "computeSeconds" | "writeSeconds" | "bytes" | "slotSeconds"> =
      {
        rows: 0,
        readSeconds: 0,
        computeSeconds: 0,
        writeSeconds: 0,
        bytes: null,
        slotSeconds: null,
      };
    const errors: string[] = [];
    const build = async (part: string[]): Promise<void> => {
      try {
        const done = await this.context.warehouse.replacePartitions({
          table,
          dates: part,
          stamp: { processedAt: new Date().toISOString(), runId: this.id },
          signal: this.signal,
          once: `${this.id} ${task.seq}`,
        });
        total.rows += done.rows;
        total.readSeconds += done.readSeconds;
        total.computeSeconds += done.computeSeconds;
        total.writeSeconds += done.writeSeconds;
        if (done.bytes !== null) total.bytes = (total.bytes ?? 0) + done.bytes;
        if (done.slotSeconds !== null) total.slotSeconds = (total.slotSeconds ?? 0) + done.slotSeconds;
      } catch (error) {
        if (this.signal.aborted) throw error;
        // A fault of some date's rows fails that date only: halves, down to it.
        if (part.length > 1 && isDataFault(error)) {
          const middle = Math.floor(part.length / 2);
          await build(part.slice(0, middle));
          await build(part.slice(middle));
          return;
        }
        for (const date of part) this.unbuilt.add(cellKey(task.table, date));
        errors.push(`${dateList(part)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    let status: TaskStatus = "succeeded";
    try {
      await build(dates);
      if (errors.length > 0) status = "failed";
      else if (skipped.length > 0) status = "blocked";
    } catch {
      status = "cancelled";
    }
    const ended = new Date();
    const seconds = (ended.getTime() - started.getTime()) / 1000;
    await this.setTask(task, {
      ...total,
      checkSeconds,
      status,
      skipped,
      seconds,
      endedAt: ended.toISOString(),
      error: errors.join(" ") || null,
    });
    const range = task.start === task.end ? task.start : `${task.start} to ${task.end}`;
    await this.log(
      status === "succeeded" ? "info" : "error",
      `${task.table} ${range}: ${status}, ${total.rows} rows in ${seconds.toFixed(2)} s.${errors.length > 0 ? ` ${errors.join(" ")}` : ""}`,
    );
    return status === "succeeded";
  }

  /** A date is not built on an input that this run failed to build, nor where the check stopped it. */
  private mustSkip(table: string, date: string): boolean {
    if (this.unbuilt.size === 0) return false;
    if (this.unbuilt.has(cellKey(table, date))) return true;
    const cell = this.coverage.cells.get(cellKey(table, date));
    return (
      cell !== undefined &&
      this.reads.inputsOf(cell).some((read) => this.unbuilt.has(cellKey(read.cell.table, read.cell.date)))
    );
  }

  /** The range check after a run: what is not complete of the cells that it was to build, and what it changed. */
  private async verify(tasks: Task[]): Promise<{ problems: Problem[]; changes: StateChange[] }> {
    const dates = [...new Set(tasks.flatMap((task) => task.dates))].sort();
    if (dates.length === 0) return { problems: [], changes: [] };
    const { cells } = await readCoverage(this.context, dates[0] as string, dates.at(-1) as string);
    const built = processorsNamed([...new Set(tasks.map((task) => task.table))]);
    const keys = new Set(tasks.flatMap((task) => task.dates.map((date) => cellKey(task.table, date))));
    const problems = verifyRange(cells, built, dates).filter(
      (one) => keys.has(cellKey(one.table, one.date)) && one.state !== "running",
    );
    const changes = stateChanges(this.coverage.cells, cells);
    if (changes.length > 0) await this.log("info", `In the grid: ${changeWords(changes)}.`);
    if (problems.length === 0) {
      await this.log("info", `Range check: all ${keys.size} cells are complete.`);
      return { problems, changes };
    }
    const words = problems
      .slice(0, 20)
      .map((one) => `${one.table} ${one.date} ${one.state}`)
      .join(", ");
    await this.log(
      "warn",
      `Range check: ${problems.length} of ${keys.size} cells are not complete: ${words}${problems.length > 20 ? ", ..." : ""}.`,
    );
    return { problems, changes };
  }

  private async end(status: RunStatus, tasks: Task[], error: string | null): Promise<Run> {
    const rows = tasks.reduce((sum, task) => sum + task.rows, 0);
    await updateRun(this.context.state.db, this.id, { status, rows, error, endedAt: new Date().toISOString() });
    await this.log(status === "succeeded" ? "info" : "warn", `Run ${status}: ${rows} rows.`);
    const run = await getRun(this.context.state.db, this.id);
    publish(this.context, { type: "run", run });
    return run;
  }
}

/** Faults that the rows of some dates cause, not the statement or the machine. */
function isDataFault(error: unknown): boolean {
  if (error instanceof FullcourtError) return error.code === "duplicate_rows";
  return error instanceof Error && /^(Conversion|Out of Range|Invalid Input) Error/.test(error.message);
}
