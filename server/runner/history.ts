import type { TaskHistory } from "@/lib/planning/estimate";
import type { Context } from "../context";
import { finishedTasks } from "../state/runs";

/** What tasks of real runs took, newest first: what estimates are made of. */
export async function taskHistory(context: Pick<Context, "state">): Promise<TaskHistory[]> {
  return (await finishedTasks(context.state.db, { sample: false }))
    .filter((task) => task.status === "succeeded" && task.seconds !== null)
    .map((task) => ({ table: task.table, dates: task.dates.length, seconds: task.seconds as number }));
}
