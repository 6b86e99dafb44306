import { Cron } from "croner";
import type { ScheduleView } from "@/lib/api/runs";
import { FullcourtError } from "@/lib/errors";
import { missedDates, type Phase, scheduledRequest } from "@/lib/schedule";
import type { Context } from "./context";
import { readCoverage } from "./coverage";
import { log } from "./log";
import { onAbort } from "./on-abort";
import { DEFAULT_OPTIONS, type Launched, launch } from "./runner/launch";
import { previewPlan } from "./runner/plans";
import { launchOnce } from "./state/launches";
import type { Run } from "./state/runs";

/** The dates' own time zone. */
const ZONE = "America/New_York";
/** Pauses before a scheduled run that did not succeed is tried again, in minutes. */
const PAUSES_MIN = [5, 15, 45];

const patternsOf = ({ config }: Pick<Context, "config">): Array<[Phase, string]> =>
  ([3, 4] as const).flatMap((phase): Array<[Phase, string]> => {
    const pattern = phase === 3 ? config.schedulePhase3 : config.schedulePhase4;
    return pattern ? [[phase, pattern]] : [];
  });

/**
 * Runs a phase's fresh dates as production: freshness of inputs is checked, cells of a run under
 * way are waited for. Null where nothing needs work, or another server has launched for this
 * `firing`. What does not succeed is tried again, with growing pauses, as its inputs may come late.
 */
export async function runScheduled(
  context: Context,
  phase: Phase,
  firing: string,
  pause: (minutes: number) => Promise<void>,
): Promise<Run | null> {
  for (let attempt = 0; ; attempt++) {
    const plan = await previewPlan(context, scheduledRequest(phase, context.today()));
    if (plan.tasks.length === 0) return null;
    const options = { ...DEFAULT_OPTIONS, production: true };
    let begun: Launched | undefined;
    // Of several servers on one state, all hear the clock: one of them launches.
    const key = `schedule ${phase} ${firing} ${attempt}`;
    await launchOnce(context.state.db, key, plan.planId, async (own) => {
      begun = await launch(context, plan.planId, options, "schedule", "queue", own);
      return begun.id;
    }).catch((error) => {
      if (!isAnothers(error)) throw error;
    });
    if (!begun) return null;
    const run = await begun.done;
    const minutes = PAUSES_MIN[attempt];
    // What a person has cancelled, or a stopping server, is not tried again.
    if ((run.status !== "failed" && run.status !== "blocked") || minutes === undefined) return run;
    log.warn({ run: run.id, phase, minutes }, "a scheduled run did not succeed and is tried again");
    await pause(minutes);
  }
}

/** True where another server has the launch. */
const isAnothers = (error: unknown): boolean =>
  error instanceof FullcourtError && ["launch_under_way", "key_reused"].includes(error.code);

/** Starts what the settings schedule; it ends with the context. */
export function startSchedules(context: Context): void {
  if (context.config.readOnly) return;
  const ending = new AbortController();
  const pause = (minutes: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, minutes * 60_000).unref();
      onAbort(ending.signal, () => clearTimeout(timer));
    });
  const crons = patternsOf(context).map(
    ([phase, pattern]) =>
      // One at a time: a night that takes long is not run twice.
      new Cron(pattern, { timezone: ZONE, protect: true, unref: true }, () =>
        runScheduled(context, phase, new Date().toISOString().slice(0, 16), pause)
          .then((run) =>
            log.info({ phase, run: run?.id ?? null, status: run?.status ?? "nothing to do" }, "scheduled run"),
          )
          .catch((error) => log.error({ phase, error: String(error) }, "a scheduled run could not begin")),
      ),
  );
  context.closing.push(async () => {
    ending.abort();
    for (const cron of crons) cron.stop();
  });
}

/** What is scheduled, when it runs next, and which dates of the last days it has missed. */
export async function listSchedules(context: Context): Promise<ScheduleView[]> {
  const patterns = patternsOf(context);
  if (patterns.length === 0) return [];
  const today = context.today();
  const { start } = scheduledRequest(3, today);
  const { cells } = await readCoverage(context, start, today);
  return patterns.map(([phase, pattern]) => ({
    phase,
    pattern,
    next: new Cron(pattern, { timezone: ZONE, paused: true }).nextRun()?.toISOString() ?? null,
    missed: missedDates(phase, today, cells),
  }));
}
