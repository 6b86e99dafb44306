import { and, count, desc, eq, inArray, isNotNull, lte, min, or, sql } from "drizzle-orm";
import type { TaskStatus } from "@/lib/api/runs";
import type { Database } from "./db";
import { type Task, taskOut } from "./runs";
import { runs, tasks } from "./schema";

type Finished = Task & { sample: boolean };

interface FinishedOptions {
  table?: string;
  sample?: boolean;
  limit?: number;
}

/** A cell whose last task failed, with its error, or was built with pre-flight skipped. */
interface TroubledCell {
  table: string;
  date: string;
  runId: string;
  status: TaskStatus;
  error: string | null;
}

/** What was read of tasks that have ended, by what was asked, with the mark of the table at that time. */
const kept = new WeakMap<Database, Map<string, { mark: string; read: unknown }>>();

/** Answers that are kept: the grid's, the timings', and those of some tables. */
const MOST_KEPT = 20;

/** Every look at the grid asks for what has ended, so it is read again only when a task has ended or begun anew. */
async function untilOneEnds<T>(db: Database, key: string, read: () => Promise<T>): Promise<T> {
  const ended = await db
    .select({ n: count(tasks.endedAt), all: count(), sum: sql<string>`SUM(EXTRACT(EPOCH FROM ${tasks.endedAt}))` })
    .from(tasks);
  const mark = JSON.stringify(ended);
  const known = kept.get(db) ?? new Map<string, { mark: string; read: unknown }>();
  kept.set(db, known);
  const found = known.get(key);
  if (found?.mark === mark) return found.read as T;
  const fresh = await read();
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, { mark, read: fresh });
  return fresh;
}

/** The newest finished tasks, newest first, of real runs and of the demo's sample where asked. */
export function finishedTasks(db: Database, options: FinishedOptions = {}): Promise<readonly Finished[]> {
  const { table, sample, limit = 500 } = options;
  return untilOneEnds(db, JSON.stringify([table, sample, limit]), async () => {
    const rows = await db
      .select({ task: tasks, sample: runs.sample })
      .from(tasks)
      .innerJoin(runs, eq(runs.id, tasks.runId))
      .where(
        and(
          isNotNull(tasks.endedAt),
          table ? eq(tasks.table, table) : undefined,
          sample === false ? eq(runs.sample, false) : undefined,
        ),
      )
      .orderBy(desc(tasks.endedAt), desc(tasks.id))
      .limit(limit);
    return rows.map((row) => ({ ...taskOut(row.task), sample: row.sample }));
  });
}

const isUnchecked = sql<boolean>`(${runs.options} ->> 'skipPreflight')::boolean`;

/**
 * The cells of which the last word of a real run is trouble, however long ago. Tasks are taken apart into their
 * dates only from the first trouble of their table on: mostly there is none.
 */
export function troubledCells(db: Database): Promise<readonly TroubledCell[]> {
  return untilOneEnds(db, "troubled", () => {
    const isReal = and(isNotNull(tasks.endedAt), eq(runs.sample, false));
    const first = db.$with("first").as(
      db
        .select({ table: tasks.table, since: min(tasks.endedAt).as("since") })
        .from(tasks)
        .innerJoin(runs, eq(runs.id, tasks.runId))
        .where(and(isReal, or(eq(tasks.status, "failed"), isUnchecked)))
        .groupBy(tasks.table),
    );
    const date = sql<string>`own.date`;
    const last = db
      .selectDistinctOn([tasks.table, date], {
        table: tasks.table,
        date: date.as("date"),
        runId: tasks.runId,
        status: tasks.status,
        error: tasks.error,
        unchecked: isUnchecked.as("unchecked"),
      })
      .from(tasks)
      .innerJoin(runs, eq(runs.id, tasks.runId))
      .innerJoin(first, and(eq(first.table, tasks.table), lte(first.since, tasks.endedAt)))
      .crossJoinLateral(sql`jsonb_array_elements_text(${tasks.dates}) AS own(date)`)
      .where(and(isReal, inArray(tasks.status, ["failed", "succeeded"])))
      .orderBy(tasks.table, date, desc(tasks.endedAt), desc(tasks.id))
      .as("last");
    return db
      .with(first)
      .select({ table: last.table, date: last.date, runId: last.runId, status: last.status, error: last.error })
      .from(last)
      .where(or(eq(last.status, "failed"), last.unchecked));
  });
}
