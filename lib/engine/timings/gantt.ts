import type { RunView, TaskStatus, TaskView } from "../../api/runs";
import { criticalPath } from "./path";
import { STAGES, type Stage } from "./stages";

type Timed = Pick<
  TaskView,
  "id" | "table" | "status" | "startedAt" | "endedAt" | "seconds" | "checkSeconds" | "computeSeconds" | "writeSeconds"
>;

/** A part of a bar; "other" is what belongs to no stage, such as waiting for a free slot of the warehouse. */
interface Part {
  stage: Stage | "other";
  seconds: number;
}

export interface GanttRow {
  /** The task's id. */
  id: number;
  table: string;
  status: TaskStatus;
  /** Seconds from the beginning of the run to the beginning of the task; null while it waits. */
  from: number | null;
  /** What the task took, or has taken; null while it waits. The bar is as long. */
  seconds: number | null;
  /** Seconds in which the task could have begun, as all that it reads had ended, and had not. */
  queued: number;
  /** What the bar is made of; its seconds add up to the task's. */
  parts: Part[];
  isOnLongestPath: boolean;
  /** The task before it on the longest path; null for its first, and for all others. */
  follows: number | null;
  /** Seconds of the table's usual task; null without history. */
  usual: number | null;
  /** Seconds against the usual ones, 0.05 for 5 % more; null while it runs, or without history. */
  againstUsual: number | null;
}

/** What a run does beside its tasks, in seconds from its beginning: pre-flight before the first, the range check after the last. */
export type CheckRow = Pick<GanttRow, "parts" | "queued" | "isOnLongestPath"> & {
  name: "pre-flight" | "range check";
  from: number;
  seconds: number;
};

export interface Gantt {
  rows: GanttRow[];
  checks: CheckRow[];
  /** Seconds of the whole axis. */
  span: number;
  /** Where an axis has its marks, in seconds. */
  ticks: number[];
  /** Tables on the longest path, in order, and its seconds. */
  path: { tables: string[]; seconds: number };
  /** Seconds since the beginning, while the run is under way; null after it. */
  now: number | null;
}

/** Of a bar's seconds, those of each stage as they were measured, and what is left. */
function partsOf(task: Timed, seconds: number, hasChecks: boolean): Part[] {
  const measured: Record<Stage, number> = {
    // The checks of a launch lie before its tasks; those of the demo's sample are part of them.
    check: hasChecks ? (task.checkSeconds ?? 0) : 0,
    compute: task.computeSeconds ?? 0,
    write: task.writeSeconds ?? 0,
  };
  let left = seconds;
  const parts = STAGES.map((stage): Part => {
    // Two clocks: what one measured never is more than the bar.
    const own = Math.min(left, measured[stage]);
    left -= own;
    return { stage, seconds: own };
  });
  return [...parts, { stage: "other" as const, seconds: left }].filter((part) => part.seconds > 0);
}

/** Marks at 1, 2 or 5 times a power of ten, at most `most` of them. */
export function niceTicks(span: number, most = 6): number[] {
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** A shorter check is not shown. */
const MIN_CHECK_SECONDS = 0.01;

const checkRow = (name: CheckRow["name"], from: number, seconds: number): CheckRow => ({
  name,
  from,
  seconds,
  parts: [{ stage: "check", seconds }],
  queued: 0,
  isOnLongestPath: false,
});

/**
 * A run over time: one row a task, with the figures of its bar and of the table beside it. `now` (ms) ends what is
 * under way; `usual` has the seconds of a table's usual task. Null before any task has begun.
 */
export function makeGantt(
  run: Pick<RunView, "startedAt" | "endedAt" | "sample" | "status">,
  tasks: readonly Timed[],
  upstreamOf: (table: string) => readonly string[],
  usual: Readonly<Record<string, number>>,
  now: number,
): Gantt | null {
  const begun = tasks.flatMap(({ startedAt }) => (startedAt ? [Date.parse(startedAt)] : []));
  if (begun.length === 0) return null;
  const start = Math.min(Date.parse(run.startedAt), ...begun);
  const since = (at: string) => (Date.parse(at) - start) / 1000;
  const took = (task: Timed) =>
    task.seconds ?? (task.startedAt && !run.endedAt ? Math.max(0, (now - Date.parse(task.startedAt)) / 1000) : null);
  const timed = tasks.map((task) => ({ ...task, seconds: took(task) }));
  const ran = timed.filter((task) => task.startedAt && task.seconds !== null);
  const path = criticalPath(ran, upstreamOf);
  const rows = timed.map((task): GanttRow => {
    const { id, table, status, startedAt, seconds } = task;
    const from = startedAt && seconds !== null ? since(startedAt) : null;
    const upstream = new Set(upstreamOf(table));
    const ready = Math.max(
      0,
      ...ran.flatMap((other) =>
        upstream.has(other.table) && other.startedAt ? [since(other.startedAt) + (other.seconds ?? 0)] : [],
      ),
    );
    const normal = usual[table] ?? null;
    return {
      id,
      table,
      status,
      from,
      seconds: from === null ? null : seconds,
      queued: from === null ? 0 : Math.max(0, from - ready),
      parts: from === null || seconds === null ? [] : partsOf(task, seconds, run.sample),
      isOnLongestPath: path.includes(id),
      follows: path[path.indexOf(id) - 1] ?? null,
      usual: normal,
      againstUsual: normal && seconds !== null && status === "succeeded" ? seconds / normal - 1 : null,
    };
  });
  const ends = rows.map(({ from, seconds }) => (from ?? 0) + (seconds ?? 0));
  const whole = run.endedAt ? since(run.endedAt) : Math.max(0, (now - start) / 1000);
  const span = Math.max(0.001, whole, ...ends);
  const last = Math.max(...ends);
  const hasRangeCheck = run.endedAt !== null && ["succeeded", "incomplete", "failed"].includes(run.status);
  const onPath = path.flatMap((id) => rows.filter((row) => row.id === id));
  return {
    rows,
    checks: [
      checkRow("pre-flight", 0, Math.min(...begun.map((at) => (at - start) / 1000))),
      checkRow("range check", last, hasRangeCheck ? whole - last : 0),
    ].filter(({ seconds }) => seconds >= MIN_CHECK_SECONDS),
    span,
    ticks: niceTicks(span),
    path: {
      tables: [...new Set(onPath.map(({ table }) => table))],
      seconds: onPath.reduce((sum, row) => sum + (row.seconds ?? 0), 0),
    },
    now: run.endedAt ? null : whole,
  };
}
