import type { Forecast, PastError, RunDetail, RunView, TaskView } from "@/lib/api/runs";
import { forecast, layOut, pastError, runSeconds, type TaskHistory } from "@/lib/engine/planning/estimate";
import { usualByTable, usualRun } from "@/lib/engine/timings/usual";
import type { Context } from "../context";
import { finishedTasks } from "../state/finished";
import { listRuns, runDetail } from "../state/runs";

/** What tasks of real runs took, newest first: what estimates are made of. */
async function taskHistory(context: Pick<Context, "state">): Promise<TaskHistory[]> {
  return (await finishedTasks(context.state.db, { sample: false }))
    .filter((task) => task.status === "succeeded" && task.seconds !== null)
    .map((task) => ({ table: task.table, seconds: task.seconds as number }));
}

/** How long tasks take, from the tables' own history; nothing takes no time. */
export async function forecastOf(
  context: Pick<Context, "state" | "warehouse" | "pipeline">,
  tasks: ReadonlyArray<{ table: string }>,
): Promise<Forecast> {
  if (tasks.length === 0) return { seconds: 0, p90: 0 };
  return forecast(context.pipeline, tasks, await taskHistory(context), context.warehouse.parallelTasks);
}

/** How long a plan's tasks take, one by one, from the tables' own history; null without any. */
export async function layoutOf(
  context: Pick<Context, "state" | "warehouse" | "pipeline">,
  tasks: ReadonlyArray<{ table: string }>,
): Promise<ReturnType<typeof layOut>> {
  return layOut(context.pipeline, tasks, await taskHistory(context), context.warehouse.parallelTasks);
}

/** How far the estimates of past runs were off. */
export async function pastErrorOf(context: Pick<Context, "state">): Promise<PastError | null> {
  const runs = (await listRuns(context.state.db, 100)).filter(
    (run) => (run.status === "succeeded" || run.status === "incomplete") && !run.sample,
  );
  return pastError(
    runs.flatMap((run) => (run.estimate === null ? [] : [{ estimate: run.estimate, seconds: runSeconds(run, 0) }])),
  );
}

/** What is usual for a run: by table, and of the runs before it that are like it. Samples are set against samples. */
async function usualOf({ state }: Pick<Context, "state">, run: RunView): Promise<RunDetail["usual"]> {
  const [done, runs] = await Promise.all([finishedTasks(state.db), listRuns(state.db)]);
  const tasks = done.flatMap(({ runId, sample, status, table, seconds }) =>
    runId !== run.id && sample === run.sample && status === "succeeded" && seconds !== null ? [{ table, seconds }] : [],
  );
  return { tables: usualByTable(tasks), run: usualRun(run, runs) };
}

/** How many of a run's tasks have not ended, and how long they will take by the tables' own history. */
export async function leftOf(
  context: Pick<Context, "state" | "warehouse" | "pipeline">,
  tasks: ReadonlyArray<Pick<TaskView, "table" | "status" | "startedAt">>,
): Promise<Forecast & { tasks: number }> {
  const left = tasks.filter((task) => task.status === "waiting" || task.status === "running");
  const foretold = await forecastOf(context, left);
  // What the task under way has taken is taken off; it may take longer than it ever did.
  const under = left.find((task) => task.status === "running" && task.startedAt);
  const gone = under?.startedAt ? (Date.now() - Date.parse(under.startedAt)) / 1000 : 0;
  const less = (seconds: number | null) => (seconds === null ? null : Math.max(0, seconds - gone));
  return { tasks: left.length, seconds: less(foretold.seconds), p90: less(foretold.p90) };
}

/** A run as its page shows it: with what is usual, and while it runs with what is left of it. */
export async function getRunDetail(
  context: Pick<Context, "state" | "warehouse" | "pipeline">,
  id: string,
): Promise<RunDetail> {
  const detail = await runDetail(context.state.db, id);
  const usual = await usualOf(context, detail.run);
  if (detail.run.status !== "running") return { ...detail, left: null, usual };
  const { seconds, p90 } = await leftOf(context, detail.tasks);
  return { ...detail, left: { seconds, p90, pastError: await pastErrorOf(context) }, usual };
}
