import { estimateSeconds } from "@/lib/planning/estimate";
import { PROCESSORS } from "@/lib/processors";
import { type Point, trendOf } from "@/lib/timings/trend";
import type { Series, TableTimings, Timings } from "@/lib/timings/types";
import type { Context } from "./context";
import { taskHistory } from "./runner/history";
import { finishedTasks, listRuns, runningTasks } from "./state/runs";

/**
 * Durations by table and date. A task of several dates is one statement: each of its dates
 * counts an equal share, and the point says how many ran together.
 */
export async function getTimings(
  context: Pick<Context, "state">,
  tables: string[] = PROCESSORS.map((one) => one.short),
): Promise<Timings> {
  const { db } = context.state;
  const runs = new Map((await listRuns(db, 1000)).map((run) => [run.id, run]));
  const result: TableTimings[] = [];
  for (const table of tables) {
    const done = (await finishedTasks(db, { table, limit: 400 })).filter(
      (task) => task.status === "succeeded" && task.seconds !== null,
    );
    const latest = new Map<string, TableTimings["points"][number]>();
    const byRun = new Map<string, Point[]>();
    for (const task of done) {
      const share = (task.seconds as number) / task.dates.length;
      const run = runs.get(task.runId);
      for (const date of task.dates) {
        if (task.dates.length === 1)
          byRun.set(task.runId, [...(byRun.get(task.runId) ?? []), { date, seconds: share }]);
        if (latest.has(date)) continue;
        latest.set(date, {
          date,
          seconds: share,
          runId: task.runId,
          sample: run?.sample ?? false,
          rows: task.rows,
          tookTogether: task.dates.length,
        });
      }
    }
    const points = [...latest.values()].sort((a, b) => a.date.localeCompare(b.date));
    const series = [...byRun]
      .filter(([, list]) => list.length >= 3)
      .map(([runId, list]): Series => {
        const sorted = list.sort((a, b) => a.date.localeCompare(b.date));
        const run = runs.get(runId);
        return {
          runId,
          sample: run?.sample ?? false,
          startedAt: run?.startedAt ?? "",
          points: sorted,
          trend: trendOf(sorted),
        };
      });
    result.push({ table, points, trend: trendOf(points), series });
  }
  return { tables: result, running: await runningNow(context) };
}

async function runningNow(context: Pick<Context, "state">): Promise<Timings["running"]> {
  const { db } = context.state;
  const history = await taskHistory(context);
  const byRun = new Map<string, Awaited<ReturnType<typeof runningTasks>>>();
  for (const task of await runningTasks(db)) byRun.set(task.runId, [...(byRun.get(task.runId) ?? []), task]);
  return [...byRun].map(([runId, list]) => {
    const left = list.filter((task) => task.status === "waiting" || task.status === "running");
    return { runId, tasksLeft: left.length, secondsLeft: estimateSeconds(left, history) };
  });
}
