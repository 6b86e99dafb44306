import { Cron } from "croner";
import type { PlanRequest, ScheduleView } from "@/lib/api/runs";
import {
  type Firing,
  firstFresh,
  firstMissed,
  missedDates,
  planCatchUp,
  type Schedule,
  scheduledRequest,
  schedulesOf,
} from "@/lib/engine/planning/schedule";
import { formatNoTasks } from "@/lib/engine/view/format";
import { FullcourtError } from "@/lib/errors";
import { addDays, dayNumber } from "@/lib/util/dates";
import { reportMissed, reportSchedule } from "../alerts/report";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { log } from "../platform/log";
import { onAbort } from "../platform/on-abort";
import { DEFAULT_OPTIONS, type Launched, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { keyValueStore } from "../state/key-value-store";
import { launchOnce } from "../state/launches";
import type { Run } from "../state/runs";

/** Pauses before a scheduled run that did not succeed is tried again, in minutes. */
const PAUSES_MIN = [5, 15, 45];

/** How often it is looked whether a firing was missed, as by a machine that slept. */
const CATCH_UP_EVERY_MS = 60_000;
/** A firing is not missed before its own clock has had the time to begin it. */
const GRACE_MS = 2 * 60_000;
/** A schedule that has not begun for so long is late: its first two tries have failed. */
const LATE_MS = 30 * 60_000;
/** How far back missed firings are counted. */
const MAX_LOOK_BACK_MS = 7 * 86_400_000;

/** What runs by a clock here. */
const schedules = ({ pipeline, config }: Pick<Context, "pipeline" | "config">): Schedule[] =>
  schedulesOf(pipeline.definition, config.schedules);

/** Where the state keeps the last firing of a schedule that was begun. */
const lastKey = ({ id }: Schedule): string => `schedule ${id}`;
const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

const lastFiring = async ({ state }: Pick<Context, "state">, schedule: Schedule): Promise<string | undefined> =>
  (await keyValueStore(state.db).get(lastKey(schedule))) as string | undefined;

/** Notes that a firing, and all before it, needs nothing more. */
async function keepFiring(context: Pick<Context, "state">, schedule: Schedule, firing: string): Promise<void> {
  const last = await lastFiring(context, schedule);
  if (last === undefined || last < firing) await keyValueStore(context.state.db).set(lastKey(schedule), firing);
}

/** What a firing has begun, or how many cells need work that nothing can be built of; null where another server launches for it. */
async function begin(
  context: Context,
  schedule: Schedule,
  key: string,
  request?: PlanRequest,
): Promise<Launched | { leftOut: number } | null> {
  const fresh = scheduledRequest(schedule, context.today());
  const plan = await previewPlan(context, request ?? fresh);
  if (plan.tasks.length === 0) return { leftOut: plan.leftOut.length };
  // Inputs of dates that are caught up have grown old since: pre-flight looks whether they are complete.
  const skipDependencyCheck = request !== undefined && request.start < fresh.start;
  const options = { ...DEFAULT_OPTIONS, production: true, skipDependencyCheck };
  let begun: Launched | null = null;
  // Of several servers on one state, all hear the clock: one of them launches.
  await launchOnce(context.state.db, key, plan.planId, async (own) => {
    begun = await launch(context, plan.planId, options, "schedule", "queue", own);
    return begun.id;
  }).catch((error) => {
    if (!isAnothers(error)) throw error;
  });
  return begun as Launched | null;
}

/** Ends of runs after which their cells may be built yet, as their inputs come. What a person cancels, or a stopping server, is not tried again. */
const RETRIED: ReadonlySet<Run["status"]> = new Set(["failed", "blocked", "incomplete"]);

/**
 * Runs a schedule's fresh dates, or what a `request` asks for, as production: freshness of inputs is checked, cells of a
 * run under way are waited for. Gives the last run; null where nothing needs work, or another server has launched for
 * this `firing`. What does not succeed, leaves cells that are not complete, or cannot begin, is tried again, with growing
 * pauses, as its inputs may come late; if nothing could be built up to the last attempt, that is an alert.
 */
export async function runScheduled(
  context: Context,
  schedule: Schedule,
  firing: string,
  pause: (minutes: number) => Promise<void>,
  request?: PlanRequest,
): Promise<Run | null> {
  let last: Run | null = null;
  for (let attempt = 0; ; attempt++) {
    const minutes = PAUSES_MIN[attempt];
    try {
      const begun = await begin(context, schedule, `schedule ${schedule.id} ${firing} ${attempt}`, request);
      if (begun === null) return null;
      await keepFiring(context, schedule, firing);
      if ("leftOut" in begun) {
        const { leftOut } = begun;
        if (leftOut === 0) await reportSchedule(context, schedule, null);
        if (leftOut === 0 || minutes === undefined) {
          // The alert of a run that left them has told of them already.
          if (leftOut > 0 && !last) await reportSchedule(context, schedule, formatNoTasks(schedule.only, leftOut));
          return last;
        }
        log.warn({ schedule: schedule.id, leftOut, minutes }, "a scheduled run has nothing that it can build yet");
      } else {
        await reportSchedule(context, schedule, null);
        // A run that ends with an error outside of its tasks is begun again by its process.
        const run = await begun.done.catch(() => null);
        if (!run) return null;
        if (!RETRIED.has(run.status) || minutes === undefined) return run;
        last = run;
        log.warn({ run: run.id, schedule: schedule.id, minutes }, "a scheduled run did not succeed and is tried again");
      }
    } catch (error) {
      log.error({ schedule: schedule.id, error: String(error), minutes }, "scheduled run failed to start");
      await reportSchedule(context, schedule, error instanceof Error ? error.message : String(error));
      if (minutes === undefined) {
        await keepFiring(context, schedule, firing);
        return null;
      }
    }
    await pause(minutes);
  }
}

/** True where another server has the launch. */
const isAnothers = (error: unknown): boolean =>
  error instanceof FullcourtError && ["launch_under_way", "key_reused"].includes(error.code);

/** Times after one and up to another at which a pattern fires, the newest ones where there are very many. */
function firingsBetween(
  context: Pick<Context, "today" | "pipeline">,
  pattern: string,
  after: Date,
  until: Date,
): Firing[] {
  const { timeZone } = context.pipeline;
  const cron = new Cron(pattern, { timezone: timeZone, paused: true });
  const dateIn = (time: Date) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(time);
  const firings: Firing[] = [];
  const from = new Date(Math.max(after.getTime(), until.getTime() - MAX_LOOK_BACK_MS));
  for (let time = cron.nextRun(from); time && time <= until; time = cron.nextRun(time)) {
    // FULLCOURT_TODAY stands for today: dates before it are as many days before.
    const daysAgo = dayNumber(dateIn(until)) - dayNumber(dateIn(time));
    firings.push({ at: minuteOf(time), date: addDays(context.today(), -daysAgo) });
  }
  return firings;
}

/** Firings of a schedule that nobody has begun at `now`, oldest first, but those of the last minutes. */
async function missedFirings(context: Context, schedule: Schedule, now: Date, graceMs = GRACE_MS) {
  const last = await lastFiring(context, schedule);
  return last === undefined
    ? null
    : firingsBetween(context, schedule.pattern, new Date(`${last}Z`), new Date(now.getTime() - graceMs));
}

/** Schedules that should have begun a while ago and did not. */
export async function lateSchedules(context: Context, now = new Date()): Promise<Schedule[]> {
  const late: Schedule[] = [];
  for (const schedule of context.config.readOnly ? [] : schedules(context))
    if (((await missedFirings(context, schedule, now, LATE_MS)) ?? []).length > 0) late.push(schedule);
  return late;
}

/** Catches up what a schedule has missed while no server was up, or this machine slept; alerts of what is too old. */
export async function catchUp(
  context: Context,
  schedule: Schedule,
  now: Date,
  pause: (minutes: number) => Promise<void>,
): Promise<Run[]> {
  const firings = await missedFirings(context, schedule, now);
  // The first time that it is scheduled, nothing was missed.
  if (firings === null) await keepFiring(context, schedule, minuteOf(now));
  if (!firings || firings.length === 0) return [];
  const { runs, missed } = planCatchUp(schedule, firings, now);
  log.warn(
    { schedule: schedule.id, caughtUp: firings.length - missed.length, missed: missed.length },
    "scheduled runs were missed",
  );
  if (missed.length > 0) {
    await reportMissed(context, schedule, missed);
    await keepFiring(context, schedule, missed.at(-1)?.at ?? "");
  }
  const done: Run[] = [];
  for (const { firing, request } of runs) {
    const run = await runScheduled(context, schedule, firing.at, pause, request);
    if (run) done.push(run);
  }
  return done;
}

/** Starts what the settings schedule, and catches up what was missed; it ends with the context. */
export function startSchedules(context: Context): void {
  if (context.config.readOnly) return;
  const ending = new AbortController();
  const pause = (minutes: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, minutes * 60_000).unref();
      onAbort(ending.signal, () => clearTimeout(timer));
    });
  const busy = new Set<string>();
  // One at a time: a night that takes long is not run twice, and what it kept from beginning is caught up.
  const alone = async ({ id }: Schedule, work: () => Promise<unknown>) => {
    if (busy.has(id) || ending.signal.aborted) return;
    busy.add(id);
    await work()
      .catch((error) => log.error({ schedule: id, error: String(error) }, "a schedule did not do its work"))
      .finally(() => busy.delete(id));
  };
  const started = schedules(context);
  const crons = started.map(
    (schedule) =>
      new Cron(schedule.pattern, { timezone: context.pipeline.timeZone, unref: true }, () =>
        alone(schedule, async () => {
          const run = await runScheduled(context, schedule, minuteOf(new Date()), pause);
          const { id, status } = run ?? { id: null, status: "nothing to do" };
          log.info({ schedule: schedule.id, run: id, status }, "scheduled run");
        }),
      ),
  );
  const look = () => {
    for (const schedule of started) void alone(schedule, () => catchUp(context, schedule, new Date(), pause));
  };
  const timer = setInterval(look, CATCH_UP_EVERY_MS).unref();
  look();
  context.closing.push(async () => {
    ending.abort();
    clearInterval(timer);
    for (const cron of crons) cron.stop();
  });
}

/** What is scheduled, when it runs next, and which dates of the last days it has missed. */
export async function listSchedules(context: Context): Promise<ScheduleView[]> {
  const listed = schedules(context);
  if (listed.length === 0) return [];
  const { timeZone } = context.pipeline;
  const today = context.today();
  const { cells } = await readCoverage(context, firstMissed(today), firstFresh(today));
  return listed.map((schedule) => ({
    id: schedule.id,
    label: schedule.label,
    tables: schedule.tables,
    pattern: schedule.pattern,
    timeZone,
    next: new Cron(schedule.pattern, { timezone: timeZone, paused: true }).nextRun()?.toISOString() ?? null,
    missed: missedDates(schedule, today, cells),
  }));
}
