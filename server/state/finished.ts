import { sql } from "kysely";
import { type Database, elements } from "./db";
import type { Run, Task, Trouble } from "./schema";

type Finished = Task & { sample: boolean };

interface FinishedOptions {
  table?: string;
  sample?: boolean;
  limit?: number;
}

/** The newest finished tasks, newest first, of real runs and of the demo's sample where asked. */
export const finishedTasks = (
  db: Database,
  { table, sample, limit = 500 }: FinishedOptions = {},
): Promise<Finished[]> =>
  db
    .selectFrom("tasks")
    .innerJoin("runs", "runs.id", "tasks.runId")
    .selectAll("tasks")
    .select("runs.sample")
    .where("tasks.endedAt", "is not", null)
    .$if(table !== undefined, (query) => query.where("tasks.table", "=", table as string))
    .$if(sample === false, (query) => query.where("runs.sample", "=", false))
    .orderBy("tasks.endedAt", "desc")
    .orderBy("tasks.id", "desc")
    .limit(limit)
    .execute();

/** The cells of which the last word of a real run is trouble, however long ago. */
export const troubledCells = (db: Database): Promise<Trouble[]> =>
  db.selectFrom("troubles").selectAll().orderBy("table").orderBy("date").execute();

/** Records what the end of a task says of its cells, in the transaction that ends it: no look has to read all tasks. */
export async function recordEnd(
  transaction: Database,
  task: Pick<Task, "runId" | "table" | "dates" | "status" | "error">,
  run: Pick<Run, "sample" | "options">,
): Promise<void> {
  const { runId, table, dates, status, error } = task;
  // What was called off says nothing of a cell.
  if (run.sample || (status !== "failed" && status !== "succeeded") || dates.length === 0) return;
  if (status === "succeeded" && !run.options.skipPreflight) {
    await transaction
      .deleteFrom("troubles")
      .where("table", "=", table)
      .where("date", "in", elements(transaction, sql`${JSON.stringify(dates)}`))
      .execute();
    return;
  }
  await transaction
    .insertInto("troubles")
    .values(dates.map((date) => ({ table, date, runId, status, error })))
    .onConflict((conflict) =>
      conflict.columns(["table", "date"]).doUpdateSet((eb) => ({
        runId: eb.ref("excluded.runId"),
        status: eb.ref("excluded.status"),
        error: eb.ref("excluded.error"),
      })),
    )
    .execute();
}
