import { setTimeout as sleep } from "node:timers/promises";
import type { MissingInput } from "@/lib/checks/preflight";
import type { Context } from "../context";
import { type Coverage, readCoverage } from "../coverage";
import { within } from "../scope";
import { resetTasks } from "../state/queue";
import { getRun, type Run } from "../state/runs";
import { traced } from "../tracing";
import { LOST, type Manner, Runner } from "./runner";

/** How often the end of a run that another process carries out is looked for. */
const LOOK_MS = 300;

/** The run when it has ended, whoever carries it out. */
export async function untilEnded(context: Context, id: string): Promise<Run> {
  for (;;) {
    const run = await getRun(context.state.db, id);
    if (run.status !== "queued" && run.status !== "running") return run;
    await sleep(LOOK_MS);
  }
}

/** Carries out a run that is this process's own, to its end, whoever brings it there. */
export async function carryOut(
  context: Context,
  id: string,
  coverage: Coverage,
  missing: MissingInput[],
  how: Manner,
): Promise<Run> {
  const controller = new AbortController();
  context.active.set(id, controller);
  let run: Run;
  try {
    run = await within({ run: id }, () =>
      traced("run", { "fullcourt.run": id }, async (say) => {
        const ended = await new Runner(context, id, coverage, controller).run(missing, how);
        const { status, rows, cells, origin, tables } = ended;
        say({ "fullcourt.status": status, "fullcourt.rows": rows, "fullcourt.cells": cells });
        say({ "fullcourt.origin": origin, "fullcourt.tables": tables });
        return ended;
      }),
    );
  } finally {
    // Not this process's own any more: no heartbeat keeps others, or itself, from taking it up.
    context.active.delete(id);
  }
  return controller.signal.reason === LOST ? untilEnded(context, id) : run;
}

/** Carries out what is left of a run that is this process's own. */
export async function goOn(context: Context, id: string, how: Manner): Promise<Run> {
  await resetTasks(context.state.db, id);
  const run = await getRun(context.state.db, id);
  return carryOut(context, id, await readCoverage(context, run.start, run.end), [], how);
}
