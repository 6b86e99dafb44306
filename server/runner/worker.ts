import { FullcourtError } from "@/lib/errors";
import { audit } from "../access/audit";
import type { Context } from "../context";
import { log } from "../platform/log";
import { LOST } from "../platform/on-abort";
import { claimRun, hasOpenRuns, heartbeat, MAX_ATTEMPTS } from "../state/queue";
import { findRun } from "../state/runs";
import { goOn, publishRun } from "./execute-run";

/** How often a process says that its runs are alive, and looks for runs that nobody carries out. */
const BEAT_MS = 1_000;
/** A process that the state has not answered for so long stops its own work: 10 s later another may take it over. */
const SILENT_MS = 20_000;

/** So long a process has run before it gives another's run its last attempt, in seconds. */
const SETTLED_S = 60;

/**
 * The pulse of a process that carries out runs: says that they are alive, hears of cancels, stops
 * those that another process has taken over, and takes queued and abandoned ones. On a shared state it
 * beats all the time; alone, while something runs.
 */
class RunWorker {
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;
  /** When the state last took a heartbeat, by a clock that nobody sets. */
  private heardAt = 0;
  /** Times in a row at which that was too long ago: once is what a process finds that has stood still itself. */
  private late = 0;

  constructor(private readonly context: Context) {}

  /** Beats from now on. */
  start(): void {
    if (this.timer) return;
    this.heardAt = performance.now();
    this.timer = setInterval(() => this.tick(), BEAT_MS).unref();
  }

  private tick(): void {
    void this.poll();
    this.late = performance.now() - this.heardAt > SILENT_MS ? this.late + 1 : 0;
    if (this.late < 2) return;
    for (const [id, controller] of this.context.active) {
      if (controller.signal.aborted) continue;
      log.error({ run: id }, "the state does not answer: work on the run is stopped before another takes it over");
      controller.abort(LOST);
    }
  }

  async stop(): Promise<void> {
    this.pause();
    await this.polling;
  }

  /** Beats while some work is done, and looks at once for a queued run when it has ended. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.start();
    try {
      return await work();
    } finally {
      if (this.timer) void this.poll();
    }
  }

  private poll(): Promise<void> {
    this.polling ??= this.beat()
      .catch((error) => log.error({ error: String(error) }, "the state did not answer a heartbeat"))
      .finally(() => {
        this.polling = undefined;
      });
    return this.polling;
  }

  private async beat(): Promise<void> {
    const { context } = this;
    const own = await heartbeat(context.state.db, context.owner, [...context.active.keys()]);
    this.heardAt = performance.now();
    for (const [id, controller] of context.active) {
      const found = own.get(id);
      if (found?.cancelAsked) controller.abort(new FullcourtError("cancelled", "Cancelled.", ""));
    }
    await this.stopLost(own);
    const claim = () => claimRun(context.state.db, context.owner, process.uptime() > SETTLED_S);
    for (let next = await claim(); next; next = await claim()) {
      const { run, wasQueued, from, ended } = next;
      if (ended) {
        await publishRun(context, run.id);
        continue;
      }
      const note = wasQueued
        ? "Dequeued."
        : from === context.owner
          ? `Retrying: attempt ${run.attempts} of ${MAX_ATTEMPTS}.`
          : "Took over from an unresponsive worker.";
      if (!wasQueued) {
        log.warn({ run: run.id, from }, "taking over a run from an unresponsive worker");
        await audit(context, "takeover", `${run.id} from ${from}`);
      }
      this.track(() => goOn(context, run.id, { note })).catch((error) =>
        log.error({ run: run.id, error: String(error) }, "run ended with an error"),
      );
    }
    // A run that waits, or that has ended without a record as on a full disk, is not left alone.
    const mayRest = context.config.databaseUrl === undefined && context.active.size === 0;
    if (mayRest && !(await hasOpenRuns(context.state.db))) this.pause();
  }

  /** A run of this process that is no more its own is stopped before it writes. */
  private async stopLost(own: ReadonlyMap<string, unknown>): Promise<void> {
    const { context } = this;
    for (const [id, controller] of context.active) {
      if (own.has(id) || controller.signal.aborted) continue;
      const run = await findRun(context.state.db, id);
      if (run && run.owner !== context.owner) controller.abort(LOST);
    }
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

const beats = new WeakMap<Context, RunWorker>();

/** The pulse of a process, ended with its context. */
export function getWorker(context: Context): RunWorker {
  const known = beats.get(context);
  if (known) return known;
  const beat = new RunWorker(context);
  beats.set(context, beat);
  context.closing.push(() => beat.stop());
  return beat;
}
