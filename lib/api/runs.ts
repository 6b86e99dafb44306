import { z } from "zod";
import { count, date, moment, state, taskStatus } from "./common";
import { cell, finding } from "./coverage";
import { planRequestSchema } from "./schemas";

const runStatus = z.enum([
  "queued",
  "running",
  "succeeded",
  "incomplete",
  "failed",
  "cancelled",
  "blocked",
  "interrupted",
]);
const seconds = z.number().nullable();

/** A cell of a range that is not as it should be. */
const problem = cell
  .pick({ table: true, date: true, state: true, rows: true, expected: true })
  /** Checks of values that its rows do not pass, where there are some. */
  .extend({ checks: z.array(finding).optional() });

/** Cells of the grid that a run took from one state to another. */
const stateChange = z.strictObject({ from: state, to: state, cells: count });

const run = z.strictObject({
  id: z.string(),
  planId: z.string(),
  status: runStatus,
  /** cli, web, api or demo: who asked. */
  origin: z.string(),
  /** Invented history of the demo, marked as such. */
  sample: z.boolean(),
  tables: z.array(z.string()),
  start: date,
  end: date,
  cells: count,
  /** When it joined the queue; null where it never had to wait. */
  queuedAt: moment.nullable(),
  startedAt: moment,
  endedAt: moment.nullable(),
  rows: count,
  error: z.string().nullable(),
  /** Cells that were asked for and that the range check after it found not complete; null where it was not made. */
  problems: z.array(problem).nullable(),
  /** Seconds that were estimated at the launch; null without history. */
  estimate: seconds,
  /** Runs that touch the same cells, behind which it waits while it is queued. */
  behind: z.array(z.string()),
  /** What it changed in the grid: cells by their state before and after. */
  changes: z.array(stateChange).nullable(),
});

/** A run as the state keeps it. */
const storedRun = run.extend({
  options: z.record(z.enum(["stopOnFailure", "skipPreflight", "skipDependencyCheck", "production"]), z.boolean()),
  /** The process that carries it out, and when it last said so: one that is silent has lost it. */
  owner: z.string().nullable(),
  heartbeatAt: moment.nullable(),
  /** More urgent runs build first: fresh production dates before history. */
  priority: z.int(),
  /** Somebody has asked for its end: its owner hears of it. */
  cancelAsked: z.boolean(),
  /** How often it was begun since somebody launched or resumed it: after the third time it is failed. */
  attempts: count,
});
export const runs = z.array(storedRun);

const task = z.strictObject({
  id: z.int(),
  runId: z.string(),
  seq: count,
  table: z.string(),
  start: date,
  end: date,
  dates: z.array(date),
  reason: z.string(),
  status: taskStatus,
  rows: count,
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  seconds,
  checkSeconds: seconds,
  computeSeconds: seconds,
  writeSeconds: seconds,
  /** Bytes read and slot seconds used; null where the engine bills neither. */
  bytes: z.number().nullable(),
  slotSeconds: seconds,
  error: z.string().nullable(),
});

const log = z.strictObject({
  id: z.int(),
  runId: z.string(),
  at: moment,
  level: z.enum(["info", "warn", "error"]),
  message: z.string(),
});

/** Seconds that tasks will take: in the middle case, and with nine in ten chances; null without history. */
const forecast = z.strictObject({ seconds, p90: seconds });

/** How far estimates of past runs were off: the median of |took / estimate - 1|. */
const pastError = z.strictObject({ runs: count, median: z.number() });

/** Seconds of so many: the median, the 90th percentile, the longest. */
const usual = z.strictObject({ runs: count, p50: z.number(), p90: z.number(), max: z.number() });

export const logs = z.array(log);

/** A run with its tasks and the end of its log. */
const detail = z.strictObject({
  run,
  tasks: z.array(task),
  logs: z.array(log),
  /** There may be earlier lines: /api/runs/{id}/logs has them. */
  hasMoreLogs: z.boolean(),
  /** While it runs: what is left of it. */
  left: forecast.extend({ pastError: pastError.nullable() }).nullish(),
  /** What is usual: seconds of a task by table, and of earlier runs like this one, where there are enough. */
  usual: z.strictObject({ tables: z.record(z.string(), z.number()), run: usual.nullable() }).nullish(),
});
/** A task as the state keeps it. */
const storedTask = task.extend({
  /** Dates that were left out since an input failed in this run. */
  skipped: z.array(z.string()),
  /** Raised when it is done again after it had ended: work outside that goes on under another owner has the same. */
  attempt: count,
});

export const runDetail = detail.extend({ run: storedRun, tasks: z.array(storedTask) });

/** What happens to runs and cells, as it happens. */
const runEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("run"), run }),
  z.strictObject({ type: z.literal("task"), runId: z.string(), task }),
  z.strictObject({ type: z.literal("log"), runId: z.string(), log }),
  /** Cells have changed, on these dates of these tables; null where it may be any. */
  z.strictObject({
    type: z.literal("cells"),
    tables: z.array(z.string()).nullable(),
    dates: z.array(date).nullable(),
  }),
]);

/** One statement to run: a table and the dates that it replaces, within one season. */
const planTask = task.pick({ table: true, start: true, end: true, dates: true, reason: true });

/** A cell of a plan, with the state and the rows that it has before. */
const planCell = problem.extend({
  role: z.enum(["selected", "upstream", "downstream"]),
  /** Its state before, or what it is needed for. */
  reason: z.string(),
});

const planBody = z.strictObject({
  tasks: z.array(planTask),
  cells: z.array(planCell),
  /** Cells that were asked for and are not in the plan, and why. */
  leftOut: z.array(z.strictObject({ table: z.string(), date, reason: z.string() })),
  /**
   * Cells of which nothing but their version or age is wrong, and the tables whose model has changed: the plan rebuilds
   * them, or (not isTaken) leaves them as they are. Absent where there are none.
   */
  outdated: z.strictObject({ cells: count, models: z.array(z.string()), isTaken: z.boolean() }).optional(),
});

/** What a plan takes: time, bytes and dollars (null where reading costs nothing), and how far such times were off. */
const estimate = forecast.extend({
  /** Seconds with one in ten chances. */
  p10: seconds,
  bytes: z.number().nullable(),
  dollars: z.number().nullable(),
  pastError: pastError.nullable(),
});

/** What the tables and dates of a request are like once its plan has run. */
const planOutcome = z.strictObject({
  /** Cells of which something is expected, and those of them that are complete afterwards. */
  cells: count,
  complete: count,
  /** Those that are outdated and nothing else: they count as complete. */
  outdated: count,
  /** The first of those that still need work, by date. */
  staying: z.array(problem),
  /** Last date up to which the tables need no work; null where there is none. */
  safeThrough: date.nullable(),
  /** The same with nothing excluded; null where nothing is. */
  safeThroughWhole: date.nullable(),
  /** Optional sources without rows on dates that are built from them: on so many of so many. */
  emptySources: z.array(
    z.strictObject({ source: z.string(), tables: z.array(z.string()), empty: count, dates: count }),
  ),
});

/** A plan for people: with its time, its cost, and why it may not be launched. */
export const plan = planBody.extend({
  planId: z.string(),
  request: planRequestSchema,
  tasks: z.array(
    planTask.extend({
      /** Bytes that it reads; null where reading costs nothing. */
      bytes: z.number().nullable(),
      /** When it is likely to begin, in seconds after the first, and how long it takes; null without history. */
      begin: seconds,
      seconds,
    }),
  ),
  estimate,
  /** Why it cannot be launched here; null where it can. */
  refusal: z.string().nullable(),
  /** Why the page asks a second time before it is launched; null where it does not. */
  confirm: z.string().nullable(),
  /** As a preview has it. */
  outcome: planOutcome.optional(),
});

/** A run that was launched, and the one that it waits behind. */
export const launched = z.strictObject({ id: z.string(), behind: z.string().nullable() });

export const live = z.strictObject({ live: z.literal(true), uptimeSeconds: z.number() });

/** Readiness of the server; only viewers see what is wrong. */
const readiness = z.strictObject({
  ok: z.boolean(),
  status: z.enum(["ready", "unready"]),
  /** Warehouse and state answer, the home is the server's own, and it has not been asked to end. */
  checks: z.strictObject({ warehouse: z.boolean(), state: z.boolean(), home: z.boolean(), running: z.boolean() }),
  engine: z.string(),
});
export type Readiness = z.output<typeof readiness>;
export const ready = readiness.partial({ checks: true, engine: true });

/** Ids of the runs under way, and a text that is another one when anything has changed. */
export const activity = z.strictObject({ active: z.array(z.string()), version: z.string() });

export const schedule = z.strictObject({
  id: z.string(),
  label: z.string(),
  tables: z.array(z.string()),
  /** Cron pattern, in the time zone. */
  pattern: z.string(),
  timeZone: z.string(),
  /** When it runs next; null where it never does. */
  next: moment.nullable(),
  missed: z.array(date),
});

/** Something that somebody did, as the audit log has it. */
export const deed = z.strictObject({
  id: z.int(),
  at: moment,
  actor: z.string(),
  via: z.string(),
  /** For example launch, cancel, import, users.add. */
  deed: z.string(),
  /** What it was done to: a run's id, files, a user. */
  subject: z.string(),
  /** The token that it was done with, and the address that it came from; null where there was none. */
  tokenId: z.string().nullable(),
  address: z.string().nullable(),
});

export type RunStatus = z.output<typeof runStatus>;
export type TaskStatus = z.output<typeof taskStatus>;
export type Problem = z.output<typeof problem>;
export type StateChange = z.output<typeof stateChange>;
export type RunView = z.output<typeof run>;
export type StoredRun = z.output<typeof storedRun>;
export type TaskView = z.output<typeof task>;
export type StoredTask = z.output<typeof storedTask>;
export type LogLine = z.output<typeof log>;
export type RunDetail = z.output<typeof detail>;
export type RunEvent = z.output<typeof runEvent>;
export type Forecast = z.output<typeof forecast>;
export type Usual = z.output<typeof usual>;
export type PastError = z.output<typeof pastError>;
export type PlanTask = z.output<typeof planTask>;
export type PlanCell = z.output<typeof planCell>;
export type PlanBody = z.output<typeof planBody>;
export type PlanRequest = z.output<typeof planRequestSchema>;
export type Plan = z.output<typeof plan>;
export type PlanOutcome = z.output<typeof planOutcome>;
export type Activity = z.output<typeof activity>;
export type ScheduleView = z.output<typeof schedule>;
export type AuditEvent = z.output<typeof deed>;
