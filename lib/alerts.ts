import type { RunView, TaskView } from "./api/runs";
import { dateList, formatRange } from "./dates";
import { groupBy } from "./group-by";
import { median } from "./planning/estimate";
import { runSeconds, secondsWords } from "./runs";

export interface Alert {
  event: "run.failed" | "run.blocked" | "run.slow" | "gap.old";
  /** The same for every delivery of it. */
  id: string;
  /** What it is in words, for a chat or a letter. */
  text: string;
  at: string;
  run?: Pick<RunView, "id" | "status" | "origin" | "tables" | "start" | "end" | "cells" | "rows" | "error">;
  gaps?: Array<{ table: string; dates: string[] }>;
  slow?: Slow[];
}

/** A task that took far longer than its table's tasks of that size do, in seconds a date. */
export interface Slow {
  table: string;
  seconds: number;
  usual: number;
}

/** Slow tables by the seconds a date that were told last, so that they are not told again. */
export type ToldSlow = Record<string, number>;

/** Fewer tasks of its size before it, and nothing can be said of a task. */
const FEWEST_BEFORE = 5;
/** Nobody minds less, in seconds for the whole task. */
const LEAST_SECONDS = 1;
/** A table that was told as slow is told again once it has become so much slower still. */
const WORSE_AGAIN = 1.5;

const shortRun = ({ id, status, origin, tables, start, end, cells, rows, error }: RunView) => ({
  id,
  status,
  origin,
  tables,
  start,
  end,
  cells,
  rows,
  error,
});

/** The alert of a run that has ended; null where nobody need be woken: it succeeded, or a person ended it. */
export function alertOf(run: RunView): Alert | null {
  if (run.sample || (run.status !== "failed" && run.status !== "blocked")) return null;
  const took = secondsWords(runSeconds(run, Date.parse(run.endedAt ?? run.startedAt)));
  const event = `run.${run.status}` as const;
  return {
    event,
    id: `${run.id} ${event}`,
    text: `Backfill ${run.id} ${run.status} after ${took}: ${run.tables.join(", ")}, ${formatRange(run)}. ${run.error ?? "No reason is on record."}`,
    at: run.endedAt ?? run.startedAt,
    run: shortRun(run),
  };
}

/**
 * The alert of gaps older than a limit in days: only when there are some that were not told before.
 * Cells are "table date"; those that have healed are forgotten by telling the new list next time.
 */
export function gapAlert(old: readonly string[], told: readonly string[], days: number, at: string): Alert | null {
  const known = new Set(told);
  const fresh = old.filter((cell) => !known.has(cell));
  if (fresh.length === 0) return null;
  const cells = fresh.map((cell) => cell.split(" ") as [table: string, date: string]);
  const byTable = groupBy(cells, ([table]) => table);
  const gaps = [...byTable].map(([table, own]) => ({ table, dates: own.map(([, date]) => date).sort() }));
  const words = gaps.map((one) => `${one.table} ${dateList(one.dates)}`).join("; ");
  const rest = old.length > fresh.length ? ` ${old.length - fresh.length} more were told before.` : "";
  return {
    event: "gap.old",
    id: `gap.old ${at}`,
    text: `${fresh.length} ${fresh.length === 1 ? "gap is" : "gaps are"} ${days} days old or more: ${words}.${rest}`,
    at,
    gaps,
  };
}

type Timed = Pick<TaskView, "table" | "status" | "seconds" | "dates">;
const perDate = (task: Timed): number => (task.seconds ?? 0) / task.dates.length;

/** Tasks that took `factor` times what the tasks of their table and size before them did, in the median. */
export function slowTasks(tasks: readonly Timed[], before: readonly Timed[], factor: number): Slow[] {
  return tasks.flatMap((task) => {
    if (task.status !== "succeeded" || task.dates.length === 0) return [];
    const n = task.dates.length;
    // A single date bears what many share: only tasks of a like size compare.
    const like = before.filter(
      (one) =>
        one.table === task.table &&
        one.status === "succeeded" &&
        one.dates.length >= n / 2 &&
        one.dates.length <= n * 2,
    );
    if (like.length < FEWEST_BEFORE) return [];
    const usual = median(like.map(perDate));
    const seconds = perDate(task);
    const isSlow = seconds > usual * factor && (seconds - usual) * n >= LEAST_SECONDS;
    return isSlow ? [{ table: task.table, seconds, usual }] : [];
  });
}

/** The alert of a run's slow tasks, and what is told from now on; no alert where nothing is new. */
export function slowAlert(
  run: RunView,
  slow: readonly Slow[],
  told: ToldSlow,
): { alert: Alert | null; told: ToldSlow } {
  const isSlow = new Set(slow.map((one) => one.table));
  // A table that is as quick as ever again is forgotten.
  const kept = Object.fromEntries(
    Object.entries(told).filter(([table]) => isSlow.has(table) || !run.tables.includes(table)),
  );
  const fresh = slow.filter((one) => one.seconds > (kept[one.table] ?? 0) * WORSE_AGAIN);
  if (fresh.length === 0) return { alert: null, told: kept };
  const words = fresh.map(
    (one) =>
      `${one.table} took ${one.seconds.toFixed(2)} s a date, ${(one.seconds / Math.max(one.usual, 0.001)).toFixed(1)} times the usual ${one.usual.toFixed(2)} s`,
  );
  return {
    alert: {
      event: "run.slow",
      id: `${run.id} run.slow`,
      text: `Backfill ${run.id} was slow: ${words.join("; ")}. ${formatRange(run)}.`,
      at: run.endedAt ?? run.startedAt,
      run: shortRun(run),
      slow: [...fresh],
    },
    told: { ...kept, ...Object.fromEntries(fresh.map((one) => [one.table, one.seconds])) },
  };
}
