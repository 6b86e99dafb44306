import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Demo } from "@/lib/engine/pipeline/types";
import { addDays, shortDate } from "@/lib/util/dates";
import { Random } from "@/lib/util/random";
import { DEFAULT_OPTIONS } from "../runner/launch";
import type { Database } from "../state/db";
import { savePlan } from "../state/runs";
import type { NewTask } from "../state/schema";

/** So many of the last dates have a nightly run. */
const NIGHTS = 60;

export type DoneTask = Pick<NewTask, "table" | "dates" | "computeSeconds" | "writeSeconds"> & {
  rows: number;
  checkSeconds: number;
  startedAt: string;
  endedAt: string;
  seconds: number;
};

/** Writes down a run that succeeded, as the runner would have. */
export async function addRun(
  db: Database,
  id: string,
  list: readonly DoneTask[],
  { note, reason, sample = false }: { note: string; reason: string; sample?: boolean },
): Promise<void> {
  if (list.length === 0) return;
  const dates = list.flatMap((task) => task.dates).sort();
  const [start, end] = [dates[0] as string, dates.at(-1) as string];
  const tables = [...new Set(list.map((task) => task.table))];
  const request = { tables, start, end, only: "all" as const, upstream: !sample, downstream: !sample };
  const planId = sample ? `sample-${id}` : id;
  const { startedAt } = list[0] as DoneTask;
  await savePlan(db, planId, request, { tasks: [], cells: [], leftOut: [] }, null);
  const run = { id, planId, status: "succeeded" as const, origin: "demo", sample, tables, start, end, startedAt };
  await db
    .insertInto("runs")
    .values({
      ...run,
      cells: dates.length,
      options: DEFAULT_OPTIONS,
      endedAt: (list.at(-1) as DoneTask).endedAt,
      rows: list.reduce((sum, task) => sum + task.rows, 0),
    })
    .execute();
  const rows = list.map((task, seq) => {
    const [start, end] = [task.dates[0] as string, task.dates.at(-1) as string];
    return { ...task, runId: id, seq, start, end, reason, status: "succeeded" as const };
  });
  await db.insertInto("tasks").values(rows).execute();
  await db.insertInto("logs").values({ runId: id, level: "info", message: note, at: startedAt }).execute();
}

interface SampleTask {
  table: string;
  date: string;
  rows: number;
  seconds: number;
  checkSeconds: number;
}

/** A run that never was, for charts to show something; every row says so. */
async function addSample(db: Database, id: string, startedAt: string, list: SampleTask[], note: string): Promise<void> {
  let at = Date.parse(startedAt);
  const tasks = list.map(({ date, ...task }): DoneTask => {
    const begun = new Date(at).toISOString();
    at += task.seconds * 1000;
    const work = task.seconds - task.checkSeconds;
    const endedAt = new Date(at).toISOString();
    return { ...task, dates: [date], startedAt: begun, endedAt, computeSeconds: work * 0.8, writeSeconds: work * 0.2 };
  });
  await addRun(db, id, tasks, { note: `Sample of the demo: ${note}`, reason: "nightly", sample: true });
}

/** Writes the sample run history of the demo: a nightly run for each of the last dates, and the one that grew. */
export async function writeHistory(
  pipeline: Pipeline,
  db: Database,
  rowsOf: ReadonlyMap<string, ReadonlyMap<string, number>>,
  dates: readonly string[],
  slowing: Demo["slowing"],
): Promise<void> {
  const random = new Random(7);
  for (const date of dates.slice(-NIGHTS)) {
    const list = pipeline.order.flatMap((table): SampleTask[] => {
      const rows = rowsOf.get(table.id)?.get(date);
      if (!rows) return [];
      const seconds = Math.max(0.4, random.normal(2 + rows / 160, 0.4));
      return [{ table: table.id, date, seconds, checkSeconds: seconds * 0.1, rows }];
    });
    const id = `demo-${date.replaceAll("-", "")}`;
    await addSample(db, id, `${addDays(date, 1)}T06:00:00.000Z`, list, `a nightly run for ${shortDate(date, true)}.`);
  }
  if (!slowing) return;
  const { table, from, startedAt, checkSeconds } = slowing;
  const nights = dates.filter((date) => date >= from).slice(0, checkSeconds.length);
  const story = nights.map((date, i): SampleTask => {
    const seconds = checkSeconds[i] as number;
    return { table, date, seconds, checkSeconds: seconds - 4, rows: rowsOf.get(table)?.get(date) ?? 0 };
  });
  const note = `a backfill of ${story.length} dates whose dependency check grew from ${checkSeconds[0]} s to ${checkSeconds.at(-1)} s.`;
  await addSample(db, "demo-growing", startedAt, story, note);
}
