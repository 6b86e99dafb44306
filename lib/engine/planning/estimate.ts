import type { Forecast, PastError, PlanTask, RunView } from "../../api/runs";
import type { Pipeline } from "../pipeline/compile";

/** One task that has run: what estimates are made of. Newest first. */
export interface TaskHistory {
  table: string;
  seconds: number;
}

/** What one press on "Backfill missing dates" would build, and how long it takes. */
export interface BackfillEstimate {
  cells: number;
  seconds: number | null;
}

/** How many of a table's last tasks an estimate looks at. */
const LAST_TASKS = 20;

/** The p-quantile (0 to 1) of some values, between neighbours where it falls between two. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - low);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Seconds that a run took, or has taken until `now` (milliseconds). */
export function runSeconds(run: Pick<RunView, "startedAt" | "endedAt">, now: number): number {
  return Math.max(0, (run.endedAt ? Date.parse(run.endedAt) : now) - Date.parse(run.startedAt)) / 1000;
}

type Part = Pick<PlanTask, "table">;

/**
 * When each task ends, in seconds from the beginning of the first: laid out in their order on `limit` lanes, each
 * begins when the tasks of the tables that it reads have ended and a lane is free.
 */
export function endsOf<T extends Part>(
  { upstream: readBy }: Pick<Pipeline, "upstream">,
  tasks: readonly T[],
  secondsOf: (task: T) => number,
  limit: number,
): number[] {
  const lanes = new Array<number>(Math.max(1, limit)).fill(0);
  const ends: number[] = [];
  for (const task of tasks) {
    const upstream = new Set(readBy.get(task.table));
    const ready = ends.filter((_, at) => upstream.has(tasks[at]?.table ?? ""));
    const lane = lanes.indexOf(Math.min(...lanes));
    const end = Math.max(lanes[lane] as number, ...ready) + secondsOf(task);
    lanes[lane] = end;
    ends.push(end);
  }
  return ends;
}

/** When a task of a plan is likely to begin, in seconds after the first, and how long it takes. */
interface TaskTime {
  begin: number;
  seconds: number;
}

/** How long a plan takes, task by task: in the middle case, and with one and nine in ten chances. */
interface Layout {
  tasks: TaskTime[];
  seconds: number;
  p10: number;
  p90: number;
}

/**
 * Estimates how long tasks take, from the last tasks of the same tables: one statement over a range costs much the same
 * for few dates or many. The middle case lays out medians on the lanes; the 90th percentile adds what each task's own
 * 90th is above its median, as independent errors add (root of the sum of squares), and the 10th takes off what its own
 * is below. Null where a table has no history.
 */
export function layOut(
  pipeline: Pick<Pipeline, "upstream">,
  tasks: readonly Part[],
  history: readonly TaskHistory[],
  limit: number,
): Layout | null {
  const byTable = new Map<string, { median: number; p10: number; p90: number }>();
  for (const { table } of tasks) {
    if (byTable.has(table)) continue;
    const own = history.filter((one) => one.table === table).slice(0, LAST_TASKS);
    if (own.length === 0) return null;
    const seconds = own.map((one) => one.seconds);
    byTable.set(table, { median: median(seconds), p10: quantile(seconds, 0.1), p90: quantile(seconds, 0.9) });
  }
  const of = (task: Part) => byTable.get(task.table) as { median: number; p10: number; p90: number };
  const ends = endsOf(pipeline, tasks, (task) => of(task).median, limit);
  const middle = Math.max(0, ...ends);
  const spread = (part: "p10" | "p90") =>
    Math.sqrt(tasks.reduce((sum, task) => sum + (of(task)[part] - of(task).median) ** 2, 0));
  return {
    tasks: tasks.map((task, at) => {
      const seconds = of(task).median;
      return { begin: round((ends[at] as number) - seconds), seconds: round(seconds) };
    }),
    seconds: round(middle),
    p10: round(Math.max(0, middle - spread("p10"))),
    p90: round(middle + spread("p90")),
  };
}

/** How long tasks take together; null without history. */
export function forecast(...of: Parameters<typeof layOut>): Forecast {
  const layout = layOut(...of);
  return { seconds: layout?.seconds ?? null, p90: layout?.p90 ?? null };
}

const round = (seconds: number) => Math.round(seconds * 100) / 100;

/** The past error of estimates; null when fewer than three runs had one. */
export function pastError(runs: ReadonlyArray<{ estimate: number; seconds: number }>): PastError | null {
  const usable = runs.filter((run) => run.estimate > 0).slice(0, LAST_TASKS);
  if (usable.length < 3) return null;
  return {
    runs: usable.length,
    median: median(usable.map((run) => Math.abs(run.seconds / run.estimate - 1))),
  };
}
