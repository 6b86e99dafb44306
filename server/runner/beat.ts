import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { log } from "../log";
import { claimRun, hasOpenRuns, heartbeat } from "../state/queue";
import { findRun } from "../state/runs";
import { goOn } from "./carry-out";
import { LOST } from "./runner";

/** How often a process says that its runs are alive, and looks for runs that nobody carries out. */
const BEAT_MS = 1_000;

/**
 * The pulse of a process that carries out runs: says that they are alive, hears of cancels, stops
 * those that another process has taken over, and takes queued and abandoned ones. On a shared state it
 * beats all the time; alone, while something runs.
 */
class Beat {
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;

  constructor(private readonly context: Context) {}

  /** Beats from now on. */
  start(): void {
    this.timer ??= setInterval(() => void this.once(), BEAT_MS).unref();
  }

  async stop(): Promise<void> {
    this.rest();
    await this.beating;
  }

  /** Beats while some work is done, and looks at once for a queued run when it has ended. */
  async with<T>(work: () => Promise<T>): Promise<T> {
    this.start();
    try {
      return await work();
    } finally {
      if (this.timer) void this.once();
    }
  }

  private once(): Promise<void> {
    this.beating ??= this.beat()
      .catch((error) => log.error({ error: String(error) }, "the state did not answer a heartbeat"))
      .finally(() => {
        this.beating = undefined;
      });
    return this.beating;
  }

  private async beat(): Promise<void> {
    const { context } = this;
    const own = await heartbeat(context.state.db, context.owner, [...context.active.keys()]);
    for (const [id, controller] of context.active) {
      const found = own.get(id);
      if (found?.cancelAsked) controller.abort(new FullcourtError("cancelled", "Cancelled.", "", 1));
    }
    await this.stopLost(own);
    if (context.config.readOnly) return;
    for (
      let next = await claimRun(context.state.db, context.owner);
      next;
      next = await claimRun(context.state.db, context.owner)
    ) {
      const { run, wasQueued } = next;
      const note = wasQueued ? "Its turn in the queue has come." : "Taken over from a process that is silent.";
      if (!wasQueued) log.warn({ run: run.id, from: run.owner }, "taking over a run whose process is silent");
      this.with(() => goOn(context, run.id, { note })).catch((error) =>
        log.error({ run: run.id, error: String(error) }, "run ended with an error"),
      );
    }
    // A run that waits, or that has ended without a record as on a full disk, is not left alone.
    const mayRest = context.config.databaseUrl === undefined && context.active.size === 0;
    if (mayRest && !(await hasOpenRuns(context.state.db))) this.rest();
  }

  /** A run of this process that is no more its own is stopped before it writes. */
  private async stopLost(own: ReadonlyMap<string, unknown>): Promise<void> {
    const { context } = this;
    for (const [id, controller] of context.active) {
      if (own.has(id) || controller.signal.aborted) continue;
      const run = await findRun(context.state.db, id);
      if (run?.status === "running" && run.owner !== context.owner) controller.abort(LOST);
    }
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

const beats = new WeakMap<Context, Beat>();

/** The pulse of a process, ended with its context. */
export function beatOf(context: Context): Beat {
  const known = beats.get(context);
  if (known) return known;
  const beat = new Beat(context);
  beats.set(context, beat);
  context.closing.push(() => beat.stop());
  return beat;
}
