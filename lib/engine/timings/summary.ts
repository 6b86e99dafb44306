import type { RunView } from "../../api/runs";
import type { TableTimings, TimedPoint } from "../../api/timings";
import { groupBy } from "../../util/group-by";
import { median, quantile, runSeconds } from "../planning/estimate";
import { STAGES, type Stage, type Stages } from "./stages";
import { outliersOf, weeksOf } from "./statistics";
import { isCarriedOut, kindOf } from "./usual";

/** The percentiles of a run's duration are those of so many last runs. */
const WINDOW = 10;
/** A run that took so many times the median is an outlier. */
const OUTLIER_TIMES = 3;

/** Seconds: half took less than p50, nine in ten less than p90, 99 in a hundred less than p99. */
export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
}

export const percentilesOf = (values: readonly number[]): Percentiles | null =>
  values.length === 0 ? null : { p50: quantile(values, 0.5), p90: quantile(values, 0.9), p99: quantile(values, 0.99) };

type Run = Pick<RunView, "id" | "status" | "sample" | "tables" | "start" | "end" | "startedAt" | "endedAt">;

interface RunPoint extends Percentiles {
  id: string;
  /** First and last date that it built. */
  start: string;
  end: string;
  startedAt: string;
  seconds: number;
  isOutlier: boolean;
}

export interface RunSummary {
  /** Ascending by time; the percentiles of each are those of the runs up to it. */
  points: RunPoint[];
  /** Tables that each of them built. */
  tables: number;
  sample: boolean;
  /** Percentiles of all. */
  all: Percentiles;
}

/**
 * The durations of runs that can be compared: those of the same tables, of which most were carried out. Null where
 * none was.
 */
export function summarizeRuns(runs: readonly Run[]): RunSummary | null {
  const ended = runs.filter((run) => run.endedAt && isCarriedOut(run));
  const groups = groupBy(ended, kindOf);
  const [own] = [...groups.values()].sort((a, b) => b.length - a.length);
  const first = own?.[0];
  if (!own || !first) return null;
  const ascending = [...own].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  const seconds = ascending.map((run) => runSeconds(run, 0));
  const all = percentilesOf(seconds) as Percentiles;
  const points = ascending.map(({ id, start, end, startedAt }, at): RunPoint => {
    const took = seconds[at] as number;
    const last = percentilesOf(seconds.slice(Math.max(0, at + 1 - WINDOW), at + 1)) as Percentiles;
    return { id, start, end, startedAt, seconds: took, ...last, isOutlier: took > OUTLIER_TIMES * all.p50 };
  });
  return { points, tables: first.tables.length, sample: first.sample, all };
}

/** How the middle duration of the later half of runs stands to that of the earlier half, 0.16 for 16 % more; null below six runs. */
export function changeOf(seconds: readonly number[]): number | null {
  if (seconds.length < 6) return null;
  const half = Math.floor(seconds.length / 2);
  const before = median(seconds.slice(0, half));
  return before > 0 ? median(seconds.slice(-half)) / before - 1 : null;
}

export interface TableSummary {
  table: string;
  dates: number;
  percentiles: Percentiles | null;
  /** Seconds of the middle date by stage. */
  stages: Stages;
  /** The p50 of each week, ascending. */
  weeks: number[];
  /** Dates far from the others. */
  outliers: string[];
}

/** Seconds of a date in one stage, or in all. */
export const secondsOf = (point: Pick<TimedPoint, "seconds" | "stages">, stage: Stage | "all"): number =>
  stage === "all" ? point.seconds : (point.stages[stage] ?? 0);

/** What tables take a date, of one stage or all, in a range of dates. */
export function summarizeTables(
  tables: ReadonlyArray<Pick<TableTimings, "table" | "points">>,
  stage: Stage | "all",
  { start, end }: { start: string; end: string },
): TableSummary[] {
  return tables.map(({ table, points }) => {
    const own = points.filter(({ date }) => start <= date && date <= end);
    const seconds = own.map((point) => secondsOf(point, stage));
    const stageMedian = (one: Stage) =>
      own.length === 0 || (stage !== "all" && stage !== one) ? 0 : median(own.map((point) => point.stages[one] ?? 0));
    return {
      table,
      dates: own.length,
      percentiles: percentilesOf(seconds),
      stages: Object.fromEntries(STAGES.map((one) => [one, stageMedian(one)])) as Stages,
      weeks: weeksOf(own.map((point) => ({ day: point.date, seconds: secondsOf(point, stage) }))).map(({ p50 }) => p50),
      outliers: outliersOf(seconds).map((at) => (own[at] as TimedPoint).date),
    };
  });
}
