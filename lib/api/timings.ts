import { z } from "zod";
import { STAGES } from "../engine/timings/stages";
import { count, date, moment } from "./common";

/** A point of a chart: one date of one task, its seconds by stage, and what it wrote. */
const point = z.strictObject({
  date,
  seconds: z.number(),
  runId: z.string(),
  sample: z.boolean(),
  stages: z.record(z.enum(STAGES), z.number()),
  /** Rows of the date's task, and how many dates the task had. */
  rows: count,
  tookTogether: count,
  /** The date's share of bytes read and slot seconds; null where the engine bills neither. */
  bytes: z.number().nullable(),
  slotSeconds: z.number().nullable(),
  endedAt: moment,
});

/** A straight line through seconds by place in the series, and what it says. */
const trend = z.strictObject({
  /** Seconds that each next date takes longer. */
  slope: z.number(),
  intercept: z.number(),
  words: z.string(),
});

const week = z.strictObject({
  /** Its Monday. */
  week: date,
  n: count,
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
});

/** Seconds by date, and what they show. */
const timed = z.strictObject({
  points: z.array(point),
  trend: trend.nullable(),
  /** Dates that took far longer or shorter than the others. */
  outliers: z.array(date),
});

/** What one run took for one table, a point a date. */
const series = timed.extend({ runId: z.string(), sample: z.boolean(), startedAt: moment });

/** The latest word of a date: its seconds, null where it failed. */
const recentRun = z.strictObject({
  date,
  seconds: z.number().nullable(),
  runId: z.string(),
  status: z.enum(["succeeded", "failed"]),
});

/** What a table took, by the latest run of each date. */
const tableTimings = timed.extend({
  table: z.string(),
  /** Percentiles of a date's seconds by the week in which it was built. */
  weeks: z.array(week),
  /**
   * The last dates that were built or failed, ascending, each with the run that built it alone where one did: else the
   * seconds are its share of a task of several dates.
   */
  recent: z.array(recentRun),
  /** Runs that timed several dates one by one. */
  series: z.array(series),
});

export const timings = z.strictObject({
  tables: z.array(tableTimings),
  /** Runs under way with the seconds left, from the tables' own history. */
  running: z.array(
    z.strictObject({
      runId: z.string(),
      tasksLeft: count,
      secondsLeft: z.number().nullable(),
      p90SecondsLeft: z.number().nullable(),
    }),
  ),
});

export type TimedPoint = z.output<typeof point>;
export type RecentRun = z.output<typeof recentRun>;
export type Trend = z.output<typeof trend>;
export type Week = z.output<typeof week>;
export type Series = z.output<typeof series>;
export type TableTimings = z.output<typeof tableTimings>;
export type Timings = z.output<typeof timings>;
