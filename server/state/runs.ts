import { isDeepStrictEqual } from "node:util";
import type { PlanBody, PlanRequest, RunDetail } from "@/lib/api/runs";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";
import type { Log, Run, StoredPlan, Task } from "./schema";

export type { Log, Run, Task } from "./schema";

/** Stores a plan; the same plan again is the same row. */
export async function savePlan(
  db: Database,
  id: string,
  request: PlanRequest,
  body: PlanBody,
  bytes: number[] | null,
): Promise<void> {
  await db
    .insertInto("plans")
    .values({ id, request, body, bytes, createdAt: new Date().toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export const findPlan = (db: Database, id: string): Promise<StoredPlan | undefined> =>
  db.selectFrom("plans").selectAll().where("id", "=", id).executeTakeFirst();

export const addLog = (db: Database, runId: string, level: Log["level"], message: string): Promise<Log> =>
  db
    .insertInto("logs")
    .values({ runId, level, message, at: new Date().toISOString() })
    .returningAll()
    .executeTakeFirstOrThrow();

/** Runs, newest first; `before` a run's id: those that began before it. */
export const listRuns = (db: Database, limit = 200, before?: string): Promise<Run[]> =>
  db
    .selectFrom("runs")
    .selectAll()
    .$if(before !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple("startedAt", "id"),
          "<",
          eb
            .selectFrom("runs as last")
            .select(["last.startedAt", "last.id"])
            .where("last.id", "=", before as string)
            .$asTuple("startedAt", "id"),
        ),
      ),
    )
    .orderBy("startedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

export const findRun = (db: Database, id: string): Promise<Run | undefined> =>
  db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();

/** The run of an id; an error that says where ids come from otherwise. */
export async function getRun(db: Database, id: string): Promise<Run> {
  const run = await findRun(db, id);
  if (run) return run;
  throw new FullcourtError("unknown_run", `There is no run "${id}".`, "`fullcourt runs` lists them.");
}

export const tasksOf = (db: Database, runId: string): Promise<Task[]> =>
  db.selectFrom("tasks").selectAll().where("runId", "=", runId).orderBy("seq").execute();

/** Log lines of a run in one answer. */
const LOG_LINES = 1_000;

/** The newest log lines of a run, of those before a line's id where one is given; oldest first. */
export async function logsOf(db: Database, runId: string, before?: number, limit = LOG_LINES): Promise<Log[]> {
  const lines = await db
    .selectFrom("logs")
    .selectAll()
    .where("runId", "=", runId)
    .$if(before !== undefined, (query) => query.where("id", "<", before as number))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return lines.reverse();
}

/** A run with its tasks and the end of its log. */
export async function runDetail(db: Database, id: string): Promise<RunDetail> {
  const run = await getRun(db, id);
  const logs = await logsOf(db, id);
  return { run, tasks: await tasksOf(db, id), logs, hasMoreLogs: logs.length === LOG_LINES };
}

/** The newest run of a plan's request that was cut off, if any. */
export async function findInterrupted(db: Database, request: PlanRequest): Promise<Run | undefined> {
  const cutOff = await db
    .selectFrom("runs")
    .innerJoin("plans", "plans.id", "runs.planId")
    .selectAll("runs")
    .select("plans.request")
    .where("runs.status", "=", "interrupted")
    .orderBy("runs.startedAt", "desc")
    .execute();
  // What was stored has no fields without a value.
  const wanted = JSON.parse(JSON.stringify(request));
  const found = cutOff.find((run) => isDeepStrictEqual(run.request, wanted));
  return found && findRun(db, found.id);
}

/** Tasks of the runs that are running now. */
export const runningTasks = (db: Database): Promise<Task[]> =>
  db
    .selectFrom("tasks")
    .innerJoin("runs", "runs.id", "tasks.runId")
    .selectAll("tasks")
    .where("runs.status", "=", "running")
    .execute();

/** True where the demo's sample runs are: the data are the demo's. */
export async function hasSampleRuns(db: Database): Promise<boolean> {
  return (await db.selectFrom("runs").select("id").where("sample", "=", true).limit(1).execute()).length > 0;
}
