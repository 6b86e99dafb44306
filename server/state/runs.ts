import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import type { PlanBody, PlanRequest, RunDetail, RunStatus } from "@/lib/api/runs";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";
import { logs, plans, runs, tasks } from "./schema";

export type Run = typeof runs.$inferSelect;
export type Task = typeof tasks.$inferSelect;
export type Log = typeof logs.$inferSelect;
export type StoredPlan = typeof plans.$inferSelect;

/** Times leave the state as ISO 8601 in UTC, whichever Postgres wrote them. */
const iso = <T extends string | null>(text: T): T => (text === null ? text : (new Date(text).toISOString() as T));
export const runOut = (run: Run): Run => ({ ...run, startedAt: iso(run.startedAt), endedAt: iso(run.endedAt) });
export const taskOut = (task: Task): Task => ({ ...task, startedAt: iso(task.startedAt), endedAt: iso(task.endedAt) });

/** Stores a plan; the same plan again is the same row. */
export async function savePlan(
  db: Database,
  id: string,
  request: PlanRequest,
  body: PlanBody,
  bytes: number[] | null,
): Promise<void> {
  await db.insert(plans).values({ id, request, body, bytes }).onConflictDoNothing();
}

export async function findPlan(db: Database, id: string): Promise<StoredPlan | undefined> {
  return (await db.select().from(plans).where(eq(plans.id, id)))[0];
}

export async function addLog(db: Database, runId: string, level: Log["level"], message: string): Promise<Log> {
  const row = (
    await db.insert(logs).values({ runId, level, message, at: new Date().toISOString() }).returning()
  )[0] as Log;
  return { ...row, at: iso(row.at) };
}

/** Runs, newest first; `before` a run's id: those that began before it. */
export async function listRuns(db: Database, limit = 200, before?: string): Promise<Run[]> {
  const older = before
    ? sql`(${runs.startedAt}, ${runs.id}) < (SELECT b.started_at, b.id FROM runs AS b WHERE b.id = ${before})`
    : undefined;
  const rows = await db.select().from(runs).where(older).orderBy(desc(runs.startedAt), desc(runs.id)).limit(limit);
  return rows.map(runOut);
}

export async function findRun(db: Database, id: string): Promise<Run | undefined> {
  const run = (await db.select().from(runs).where(eq(runs.id, id)))[0];
  return run && runOut(run);
}

/** The run of an id; an error that says where ids come from otherwise. */
export async function getRun(db: Database, id: string): Promise<Run> {
  const run = await findRun(db, id);
  if (run) return run;
  throw new FullcourtError("unknown_run", `There is no run "${id}".`, "`fullcourt runs` lists them.");
}

export async function tasksOf(db: Database, runId: string): Promise<Task[]> {
  return (await db.select().from(tasks).where(eq(tasks.runId, runId)).orderBy(asc(tasks.seq))).map(taskOut);
}

/** Log lines of a run after a line's id, oldest first. */
export async function logsOf(db: Database, runId: string, after = 0): Promise<Log[]> {
  const rows = await db
    .select()
    .from(logs)
    .where(and(eq(logs.runId, runId), gt(logs.id, after)))
    .orderBy(asc(logs.id));
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

/** A run with its tasks and log. */
export async function runDetail(db: Database, id: string): Promise<RunDetail> {
  return { run: await getRun(db, id), tasks: await tasksOf(db, id), logs: await logsOf(db, id) };
}

/** The newest run of a plan's request that was cut off, if any. */
export async function findInterrupted(db: Database, request: PlanRequest): Promise<Run | undefined> {
  const rows = await db
    .select({ run: runs })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .where(
      and(
        eq(runs.status, "interrupted" satisfies RunStatus),
        eq(sql`${plans.request}::jsonb`, sql`${JSON.stringify(request)}::jsonb`),
      ),
    )
    .orderBy(desc(runs.startedAt))
    .limit(1);
  return rows[0] && runOut(rows[0].run);
}

/** Tasks of the runs that are running now. */
export async function runningTasks(db: Database): Promise<Task[]> {
  const rows = await db
    .select({ task: tasks })
    .from(tasks)
    .innerJoin(runs, eq(runs.id, tasks.runId))
    .where(eq(runs.status, "running"));
  return rows.map((row) => taskOut(row.task));
}

/** True where the demo's sample runs are: the data are the demo's. */
export async function hasSampleRuns(db: Database): Promise<boolean> {
  return (await db.select({ id: runs.id }).from(runs).where(eq(runs.sample, true)).limit(1)).length > 0;
}
