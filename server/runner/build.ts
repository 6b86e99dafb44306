import type { Processor, TableWithJob } from "@/lib/engine/pipeline/compiled";
import { madeByTask } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { dateList } from "@/lib/util/dates";
import type { Context } from "../context";
import { traced } from "../platform/tracing";
import { dropLeases, holdsLeases, takeLeases, type Wanted } from "../state/leases";
import type { Replaced } from "../warehouse";
import { failpoint } from "./failpoints";
import { buildByJob, checkDates } from "./jobs";
import { partsOf } from "./jobs/types";

/** A part of a task to be built, and how. */
export interface Work {
  runId: string;
  seq: number;
  attempt: number;
  table: string;
  dates: string[];
  priority: number;
  /** Nothing more of the task is built once a date has failed. */
  stopOnFailure: boolean;
  signal: AbortSignal;
  /** Time that rows written now bear, ISO 8601. */
  stamp: () => string;
  /** Called when another process has taken the run over: it aborts the signal. */
  onLost: () => void;
  /** Takes a line that a job has written. */
  say: (level: "info" | "warn", line: string) => Promise<void>;
}

type Total = Pick<Replaced, "rows" | "computeSeconds" | "writeSeconds" | "bytes" | "slotSeconds">;

export interface Built {
  total: Total;
  /** Dates that failed, and why. */
  failed: string[];
  errors: string[];
  /** Dates that were left alone after the first failure. */
  notTried: string[];
}

/** The error of a writer that has lost its right to write. */
const lostLease = (table: string) =>
  new FullcourtError(
    "lost_lease",
    `${table}: the right to write its dates was lost to another process. Nothing was written.`,
    "Another server has taken the run over.",
  );

/**
 * A part's dates have failed by an error; the loss of the run, and an abort, end the task. Who has the state's right
 * and lost the warehouse's, to an installation with another state, has failed.
 */
async function fail(context: Context, work: Work, built: Built, part: readonly string[], error: unknown) {
  const { runId, table } = work;
  const isLost = error instanceof FullcourtError && error.code === "lost_lease";
  const wanted = { runId, owner: context.owner, table, dates: part };
  if (isLost && !(await holdsLeases(context.state.db, wanted).catch(() => false))) work.onLost();
  if (work.signal.aborted) throw error;
  built.failed.push(...part);
  built.errors.push(`${dateList(part)}: ${error instanceof Error ? error.message : String(error)}`);
}

/** The work on a task by name: its next owner goes on with the same, so that a job that was sent is found again. */
const onceOf = ({ runId, seq, attempt }: Work): string => `${runId} ${seq} ${attempt}`;

/** Who writes a task's rows: those of a job of one's own are one process's. */
const holderOf = ({ owner, pipeline }: Context, work: Work): string =>
  madeByTask(pipeline, work.table).job ? `${onceOf(work)} ${owner}` : onceOf(work);

/**
 * Builds the dates of a task in one statement, under leases of their own. A doubled key
 * fails its date alone: the dates are halved, down to it. An abort is thrown.
 */
export async function buildDates(context: Context, work: Work): Promise<Built> {
  const { runId, table, dates, signal, priority } = work;
  const wanted: Wanted = { runId, owner: context.owner, table, dates };
  const built: Built = {
    total: { rows: 0, computeSeconds: 0, writeSeconds: 0, bytes: null, slotSeconds: null },
    failed: [],
    errors: [],
    notTried: [],
  };
  const leave = await context.taskSlots.acquire(priority, signal);
  try {
    const other = await takeLeases(context.state.db, wanted);
    if (other === runId) {
      work.onLost();
      signal.throwIfAborted();
    }
    if (other) {
      built.failed.push(...dates);
      built.errors.push(`${dateList(dates)}: run ${other} is writing them.`);
      return built;
    }
    const made = madeByTask(context.pipeline, table);
    try {
      // Nothing of another program's table is committed from here.
      if (!made.observed) await context.warehouse.claim(made, dates, holderOf(context, work));
    } catch (error) {
      await fail(context, work, built, dates, error);
      return built;
    }
    await failpoint("lease taken");
    if (hasJob(made)) await buildWithJob(context, work, made, built);
    else await buildPart(context, work, dates, built);
    return built;
  } finally {
    await dropLeases(context.state.db, context.owner, runId, { table, dates }).catch(() => undefined);
    leave();
  }
}

const hasJob = (table: Processor): table is TableWithJob => table.job !== undefined;

/**
 * Builds the dates of a task by a job: all at once, or part by part, so many side by side. A part that fails fails alone.
 * What all of them have made is counted when the last has ended, as another may be writing meanwhile.
 */
async function buildWithJob(context: Context, work: Work, table: TableWithJob, built: Built): Promise<void> {
  const { runId, owner } = { ...work, owner: context.owner };
  const parts = partsOf(table.job, work.dates);
  const waiting = [...parts];
  const ended: string[] = [];
  const started = performance.now();
  const isByCounts = table.job.done === "counts";
  const buildNext = async (): Promise<void> => {
    for (let dates = waiting.shift(); dates; dates = waiting.shift()) {
      if (work.stopOnFailure && built.failed.length > 0) {
        built.notTried.push(...dates);
        continue;
      }
      const wanted: Wanted = { runId, owner, table: table.id, dates };
      const isOwn = () => holdsLeases(context.state.db, wanted).catch(() => false);
      const beforeCommit = () => assertLeasesHeld(context, wanted);
      const part = parts.length > 1 ? dates[0] : undefined;
      try {
        const one = { ...work, dates, part, holder: holderOf(context, work), isOwn, beforeCommit };
        built.total.rows += await buildByJob(context, table, one);
        ended.push(...dates);
      } catch (error) {
        const isJobs = error instanceof FullcourtError && error.code === "job_failed";
        if (isByCounts && isJobs && !work.signal.aborted) {
          await work.say("warn", `${error.message} Its counts decide.`);
          ended.push(...dates);
        } else await fail(context, work, built, dates, error);
      }
    }
  };
  const side = Array.from({ length: Math.min(parts.length, table.job.parallel ?? 1) }, buildNext);
  const failure = (await Promise.allSettled(side)).find((one) => one.status === "rejected");
  if (failure) throw failure.reason;
  built.total.computeSeconds = (performance.now() - started) / 1000;
  try {
    const { rows, failed, errors } = await checkDates(context, table, ended);
    if (table.observed) built.total.rows = rows;
    built.failed.push(...failed);
    built.errors.push(...errors);
  } catch (error) {
    await fail(context, work, built, ended, error);
  }
}

/** An error where the right to write has gone to another process. */
async function assertLeasesHeld(context: Context, wanted: Wanted): Promise<void> {
  if (!(await holdsLeases(context.state.db, wanted))) throw lostLease(wanted.table);
}

async function buildPart(context: Context, work: Work, part: string[], built: Built): Promise<void> {
  const { runId, table, signal, stopOnFailure } = work;
  if (stopOnFailure && built.failed.length > 0) {
    built.notTried.push(...part);
    return;
  }
  const wanted: Wanted = { runId, owner: context.owner, table, dates: part };
  try {
    const attributes = { "fullcourt.engine": context.warehouse.engine, "fullcourt.dates": part.length };
    const sent = traced("replace partitions", attributes, () =>
      context.warehouse.replacePartitions({
        table: madeByTask(context.pipeline, table),
        dates: part,
        stamp: { processedAt: work.stamp(), runId },
        signal,
        once: onceOf(work),
        holder: holderOf(context, work),
        beforeCommit: () => assertLeasesHeld(context, wanted),
      }),
    );
    // Its failure is reported below: a test may pause here.
    sent.catch(() => undefined);
    await failpoint("statement sent");
    const done = await sent;
    await failpoint("rows committed");
    add(built.total, done);
  } catch (error) {
    if (!signal.aborted && part.length > 1 && error instanceof FullcourtError && error.code === "duplicate_rows") {
      const middle = Math.floor(part.length / 2);
      await buildPart(context, work, part.slice(0, middle), built);
      await buildPart(context, work, part.slice(middle), built);
    } else await fail(context, work, built, part, error);
  }
}

function add(total: Total, done: Replaced): void {
  total.rows += done.rows;
  total.computeSeconds += done.computeSeconds;
  total.writeSeconds += done.writeSeconds;
  if (done.bytes !== null) total.bytes = (total.bytes ?? 0) + done.bytes;
  if (done.slotSeconds !== null) total.slotSeconds = (total.slotSeconds ?? 0) + done.slotSeconds;
}
