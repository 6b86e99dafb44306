import { and, desc, eq, inArray, like, ne, or, sql } from "drizzle-orm";
import type { PlanTask } from "@/lib/api/runs";
import type { Database } from "./db";
import { LEASE_SECONDS, renewLeases } from "./leases";
import { type Run, runOut, type Task } from "./runs";
import { leases, type RunOptions, runs, tasks } from "./schema";

export interface NewRun {
  id: string;
  planId: string;
  origin: string;
  tables: string[];
  start: string;
  end: string;
  cells: number;
  estimate: number | null;
  options: RunOptions;
  tasks: PlanTask[];
  priority: number;
}

/** A run under way or waiting, and one of the cells that another wants too. */
export interface Busy {
  runId: string;
  table: string;
  date: string;
}

/** Any number: launches on one state go one after another. */
const LAUNCH_LOCK = 4_711;

type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** Runs that are at, or will come to, cells of some tasks. */
async function busyWith(tx: Transaction, wanted: readonly PlanTask[]): Promise<Busy[]> {
  const cells = new Set(wanted.flatMap(({ table, dates }) => dates.map((date) => `${table} ${date}`)));
  const rows = await tx
    .select({ runId: tasks.runId, table: tasks.table, dates: tasks.dates })
    .from(tasks)
    .innerJoin(runs, eq(runs.id, tasks.runId))
    .where(
      and(
        inArray(runs.status, ["queued", "running"]),
        inArray(tasks.status, ["waiting", "running"]),
        inArray(tasks.table, [...new Set(wanted.map(({ table }) => table))]),
      ),
    );
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
  const { tasks: list, ...values } = run;
  return db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${LAUNCH_LOCK})`);
    const busy = await busyWith(tx, list);
    const first = busy[0];
    if (first && !queue) return first;
    const now = new Date().toISOString();
    await tx.insert(runs).values({
      ...values,
      startedAt: now,
      ...(first
        ? { status: "queued" as const, behind: [...new Set(busy.map(({ runId }) => runId))] }
        : { status: "running" as const, owner, heartbeatAt: sql`now()` as unknown as string }),
    });
    if (list.length > 0)
      await tx
        .insert(tasks)
        .values(list.map((task, seq) => ({ runId: run.id, seq, ...task, status: "waiting" as const })));
    return null;
  });
}

/** Makes a run that has ended its owner's own again; false where another has been faster. */
export async function reopenRun(db: Database, id: string, owner: string): Promise<boolean> {
  const rows = await db
    .update(runs)
    .set({
      status: "running",
      owner,
      heartbeatAt: sql`now()` as unknown as string,
      endedAt: null,
      error: null,
      cancelAsked: false,
    })
    .where(and(eq(runs.id, id), inArray(runs.status, ["interrupted", "cancelled", "failed"])))
    .returning({ id: runs.id });
  return rows.length > 0;
}

/** Lets a run's tasks wait again, but those that have succeeded. */
export async function resetTasks(db: Database, runId: string): Promise<void> {
  await db
    .update(tasks)
    .set({ status: "waiting", error: null, startedAt: null, endedAt: null, skipped: [] })
    .where(and(eq(tasks.runId, runId), ne(tasks.status, "succeeded")));
}

/**
 * Takes the next run that nobody carries out: a queued one that waits for no other any more, or one
 * whose owner has been silent; fresh production dates first. Two processes never take the same.
 */
export async function claimRun(db: Database, owner: string): Promise<{ run: Run; wasQueued: boolean } | undefined> {
  return db.transaction(async (tx) => {
    const next = await tx
      .select()
      .from(runs)
      .where(
        or(
          and(
            eq(runs.status, "queued"),
            sql`NOT EXISTS (SELECT 1 FROM runs AS b WHERE b.status IN ('queued', 'running')
              AND b.id IN (SELECT jsonb_array_elements_text(${runs.behind})))`,
          ),
          and(eq(runs.status, "running"), sql`${runs.heartbeatAt} < now() - make_interval(secs => ${LEASE_SECONDS})`),
        ),
      )
      .orderBy(desc(runs.priority), runs.startedAt)
      .limit(1)
      .for("update", { skipLocked: true });
    const run = next[0];
    if (!run) return undefined;
    await tx
      .update(runs)
      .set({
        status: "running",
        owner,
        heartbeatAt: sql`now()` as unknown as string,
        // What it waited is no time of its own.
        ...(run.status === "queued" ? { startedAt: new Date().toISOString() } : {}),
      })
      .where(eq(runs.id, run.id));
    await tx.delete(leases).where(eq(leases.runId, run.id));
    return { run: runOut({ ...run, status: "running", owner }), wasQueued: run.status === "queued" };
  });
}

/** True while some run waits or runs, whoever carries it out. */
export async function hasOpenRuns(db: Database): Promise<boolean> {
  const open = await db
    .select({ id: runs.id })
    .from(runs)
    .where(inArray(runs.status, ["queued", "running"]))
    .limit(1);
  return open.length > 0;
}

/** Says that a process carries out these runs; gives those that are still its own, and which are to be ended. */
export async function heartbeat(
  db: Database,
  owner: string,
  ids: readonly string[],
): Promise<Map<string, { cancelAsked: boolean }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .update(runs)
    .set({ heartbeatAt: sql`now()` as unknown as string })
    .where(and(eq(runs.owner, owner), inArray(runs.id, [...ids]), eq(runs.status, "running")))
    .returning({ id: runs.id, cancelAsked: runs.cancelAsked });
  if (rows.length > 0) await renewLeases(db, owner);
  return new Map(rows.map(({ id, cancelAsked }) => [id, { cancelAsked }]));
}

const isOwned = (id: string, owner: string) =>
  sql`EXISTS (SELECT 1 FROM runs AS own WHERE own.id = ${id} AND own.owner = ${owner})`;

/** Records what has become of a task; false, and nothing recorded, where the run is another process's by now. */
export async function updateOwnTask(
  db: Database,
  owner: string,
  task: Pick<Task, "id" | "runId">,
  values: Partial<typeof tasks.$inferInsert>,
): Promise<boolean> {
  const rows = await db
    .update(tasks)
    .set(values)
    .where(and(eq(tasks.id, task.id), isOwned(task.runId, owner)))
    .returning({ id: tasks.id });
  return rows.length > 0;
}

/** Records what has become of a run; false, and nothing recorded, where it is another process's by now. */
export async function updateOwnRun(
  db: Database,
  owner: string,
  id: string,
  values: Partial<typeof runs.$inferInsert>,
): Promise<boolean> {
  const rows = await db
    .update(runs)
    .set(values)
    .where(and(eq(runs.id, id), eq(runs.owner, owner)))
    .returning({ id: runs.id });
  return rows.length > 0;
}

/** Asks the owner of a run, another process, to end it; a queued one ends at once. False where it is neither. */
export async function askCancel(db: Database, id: string): Promise<boolean> {
  const queued = await db
    .update(runs)
    .set({ status: "cancelled", endedAt: new Date().toISOString() })
    .where(and(eq(runs.id, id), eq(runs.status, "queued")))
    .returning({ id: runs.id });
  if (queued.length > 0) {
    await db.update(tasks).set({ status: "cancelled" }).where(eq(tasks.runId, id));
    return true;
  }
  const running = await db
    .update(runs)
    .set({ cancelAsked: true })
    .where(and(eq(runs.id, id), eq(runs.status, "running")))
    .returning({ id: runs.id });
  return running.length > 0;
}

/**
 * Runs that a stopped process of a home left as running become interrupted; gives the ids of all that are.
 * Owners begin with their home's name; null means that nobody else can have any.
 */
export async function markInterrupted(db: Database, home: string | null): Promise<string[]> {
  const ofHome = home === null ? undefined : like(runs.owner, `${home} %`);
  const rows = await db
    .update(runs)
    .set({ status: "interrupted" })
    .where(and(eq(runs.status, "running"), ofHome))
    .returning({ id: runs.id });
  const ids = rows.map((row) => row.id);
  if (ids.length > 0) {
    await db.delete(leases).where(inArray(leases.runId, ids));
    await db
      .update(tasks)
      .set({ status: "waiting", startedAt: null })
      .where(and(inArray(tasks.runId, ids), eq(tasks.status, "running")));
  }
  // One that was marked by a process which died before it could go on with it is among them.
  const all = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.status, "interrupted"), ofHome))
    .orderBy(runs.startedAt);
  return all.map(({ id }) => id);
}

/** Gives up an interrupted run: nobody goes on with it by itself. */
export async function giveUpRun(db: Database, id: string): Promise<void> {
  await db
    .update(runs)
    .set({ status: "cancelled", endedAt: new Date().toISOString() })
    .where(and(eq(runs.id, id), eq(runs.status, "interrupted")));
}
