import type { RunView, Usual } from "../../api/runs";
import { groupBy } from "../../util/group-by";
import { median, quantile, runSeconds } from "../planning/estimate";

/** Fewer say nothing of what is usual. */
const MIN_RUNS = 3;
/** So many of the last tasks or runs are looked at. */
const LAST = 20;
/** A run of up to so many times the cells, or of so many times fewer, is like another. */
const LIKE = 1.5;

type Ended = Pick<RunView, "id" | "status" | "sample" | "tables" | "cells" | "startedAt" | "endedAt">;

/** Seconds of each table's usual task, the median of its last ones (newest first); tables without enough have none. */
export function usualByTable(tasks: ReadonlyArray<{ table: string; seconds: number }>): Record<string, number> {
  const usual: Record<string, number> = {};
  for (const [table, own] of groupBy(tasks, (task) => task.table))
    if (own.length >= MIN_RUNS) usual[table] = median(own.slice(0, LAST).map(({ seconds }) => seconds));
  return usual;
}

/** What runs like one took: earlier ones (newest first) of the same tables and about as many cells that were carried out. */
export function usualRun(run: Ended, runs: readonly Ended[]): Usual | null {
  const tables = [...run.tables].sort().join();
  const like = runs.filter(
    (other) =>
      other.id !== run.id &&
      other.startedAt < run.startedAt &&
      (other.status === "succeeded" || other.status === "incomplete") &&
      other.sample === run.sample &&
      Math.max(other.cells, run.cells) <= LIKE * Math.min(other.cells, run.cells) &&
      [...other.tables].sort().join() === tables,
  );
  if (like.length < MIN_RUNS) return null;
  const seconds = like.slice(0, LAST).map((other) => runSeconds(other, 0));
  return { runs: seconds.length, p50: median(seconds), p90: quantile(seconds, 0.9), max: Math.max(...seconds) };
}
