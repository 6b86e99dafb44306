import type { PlanTask } from "./plan";

/** One task that has run: what estimates are made of. */
export interface TaskHistory {
  table: string;
  dates: number;
  seconds: number;
}

const median = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/**
 * Seconds that tasks will take, from the tables' own history: the median of each table's
 * last tasks, as one statement over a range costs much the same for few dates or many.
 * null when a table has none.
 */
export function estimateSeconds(tasks: readonly PlanTask[], history: readonly TaskHistory[]): number | null {
  let total = 0;
  for (const task of tasks) {
    const own = history.filter((one) => one.table === task.table).map((one) => one.seconds);
    if (own.length === 0) return null;
    total += median(own.slice(0, 20));
  }
  return Math.round(total * 100) / 100;
}
