import { addDays, shortDate } from "@/lib/dates";
import { topologicalOrder } from "@/lib/pipeline/graph";
import { DEFAULT_OPTIONS } from "../runner/launch";
import type { Database } from "../state/db";
import { savePlan } from "../state/runs";
import { Random } from "./random";

/** Seconds that the dependency check took, date by date, in one run of November 2021. */
const STORY_SECONDS = [5, 31, 58, 95, 133, 174, 220, 268, 318];
const STORY_START = "2021-11-16";

interface SampleTask {
  table: string;
  dates: string[];
  seconds: number;
  checkSeconds: number;
  rows: number;
}

/** A run that never was, for charts to show something; every row says so. */
async function addSample(db: Database, id: string, startedAt: string, list: SampleTask[], note: string): Promise<void> {
  const dates = list.flatMap((task) => task.dates).sort();
  let at = Date.parse(startedAt);
  const rows = list.map((task, seq) => {
    const begun = new Date(at).toISOString();
    at += task.seconds * 1000;
    const work = task.seconds - task.checkSeconds;
    const [computeSeconds, writeSeconds] = [work * 0.8, work * 0.2];
    return {
      runId: id,
      seq,
      table: task.table,
      start: task.dates[0] as string,
      end: task.dates.at(-1) as string,
      dates: task.dates,
      reason: "nightly",
      status: "succeeded" as const,
      rows: task.rows,
      startedAt: begun,
      endedAt: new Date(at).toISOString(),
      seconds: task.seconds,
      checkSeconds: task.checkSeconds,
      computeSeconds,
      writeSeconds,
    };
  });
  const [start, end] = [dates[0] as string, dates.at(-1) as string];
  const tables = [...new Set(list.map((task) => task.table))];
  const request = { tables, start, end, only: "all" as const, upstream: false, downstream: false };
  await savePlan(db, `sample-${id}`, request, { tasks: [], cells: [], leftOut: [] }, null);
  await db
    .insertInto("runs")
    .values({
      id,
      planId: `sample-${id}`,
      status: "succeeded",
      origin: "demo",
      sample: true,
      tables,
      start,
      end,
      cells: dates.length,
      options: DEFAULT_OPTIONS,
      startedAt,
      endedAt: new Date(at).toISOString(),
      rows: list.reduce((sum, task) => sum + task.rows, 0),
    })
    .execute();
  await db.insertInto("tasks").values(rows).execute();
  await db.insertInto("logs").values({ runId: id, level: "info", message: note, at: startedAt }).execute();
}

/** Writes the sample run history of the demo: a nightly run for each date, and the one that grew. */
export async function writeHistory(
  db: Database,
  rowsOf: Map<string, Map<string, number>>,
  gameDates: string[],
): Promise<void> {
  const random = new Random(7);
  for (const date of gameDates) {
    const list = topologicalOrder().flatMap((table): SampleTask[] => {
      const rows = rowsOf.get(table.short)?.get(date);
      if (!rows) return [];
      const seconds = Math.max(0.4, random.normal(2 + rows / 160, 0.4));
      return [{ table: table.short, dates: [date], seconds, checkSeconds: seconds * 0.1, rows }];
    });
    await addSample(
      db,
      `demo-${date.replaceAll("-", "")}`,
      `${addDays(date, 1)}T06:00:00.000Z`,
      list,
      `Sample of the demo: a nightly run for ${shortDate(date, true)}.`,
    );
  }
  const story = gameDates
    .filter((date) => date >= STORY_START)
    .slice(0, STORY_SECONDS.length)
    .map((date, i): SampleTask => {
      const seconds = STORY_SECONDS[i] as number;
      return {
        table: "upgc",
        dates: [date],
        seconds,
        checkSeconds: seconds - 4,
        rows: rowsOf.get("upgc")?.get(date) ?? 0,
      };
    });
  await addSample(
    db,
    "demo-growing",
    "2021-12-03T04:12:00.000Z",
    story,
    "Sample of the demo: a backfill of nine dates whose dependency check grew from 5 s to 318 s.",
  );
}
