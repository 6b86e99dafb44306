import type { Point, Trend } from "./trend";

/** What one run took for one table, a point a date. */
export interface Series {
  runId: string;
  sample: boolean;
  startedAt: string;
  points: Point[];
  trend: Trend | null;
}

export interface TableTimings {
  table: string;
  /** Seconds by date, the latest run of each; tookTogether: dates of the same statement. */
  points: Array<Point & { runId: string; sample: boolean; rows: number; tookTogether: number }>;
  trend: Trend | null;
  /** Runs that timed several dates one by one. */
  series: Series[];
}

export interface Timings {
  tables: TableTimings[];
  /** Runs under way with the seconds left, from the tables' own history. */
  running: Array<{ runId: string; tasksLeft: number; secondsLeft: number | null }>;
}
