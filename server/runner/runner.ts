import type { Cell } from "@/lib/api/coverage";
import type { Problem, RunStatus, StateChange, TaskStatus } from "@/lib/api/runs";
import { judgeFreshness } from "@/lib/engine/checks/freshness";
import type { MissingInput } from "@/lib/engine/checks/preflight";
import { CellIndex, CellSet } from "@/lib/engine/coverage/cell-index";
import { monotonicTimestamp, newestOf } from "@/lib/engine/coverage/clock";
import { cellKey } from "@/lib/engine/coverage/types";
import { madeByTask } from "@/lib/engine/pipeline/find";
import { askedCells } from "@/lib/engine/planning/request";
import { formatDoubts, formatFailing, formatLeft, formatProblems, plural } from "@/lib/engine/view/format";
import { formatChanges } from "@/lib/engine/view/format-state";
import { dateList, formatRange } from "@/lib/util/dates";
import { freshnessNow } from "../config";
import type { Context } from "../context";
import type { Coverage } from "../coverage";
import { log } from "../platform/log";
import { isHandedOver, LOST, RunTooLong, SHUTDOWN } from "../platform/on-abort";
import { runWithContext } from "../platform/request-context";
import { traced } from "../platform/tracing";
import { dropLeases } from "../state/leases";
import { updateOwnRun, updateOwnTask } from "../state/queue";
import { addLog, findPlan, getRun, type Log, type Run, type Task, tasksOf } from "../state/runs";
import { type Built, buildDates } from "./build";
import { publish } from "./events";
import { failpoint } from "./failpoints";
import { verifyRun } from "./verify";

/** How a run begins: with a word for its log, and the seconds that its checks have taken. */
export interface RunStartOptions {
  note?: string;
  checkSeconds?: number;
}

/** Carries out the tasks of one run, in order. */
export class Runner {
  private readonly index: CellIndex;
  /** Cells that this run could not build; tables that read them are not built. */
  private readonly unbuilt = new Set<Cell>();
  private readonly unbuiltReads: CellSet;
  /** Seconds of the launch's checks that each task bears, and those of its own dependency check. */
  private checkShare = 0;
  private readonly checked = new Map<number, number>();
  /** A failure has ended the run (--stop-on-failure). */
  private stopped = false;
  /** The newest row that there is, in ms, those of this run included. */
  private newest: number | null;
  /** Tasks that have not begun. */
  private readonly waiting = new Set<Task>();

  constructor(
    private readonly context: Context,
    private readonly id: string,
    private readonly coverage: Coverage,
    private readonly controller: AbortController,
  ) {
    this.index = new CellIndex(coverage.facts, coverage.cells);
    this.unbuiltReads = new CellSet(this.index);
    this.newest = newestOf(coverage.facts);
  }

  private async log(level: Log["level"], message: string): Promise<void> {
    const line = await addLog(this.context.state.db, this.id, level, message);
    // The run's own log is the state's; the process's has it for those who gather logs.
    log.info({ of: level }, message);
    publish(this.context, { type: "log", runId: this.id, log: line });
  }

  private get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Records what has become of a task, while the run is this process's own. */
  private async setTask(task: Task, values: Partial<Task>): Promise<void> {
    const { state, owner } = this.context;
    Object.assign(task, values);
    if (!(await updateOwnTask(state.db, owner, task, values))) return this.controller.abort(LOST);
    publish(this.context, { type: "task", runId: this.id, task: { ...task } });
  }

  async run(missing: MissingInput[], { note, checkSeconds = 0 }: RunStartOptions): Promise<Run> {
    const { context, id } = this;
    const run = await getRun(context.state.db, id);
    publish(context, { type: "run", run });
    const tasks = await tasksOf(context.state.db, id);
    const stored = await findPlan(context.state.db, run.planId);
    if (note) await this.log("info", note);
    await this.log("info", `${run.cells} cells in ${tasks.length} tasks, ${run.start} to ${run.end}.`);
    const leftOut = stored?.body.leftOut ?? [];
    for (const left of leftOut.slice(0, 50))
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
    await this.carryOut(run, tasks);
    if (this.signal.reason === LOST) return getRun(context.state.db, id);
    const error = tasks.find((task) => task.error)?.error ?? null;
    if (this.signal.aborted) {
      const { reason } = this.signal;
      // A server that stops leaves its runs interrupted: the next one goes on with them.
      if (reason === SHUTDOWN) return this.end("interrupted", tasks, error);
      return reason instanceof RunTooLong
        ? this.end("failed", tasks, reason.message)
        : this.end("cancelled", tasks, error);
    }
    const { failing, ...found } = await this.verify(tasks, stored ? askedCells(stored) : []);
    await updateOwnRun(context.state.db, context.owner, id, found);
    const isBuilt = failing === null && tasks.every((task) => task.status === "succeeded");
    const status = !isBuilt ? "failed" : found.problems.length > 0 ? "incomplete" : "succeeded";
    return this.end(status, tasks, error ?? failing, found.problems.length);
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
        [madeByTask(this.context.pipeline, task.table)],
        task.dates,
        freshnessNow(this.context.config),
      );
      for (const one of results) {
        if (one.level === "ok" || planned.has(cellKey(one.input, one.date))) continue;
        const words = `${task.table} ${one.date}: ${one.input} ${one.rows} of ${one.expected ?? "?"}, ${one.ageHours === null ? "no rows" : `${one.ageHours} h old`}`;
        if (one.level === "fail" && one.critical) {
          this.leaveUnbuilt(task.table, [one.date]);
          await this.log("error", `Dependency check stops the date. ${words}`);
        } else await this.log("warn", `Dependency check. ${words}`);
      }
      this.checked.set(task.id, (performance.now() - begun) / 1000);
    }
  }

  /** Runs the tasks, side by side where the engine takes it, each after those of the tables that it reads. */
  private async carryOut(run: Run, tasks: Task[]): Promise<void> {
    const { waiting } = this;
    for (const task of tasks) if (task.status !== "succeeded") waiting.add(task);
    const running = new Map<Task, Promise<void>>();
    // What is to stop at the first failure has nothing under way beside it.
    const parallelTasks = run.options.stopOnFailure ? 1 : this.context.warehouse.parallelTasks;
    while (waiting.size > 0 || running.size > 0) {
      if (this.signal.aborted || this.stopped) {
        // The next owner goes on with them.
        const left = isHandedOver(this.signal) ? [] : waiting;
        for (const task of left) await this.setTask(task, { status: "cancelled" });
        waiting.clear();
      }
      for (const task of waiting) {
        if (running.size >= parallelTasks) break;
        const upstream = new Set(this.context.pipeline.upstream.get(task.table));
        const isBefore = (other: Task) => other.seq < task.seq && upstream.has(other.table);
        if ([...waiting, ...running.keys()].some(isBefore)) continue;
        waiting.delete(task);
        running.set(
          task,
          this.inScope(run, task).finally(() => running.delete(task)),
        );
      }
      // Nothing runs where all that was left has been called off.
      if (running.size > 0) await Promise.race(running.values());
    }
  }

  /** A task in a span of its own, named in the log's lines. */
  private inScope(run: Run, task: Task): Promise<void> {
    const { table, seq, dates } = task;
    const attributes = { "fullcourt.table": table, "fullcourt.dates": dates.length, "fullcourt.run": this.id };
    return runWithContext({ task: `${seq} ${table}` }, () =>
      traced(`task ${table}`, attributes, async (say) => {
        await this.runTask(run, task);
        say({ "fullcourt.status": task.status, "fullcourt.rows": task.rows });
      }),
    );
  }

  /** Builds one task and records what came of it. */
  private async runTask(run: Run, task: Task): Promise<void> {
    const skipped = task.dates.filter((date) => this.mustSkip(task.table, date));
    this.leaveUnbuilt(task.table, skipped);
    const dates = task.dates.filter((date) => !skipped.includes(date));
    if (dates.length === 0) {
      await this.setTask(task, { status: "blocked", skipped, error: "An input of every date failed in this run." });
      return this.log("warn", `${task.table}: blocked, an input of every date failed.`);
    }
    const started = new Date();
    await this.setTask(task, { status: "running", startedAt: started.toISOString() });
    const checkSeconds = this.checkShare + (this.checked.get(task.id) ?? 0);
    const { stopOnFailure } = run.options;
    const { signal, id: runId } = this;
    let status: TaskStatus;
    let built: Built | undefined;
    try {
      const { seq, table, attempt } = task;
      built = await buildDates(this.context, {
        runId,
        seq,
        attempt,
        table,
        dates,
        signal,
        stopOnFailure,
        priority: run.priority,
        stamp: () => {
          this.newest = monotonicTimestamp(Date.now(), this.newest);
          return new Date(this.newest).toISOString();
        },
        onLost: () => this.controller.abort(LOST),
        say: (level, line) => this.log(level, `${table}: ${line}`),
      });
      this.leaveUnbuilt(table, [...built.failed, ...built.notTried]);
      status = built.failed.length > 0 ? "failed" : skipped.length > 0 ? "blocked" : "succeeded";
    } catch (error) {
      if (!signal.aborted) throw error;
      // It has not ended: its next owner goes on with it.
      if (signal.reason === LOST) return;
      if (signal.reason === SHUTDOWN) return this.setTask(task, { status: "waiting", startedAt: null });
      status = "cancelled";
    }
    const ended = new Date();
    const seconds = (ended.getTime() - started.getTime()) / 1000;
    const errors = built?.errors.join(" ") ?? "";
    await this.setTask(task, {
      ...built?.total,
      checkSeconds,
      status,
      skipped,
      seconds,
      endedAt: ended.toISOString(),
      error: errors || null,
    });
    await failpoint("record written");
    const range = formatRange(task);
    await this.log(
      status === "succeeded" ? "info" : "error",
      `${task.table} ${range}: ${status}, ${built?.total.rows ?? 0} rows in ${seconds.toFixed(2)} s.${errors ? ` ${errors}` : ""}`,
    );
    if (status !== "succeeded" && stopOnFailure && !signal.aborted) await this.stop(built?.notTried ?? [], task);
  }

  /** Says what --stop-on-failure leaves alone. */
  private async stop(dates: string[], task: Task): Promise<void> {
    this.stopped = true;
    const left = [...this.waiting].map((one) => `${one.table} ${dateList(one.dates)}`);
    const all = [...(dates.length > 0 ? [`${task.table} ${dateList(dates)}`] : []), ...left];
    await this.log(
      "warn",
      `Stopped at the first failure (--stop-on-failure). ${all.length > 0 ? `Not tried: ${all.join("; ")}.` : "Nothing was left to try."}`,
    );
  }

  /** Remembers cells that this run could not build. */
  private leaveUnbuilt(table: string, dates: readonly string[]): void {
    for (const date of dates) {
      const cell = this.coverage.cells.get(cellKey(table, date));
      if (!cell) continue;
      this.unbuilt.add(cell);
      this.unbuiltReads.add(cell);
    }
  }

  /** A date is not built on an input that this run failed to build, nor where the check stopped it. */
  private mustSkip(table: string, date: string): boolean {
    if (this.unbuilt.size === 0) return false;
    const cell = this.coverage.cells.get(cellKey(table, date));
    if (!cell) return false;
    return this.unbuilt.has(cell) || this.index.findRead(this.unbuiltReads, cell) !== undefined;
  }

  /** The range check after a run, told in its log. `failing`: why the run has failed though all was built. */
  private async verify(
    tasks: Task[],
    asked: readonly Pick<Cell, "table" | "date">[],
  ): Promise<{ problems: Problem[]; changes: StateChange[]; failing: string | null }> {
    const found = await verifyRun(this.context, this.coverage.cells, tasks, asked);
    const { cells, complete, problems, doubts, others, changes } = found;
    const failing = found.failing.length > 0 ? formatFailing(found.failing) : null;
    if (cells === 0) return { problems, changes, failing };
    if (failing) await this.log("error", failing);
    for (const line of formatDoubts(doubts)) await this.log("warn", line);
    if (changes.length > 0) await this.log("info", `In the grid: ${formatChanges(changes)}.`);
    if (problems.length > 0) {
      await this.log("warn", `Range check of ${plural(cells, "cell")}: ${formatProblems(problems)}.`);
    } else if (others > 0) {
      const words = `all that was asked for is complete; ${plural(others, "cell")} built with it still ${others === 1 ? "needs" : "need"} work`;
      await this.log("info", `Range check: ${words}.`);
    } else {
      const words = complete === cells ? `all ${cells} cells are complete` : `none of the ${cells} cells needs work`;
      await this.log("info", `Range check: ${words}.`);
    }
    return { problems, changes, failing };
  }

  private async end(status: RunStatus, tasks: Task[], error: string | null, left = 0): Promise<Run> {
    const { state, owner } = this.context;
    const rows = tasks.reduce((sum, task) => sum + task.rows, 0);
    await this.log(
      status === "succeeded" ? "info" : "warn",
      `Run ${status}: ${plural(rows, "row")}${left > 0 ? `; ${formatLeft(left)}` : ""}.`,
    );
    await dropLeases(state.db, owner, this.id);
    // An interrupted run stays its home's: the next process there goes on with it. An orderly stop is no attempt.
    const isLeft = status === "interrupted";
    const kept = isLeft ? { attempts: 0 } : { owner: null, cancelAsked: false };
    const ended = { status, rows, error, endedAt: new Date().toISOString(), ...kept };
    if (!(await updateOwnRun(state.db, owner, this.id, ended))) this.controller.abort(LOST);
    const run = await getRun(state.db, this.id);
    publish(this.context, { type: "run", run });
    return run;
  }
}
