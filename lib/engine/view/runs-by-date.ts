import type { RunView } from "../../api/runs";
import { addDays } from "../../util/dates";

type Run = Pick<RunView, "id" | "status" | "tables" | "start" | "end" | "startedAt">;

export interface DateRuns<R> {
  date: string;
  /** Runs whose range has the date, the last started first. */
  runs: R[];
  /** Tables that any of them built. */
  tables: string[];
}

/**
 * Dates of the ranges of runs, newest first, at most `most`: the same runs by what they built rather than by when. The
 * order of runs that is given does not matter.
 */
export function runsByDate<R extends Run>(runs: readonly R[], most: number): DateRuns<R>[] {
  const byStart = [...runs].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const dates: DateRuns<R>[] = [];
  const ends = runs.map(({ end }) => end).sort();
  const first = runs.map(({ start }) => start).sort()[0];
  let date = ends.at(-1);
  while (date !== undefined && first !== undefined && date >= first && dates.length < most) {
    const day = date;
    const own = byStart.filter(({ start, end }) => start <= day && day <= end);
    if (own.length > 0) dates.push({ date, runs: own, tables: [...new Set(own.flatMap(({ tables }) => tables))] });
    // Where no run is, the next date is the end of an earlier one.
    date = own.length > 0 ? addDays(date, -1) : ends.findLast((end) => end < day);
  }
  return dates;
}
