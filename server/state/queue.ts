import { sql, type Updateable } from "kysely";
import type { PlanTask } from "@/lib/api/runs";
import { type Database, elements, engineOf, inTransaction, oneAtATime, timeIn } from "./db";
import { recordEnd } from "./finished";
import { type LaunchKey, noteLaunch } from "./launches";
import { LEASE_SECONDS, renewLeases } from "./leases";
import { addRunEnd } from "./outbox";
import type { Run, Tables, Task } from "./schema";

type Given = "id" | "planId" | "origin" | "tables" | "start" | "end" | "cells" | "estimate" | "options" | "priority";

export interface NewRun extends Pick<Run, Given> {
  tasks: PlanTask[];
  /** The client's key that it is launched for. */
  launchKey?: LaunchKey | undefined;
}

/** A run under way or waiting, and one of the cells that another wants too. */
export interface Busy {
  runId: string;
  table: string;
  date: string;
}

/** A run is begun so many times; then it has failed. */
export const MAX_ATTEMPTS = 3;

/** Any number: launches on one state go one after another. */
const LAUNCH_LOCK = 4_711;

/** A statement takes so many parameters, and each task has some. */
const TASKS_AT_ONCE = 1_000;

/** Runs that are at, or will come to, cells of some tasks. */
async function busyWith(inside: Database, wanted: readonly PlanTask[]): Promise<Busy[]> {
  if (wanted.length === 0) return [];
  const cells = new Set(wanted.flatMap(({ table, dates }) => dates.map((date) => `${table} ${date}`)));
  const rows = await inside
    .selectFrom("tasks")
    .innerJoin("runs", "runs.id", "tasks.runId")
    .select(["tasks.runId", "tasks.table", "tasks.dates"])
    .where("runs.status", "in", ["queued", "running"])
    .where("tasks.status", "in", ["waiting", "running"])
    .where("tasks.table", "in", [...new Set(wanted.map(({ table }) => table))])
    .orderBy("runs.startedAt")
    .orderBy("tasks.id")
    .execute();
  return rows.flatMap(({ runId, table, dates }) => {
    const date = dates.find((one) => cells.has(`${table} ${one}`));
    return date ? [{ runId, table, date }] : [];
  });
}

/**
 * Records a run with all its tasks waiting, in one transaction: its owner's own at once, or queued
 * behind runs that touch the same cells. Without `queue` those refuse it: nothing is recorded, and the
 * first of them is given.
 */
export async function createRun(db: Database, run: NewRun, owner: string, queue: boolean): Promise<Busy | null> {
  const { tasks: list, launchKey, ...values } = run;
  return inTransaction(db, async (inside) => {
    await oneAtATime(inside, LAUNCH_LOCK);
    const busy = await busyWith(inside, list);
    const first = busy[0];
    if (first && !queue) return first;
    await inside
      .insertInto("runs")
      .values({
        ...values,
        startedAt: new Date().toISOString(),
        ...(first
          ? {
              status: "queued",
              queuedAt: new Date().toISOString(),
              behind: [...new Set(busy.map(({ runId }) => runId))],
            }
          : { status: "running", owner, heartbeatAt: timeIn(inside), attempts: 1 }),
      })
      .execute();
    if (launchKey) await noteLaunch(inside, launchKey, run.id);
    const tasks = list.map((task, seq) => ({ runId: run.id, seq, ...task, status: "waiting" as const }));
    for (let at = 0; at < tasks.length; at += TASKS_AT_ONCE)
      await inside
        .insertInto("tasks")
        .values(tasks.slice(at, at + TASKS_AT_ONCE))
        .execute();
    return null;
  });
}

/**
 * Makes a run that has ended its owner's own again; false where another has been faster. A person's wish counts its
 * attempts from one, else this one is counted before its work begins: it may end the process.
 */
export async function reopenRun(db: Database, id: string, owner: string, isPersons: boolean): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("runs")
    .set((eb) => ({
      status: "running",
      owner,
      heartbeatAt: timeIn(db),
      endedAt: null,
      error: null,
      attempts: isPersons ? 1 : eb("attempts", "+", 1),
    }))
    .where("id", "=", id)
    .where("status", "in", isPersons ? ["interrupted", "cancelled", "failed"] : ["interrupted"])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Lets a run's tasks wait again, but those that have succeeded. What had ended is another attempt; what an owner left
 * under way, by a stop or since it was lost, is the same one.
 */
export async function resetTasks(db: Database, runId: string): Promise<void> {
  await db
    .updateTable("tasks")
    .set((eb) => ({
      status: "waiting" as const,
      error: null,
      startedAt: null,
      endedAt: null,
      skipped: [] as string[],
      attempt: eb
        .case()
        .when("status", "in", ["waiting", "running"])
        .then(eb.ref("attempt"))
        .else(eb("attempt", "+", 1))
        .end(),
    }))
    .where("runId", "=", runId)
    .where("status", "!=", "succeeded")
    .execute();
}

/** Ends runs that nobody carries out: a process that wakes up late writes nothing. */
async function endRuns(
  inside: Database,
  ids: readonly string[],
  status: "failed" | "cancelled",
  error?: string,
): Promise<void> {
  if (ids.length === 0) return;
  const endedAt = new Date().toISOString();
  await inside
    .updateTable("runs")
    .set({ status, owner: null, cancelAsked: false, endedAt, ...(error === undefined ? {} : { error }) })
    .where("id", "in", ids)
    .execute();
  await inside
    .updateTable("tasks")
    .set({ status: "cancelled" })
    .where("runId", "in", ids)
    .where("status", "in", ["waiting", "running"])
    .execute();
  await inside.deleteFrom("leases").where("runId", "in", ids).execute();
  for (const id of ids) await addRunEnd(inside, id, status);
}

/** What a run that has been begun too often says. */
const tooOften = ({ attempts, error }: Pick<Run, "attempts" | "error">): string =>
  `It was begun ${attempts} times. ${error ?? "Each time its process ended before it did."}`;

/** Fails an interrupted run that has been begun as often as it may; false where it may be begun again. */
export async function failIfTriedOut(db: Database, id: string): Promise<boolean> {
  return db.transaction().execute(async (inside) => {
    const run = await inside
      .selectFrom("runs")
      .select(["attempts", "error"])
      .where("id", "=", id)
      .where("status", "=", "interrupted")
      .$if(engineOf(inside) === "postgres", (query) => query.forUpdate())
      .executeTakeFirst();
    if (!run || run.attempts < MAX_ATTEMPTS) return false;
    await endRuns(inside, [id], "failed", tooOften(run));
    return true;
  });
}

/**
 * Records that carrying out a run has ended with an error outside of its tasks: it is begun again after a pause, or
 * has failed. Nothing is recorded where it is another process's by now.
 */
export async function recordError(db: Database, owner: string, id: string, error: string): Promise<void> {
  await db.transaction().execute(async (inside) => {
    const run = await inside
      .updateTable("runs")
      .set({ error })
      .where("id", "=", id)
      .where("owner", "=", owner)
      .where("status", "=", "running")
      .returning(["attempts", "error", "cancelAsked"])
      .executeTakeFirst();
    if (run?.cancelAsked) await endRuns(inside, [id], "cancelled");
    else if (run && run.attempts >= MAX_ATTEMPTS) await endRuns(inside, [id], "failed", tooOften(run));
  });
}

/**
 * Takes the next run that nobody carries out: a queued one that waits for no other any more, or one
 * whose owner has been silent; fresh production dates first. Two processes never take the same. A silent
 * one that somebody has cancelled, or that has been begun too often, is not taken: it has `ended`. A process that
 * has not run for long (`isSettled`) leaves another's run its last attempt: it may be what ends servers.
 */
export async function claimRun(
  db: Database,
  owner: string,
  isSettled = true,
): Promise<{ run: Run; from: string | null; wasQueued: boolean; ended: boolean } | undefined> {
  return db.transaction().execute(async (inside) => {
    const run = await inside
      .selectFrom("runs")
      .selectAll()
      .where((eb) =>
        eb.or([
          eb.and([
            eb("status", "=", "queued"),
            eb.not(
              eb.exists(
                eb
                  .selectFrom("runs as before")
                  .select("before.id")
                  .where("before.status", "in", ["queued", "running"])
                  .where("before.id", "in", elements(inside, sql.ref("runs.behind"))),
              ),
            ),
          ]),
          eb.and([
            eb("status", "=", "running"),
            eb("heartbeatAt", "<", timeIn(inside, -LEASE_SECONDS)),
            ...(isSettled ? [] : [eb.or([eb("attempts", "!=", MAX_ATTEMPTS - 1), eb("owner", "=", owner)])]),
          ]),
        ]),
      )
      .orderBy("priority", "desc")
      .orderBy("startedAt")
      .limit(1)
      .$if(engineOf(inside) === "postgres", (query) => query.forUpdate().skipLocked())
      .executeTakeFirst();
    if (!run) return undefined;
    const { owner: from } = run;
    const wasQueued = run.status === "queued";
    const end = run.cancelAsked ? "cancelled" : run.attempts >= MAX_ATTEMPTS ? "failed" : undefined;
    if (end && !wasQueued) {
      await endRuns(inside, [run.id], end, end === "failed" ? tooOften(run) : undefined);
      return { run, from, wasQueued, ended: true };
    }
    // That the state was away from a process, which goes on with its own run, says nothing of the run.
    const isOwnAgain = run.owner === owner && run.error === null;
    const taken = {
      status: "running" as const,
      owner,
      attempts: isOwnAgain ? run.attempts : run.attempts + 1,
      // What it waited is no time of its own.
      ...(wasQueued ? { startedAt: new Date().toISOString() } : {}),
    };
    await inside
      .updateTable("runs")
      .set({ ...taken, heartbeatAt: timeIn(inside) })
      .where("id", "=", run.id)
      .execute();
    await inside.deleteFrom("leases").where("runId", "=", run.id).execute();
    return { run: { ...run, ...taken }, from, wasQueued, ended: false };
  });
}

/** Runs that wait or run on any server, with how many of their tasks have begun and ended. */
export const openRuns = (db: Database) =>
  db
    .selectFrom("runs")
    .leftJoin("tasks", "tasks.runId", "runs.id")
    .select(({ fn }) => [
      "runs.id",
      "runs.status",
      fn.count("tasks.startedAt").as("begun"),
      fn.count("tasks.endedAt").as("ended"),
    ])
    .where("runs.status", "in", ["queued", "running"])
    .groupBy(["runs.id", "runs.status"])
    .orderBy("runs.id")
    .execute();

/** True while some run is queued or running, in any process. */
export async function hasOpenRuns(db: Database): Promise<boolean> {
  const open = db.selectFrom("runs").select("id").where("status", "in", ["queued", "running"]).limit(1);
  return (await open.execute()).length > 0;
}

/** Says that a process carries out these runs; gives those that are still its own, and which are to be ended. */
export async function heartbeat(
  db: Database,
  owner: string,
  ids: readonly string[],
): Promise<Map<string, { cancelAsked: boolean }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .updateTable("runs")
    .set({ heartbeatAt: timeIn(db) })
    .where("owner", "=", owner)
    .where("id", "in", ids)
    .where("status", "=", "running")
    .returning(["id", "cancelAsked"])
    .execute();
  if (rows.length > 0) await renewLeases(db, owner);
  return new Map(rows.map(({ id, cancelAsked }) => [id, { cancelAsked }]));
}

/**
 * Records what has become of a task, and with its end what it says of its cells; false, and nothing recorded, where
 * the run is another process's by now.
 */
export async function updateOwnTask(
  db: Database,
  owner: string,
  task: Pick<Task, "id" | "runId">,
  values: Updateable<Tables["tasks"]>,
): Promise<boolean> {
  return db.transaction().execute(async (inside) => {
    const run = await inside
      .selectFrom("runs")
      .select(["sample", "options"])
      .where("id", "=", task.runId)
      .where("owner", "=", owner)
      .$if(engineOf(inside) === "postgres", (query) => query.forShare())
      .executeTakeFirst();
    if (!run) return false;
    const updated = await inside
      .updateTable("tasks")
      .set(values)
      .where("id", "=", task.id)
      .returning(["runId", "table", "dates", "status", "error"])
      .executeTakeFirst();
    if (updated && values.endedAt) await recordEnd(inside, updated, run);
    return updated !== undefined;
  });
}

/**
 * Records what has become of a run, and with its end that alerts may be due; false, and nothing recorded, where it is
 * another process's by now.
 */
export async function updateOwnRun(
  db: Database,
  owner: string,
  id: string,
  values: Updateable<Tables["runs"]>,
): Promise<boolean> {
  return db.transaction().execute(async (inside) => {
    const updated = await inside
      .updateTable("runs")
      .set(values)
      .where("id", "=", id)
      .where("owner", "=", owner)
      .returning("status")
      .executeTakeFirst();
    if (updated && values.endedAt) await addRunEnd(inside, id, updated.status);
    return updated !== undefined;
  });
}

/**
 * Asks for the end of a run. One that nobody carries out ends at once: queued, interrupted, of an owner that is silent,
 * or of `owner`, which is not at it. Says what it has become; undefined where there was nothing to end.
 */
export async function requestCancel(
  db: Database,
  id: string,
  owner: string,
  isAtIt: boolean,
): Promise<"ended" | "asked" | "own" | undefined> {
  return inTransaction(db, async (inside) => {
    const run = await inside
      .selectFrom("runs")
      .select(["status", "owner"])
      .select((eb) => eb("heartbeatAt", "<", timeIn(inside, -LEASE_SECONDS)).as("isSilent"))
      .where("id", "=", id)
      .$if(engineOf(inside) === "postgres", (query) => query.forUpdate())
      .executeTakeFirst();
    if (!run || !["queued", "interrupted", "running"].includes(run.status)) return undefined;
    const isOwn = run.owner === owner;
    if (run.status !== "running" || (isOwn ? !isAtIt : run.isSilent)) {
      await endRuns(inside, [id], "cancelled");
      return "ended";
    }
    await inside.updateTable("runs").set({ cancelAsked: true }).where("id", "=", id).execute();
    return isOwn ? "own" : "asked";
  });
}

/**
 * Runs that a stopped process of a home left as running become interrupted, or cancelled where somebody has asked
 * for that; gives the ids of all that are interrupted.
 * Owners begin with their home's name; null means that nobody else can have any.
 */
export async function markInterrupted(db: Database, home: string | null): Promise<string[]> {
  const owner = home === null ? "%" : `${home} %`;
  return db.transaction().execute(async (inside) => {
    const rows = await inside
      .updateTable("runs")
      .set({ status: "interrupted" })
      .where("status", "=", "running")
      .where("owner", "like", owner)
      .returning("id")
      .execute();
    const ids = rows.map((row) => row.id);
    for (const id of ids) await addRunEnd(inside, id, "interrupted");
    if (ids.length > 0) {
      await inside.deleteFrom("leases").where("runId", "in", ids).execute();
      await inside
        .updateTable("tasks")
        .set({ status: "waiting", startedAt: null })
        .where("runId", "in", ids)
        .where("status", "=", "running")
        .execute();
    }
    // What a dead process was about to launch is asked for again.
    if (home === null) await inside.deleteFrom("launches").where("runId", "is", null).execute();
    // One that was marked by a process which died before it could go on with it is among them.
    const all = await inside
      .selectFrom("runs")
      .select(["id", "cancelAsked"])
      .where("status", "=", "interrupted")
      .where("owner", "like", owner)
      .orderBy("startedAt")
      .execute();
    const [ended, left] = [all.filter((run) => run.cancelAsked), all.filter((run) => !run.cancelAsked)];
    await endRuns(
      inside,
      ended.map(({ id }) => id),
      "cancelled",
    );
    return left.map(({ id }) => id);
  });
}
