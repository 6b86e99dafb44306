import { setTimeout as sleep } from "node:timers/promises";
import type { MissingInput } from "@/lib/engine/checks/preflight";
import type { Context } from "../context";
import { type Coverage, readCoverage } from "../coverage";
import { log } from "../platform/log";
import { LOST, RunTooLong, SHUTDOWN } from "../platform/on-abort";
import { runWithContext } from "../platform/request-context";
import { traced } from "../platform/tracing";
import { recordError, resetTasks } from "../state/queue";
import { addLog, findRun, getRun, type Run } from "../state/runs";
import { publish } from "./events";
import { Runner, type RunStartOptions } from "./runner";

/** How often the end of a run that another process carries out is looked for. */
const LOOK_MS = 300;
const HOUR_MS = 3_600_000;

/** The run when it has ended, whichever process executes it. */
export async function waitForRun(context: Context, id: string): Promise<Run> {
  for (;;) {
    const run = await getRun(context.state.db, id);
    if (run.status !== "queued" && run.status !== "running") return run;
    await sleep(LOOK_MS);
  }
}

/** Sends a run as it is now to all who watch. */
export async function publishRun(context: Context, id: string): Promise<void> {
  publish(context, { type: "run", run: await getRun(context.state.db, id) });
}

/** Stops this process's work on a run. What another has taken over meanwhile is that one's: its jobs elsewhere go on. */
export async function stopOwn(context: Context, id: string, reason: Error): Promise<void> {
  const run = await findRun(context.state.db, id).catch(() => undefined);
  context.active.get(id)?.abort(run?.owner === context.owner ? reason : LOST);
}

/** Carries out a run that is this process's own, to its end, in this process or another; `prepare` is part of it. */
export async function executeRun(
  context: Context,
  id: string,
  prepare: () => Promise<{ coverage: Coverage; missing: MissingInput[] }>,
  how: RunStartOptions,
): Promise<Run> {
  const controller = new AbortController();
  const { runHours } = context.config;
  context.active.set(id, controller);
  const limit = setTimeout(() => void stopOwn(context, id, new RunTooLong(runHours)), runHours * HOUR_MS).unref();
  try {
    const run = await runWithContext({ run: id }, () =>
      traced("run", { "fullcourt.run": id }, async (say) => {
        const { coverage, missing } = await prepare();
        const ended = await new Runner(context, id, coverage, controller).run(missing, how);
        const { status, rows, cells, origin, tables } = ended;
        say({ "fullcourt.status": status, "fullcourt.rows": rows, "fullcourt.cells": cells });
        say({ "fullcourt.origin": origin, "fullcourt.tables": tables });
        return ended;
      }),
    );
    if (controller.signal.reason !== LOST) return run;
  } catch (error) {
    const { reason } = controller.signal;
    if (reason !== LOST && reason !== SHUTDOWN) await tellError(context, id, error);
    if (reason !== LOST) throw error;
  } finally {
    clearTimeout(limit);
    // Not this process's own any more: no heartbeat keeps others, or itself, from taking it up.
    context.active.delete(id);
  }
  return waitForRun(context, id);
}

/** Puts an error that is no task's on record: the run is begun again after a pause, or has failed. */
async function tellError(context: Context, id: string, error: unknown): Promise<void> {
  const { db } = context.state;
  const message = error instanceof Error ? error.message : String(error);
  try {
    await recordError(db, context.owner, id, message);
    await addLog(db, id, "error", message);
    await publishRun(context, id);
  } catch (failure) {
    log.error({ run: id, error: String(failure) }, "the error of a run could not be recorded");
  }
}

/** Carries out what is left of a run that is this process's own. */
export async function goOn(context: Context, id: string, how: RunStartOptions): Promise<Run> {
  const prepare = async () => {
    await resetTasks(context.state.db, id);
    const run = await getRun(context.state.db, id);
    return { coverage: await readCoverage(context, run.start, run.end), missing: [] };
  };
  return executeRun(context, id, prepare, how);
}
