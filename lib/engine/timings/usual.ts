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

/** True for a run that has done what it could: only such durations can be compared. */
export const isCarriedOut = ({ status }: Pick<Ended, "status">): boolean =>
  status === "succeeded" || status === "incomplete";

/** The same for runs of the same tables, which can be compared. */
export const kindOf = ({ sample, tables }: Pick<Ended, "sample" | "tables">): string =>
  `${sample} ${[...tables].sort().join()}`;

/** Seconds of each table's usual task, the median of its last ones (newest first); tables without enough have none. */
export function usualByTable(tasks: ReadonlyArray<{ table: string; seconds: number }>): Record<string, number> {
  const usual: Record<string, number> = {};
  for (const [table, own] of groupBy(tasks, (task) => task.table))
    if (own.length >= MIN_RUNS) usual[table] = median(own.slice(0, LAST).map(({ seconds }) => seconds));
  return usual;
}

/** What runs like one took: earlier ones (newest first) of the same tables and about as many cells that were carried out. */
export function usualRun(run: Ended, runs: readonly Ended[]): Usual | null {
  const like = runs.filter(
    (other) =>
      other.id !== run.id &&
      other.startedAt < run.startedAt &&
      isCarriedOut(other) &&
      Math.max(other.cells, run.cells) <= LIKE * Math.min(other.cells, run.cells) &&
      kindOf(other) === kindOf(run),
  );
  if (like.length < MIN_RUNS) return null;
  const seconds = like.slice(0, LAST).map((other) => runSeconds(other, 0));
  return { runs: seconds.length, p50: median(seconds), p90: quantile(seconds, 0.9), max: Math.max(...seconds) };
}
