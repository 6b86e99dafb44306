import type { Phases } from "./phases";
import type { Week } from "./statistics";
import type { Point, Trend } from "./trend";

/** A point of a chart: one date of one task, its seconds by phase, and what it wrote. */
export interface TimedPoint extends Point {
  runId: string;
  sample: boolean;
  phases: Phases;
  /** Rows of the date's task, and how many dates the task had. */
  rows: number;
  tookTogether: number;
  /** The date's share of bytes read and slot seconds; null where the engine bills neither. */
  bytes: number | null;
  slotSeconds: number | null;
  endedAt: string;
}

/** What one run took for one table, a point a date. */
export interface Series {
  runId: string;
  sample: boolean;
  startedAt: string;
  points: TimedPoint[];
  trend: Trend | null;
  /** Dates that took far longer or shorter than the others. */
  outliers: string[];
}

export interface TableTimings {
  table: string;
  /** Seconds by date, the latest run of each. */
  points: TimedPoint[];
  trend: Trend | null;
  outliers: string[];
  /** Percentiles of a date's seconds by the week in which it was built. */
  weeks: Week[];
  /** Runs that timed several dates one by one. */
  series: Series[];
}

export interface Timings {
  tables: TableTimings[];
  /** Runs under way with the seconds left, from the tables' own history. */
  running: Array<{ runId: string; tasksLeft: number; secondsLeft: number | null; p90SecondsLeft: number | null }>;
}
