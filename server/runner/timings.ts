import type { Series, TableTimings, TimedPoint, Timings } from "@/lib/api/timings";
import { recentRuns } from "@/lib/engine/timings/slow-dates";
import { stagesOf, totalOf } from "@/lib/engine/timings/stages";
import { outliersOf, weeksOf } from "@/lib/engine/timings/statistics";
import { trendOf } from "@/lib/engine/timings/trend";
import { groupBy } from "@/lib/util/group-by";
import type { Context } from "../context";
import { finishedTasks } from "../state/finished";
import { runningTasks } from "../state/runs";
import { leftOf } from "./history";

/** Fewer dates show no growth. */
const LEAST_SERIES = 3;

/**
 * Durations by table and date. A task of several dates is one statement: each of its dates
 * counts an equal share, and the point says how many ran together.
 */
export async function getTimings(
  context: Pick<Context, "state" | "warehouse" | "pipeline">,
  tables: readonly string[] = context.pipeline.tables.map((one) => one.id),
): Promise<Timings> {
  const result: TableTimings[] = [];
  for (const table of tables) result.push(await timingsOf(context, table));
  return { tables: result, running: await runningNow(context) };
}

async function timingsOf(context: Pick<Context, "state" | "warehouse">, table: string): Promise<TableTimings> {
  const finished = await finishedTasks(context.state.db, { table, limit: 400 });
  const done = finished.filter((task) => task.status === "succeeded" && task.seconds !== null);
  const latest = new Map<string, TimedPoint>();
  const alone = new Map<string, TimedPoint[]>();
  const all: Array<{ day: string; seconds: number }> = [];
  for (const task of done) {
    const stages = stagesOf(task, 1 / task.dates.length);
    for (const date of task.dates) {
      const point: TimedPoint = {
        date,
        seconds: totalOf(stages),
        stages,
        runId: task.runId,
        sample: task.sample,
        rows: task.rows,
        tookTogether: task.dates.length,
        bytes: task.bytes === null ? null : task.bytes / task.dates.length,
        slotSeconds: task.slotSeconds === null ? null : task.slotSeconds / task.dates.length,
        endedAt: task.endedAt as string,
      };
      all.push({ day: point.endedAt.slice(0, 10), seconds: point.seconds });
      if (task.dates.length === 1) alone.set(task.runId, [...(alone.get(task.runId) ?? []), point]);
      if (!latest.has(date)) latest.set(date, point);
    }
  }
  const points = inOrder([...latest.values()]);
  const series = [...alone]
    .filter(([, list]) => list.length >= LEAST_SERIES)
    .map(([runId, list]): Series => {
      const sorted = inOrder(list);
      const { sample, endedAt } = sorted[0] as TimedPoint;
      return { runId, sample, startedAt: endedAt, points: sorted, trend: trendOf(sorted), outliers: outlying(sorted) };
    });
  const recent = recentRuns(finished);
  return { table, points, trend: trendOf(points), outliers: outlying(points), weeks: weeksOf(all), recent, series };
}

const inOrder = (points: TimedPoint[]) => points.sort((a, b) => a.date.localeCompare(b.date));

function outlying(points: readonly TimedPoint[]): string[] {
  return outliersOf(points.map((point) => point.seconds)).map((at) => (points[at] as TimedPoint).date);
}

async function runningNow(context: Pick<Context, "state" | "warehouse" | "pipeline">): Promise<Timings["running"]> {
  const { db } = context.state;
  const byRun = groupBy(await runningTasks(db), (task) => task.runId);
  const running: Timings["running"] = [];
  for (const [runId, list] of byRun) {
    const { tasks, seconds, p90 } = await leftOf(context, list);
    running.push({ runId, tasksLeft: tasks, secondsLeft: seconds, p90SecondsLeft: p90 });
  }
  return running;
}
