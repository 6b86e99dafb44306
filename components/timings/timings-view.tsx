"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import type { RunView } from "@/lib/api/runs";
import type { Series, TableTimings, TimedPoint, Timings } from "@/lib/api/timings";
import { shortDate } from "@/lib/dates";
import { secondsWords } from "@/lib/runs";
import { ChartFrame } from "../charts/chart-frame";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/pipeline";
import { Select } from "../ui/select";
import { CompareRuns } from "./compare-runs";
import { LinesChart, SecondsChart, StageLegend } from "./seconds-chart";
import { TablesSummary } from "./tables-summary";

interface Growing {
  table: string;
  series: Series;
}

/** Series that grow by over a second a date, the steepest first: what a person should see at once. */
function growingOf(data: Timings): Growing[] {
  return data.tables
    .flatMap((table) => table.series.map((series) => ({ table: table.table, series })))
    .filter(({ series }) => (series.trend?.slope ?? 0) > 1)
    .sort((a, b) => (b.series.trend?.slope ?? 0) - (a.series.trend?.slope ?? 0));
}

const csvOf = (points: readonly TimedPoint[]) =>
  points.map(({ date, seconds, stages, rows, runId, tookTogether, sample, bytes, slotSeconds }) => ({
    date,
    seconds,
    ...stages,
    rows,
    dates_together: tookTogether,
    run: runId,
    sample,
    bytes,
    slot_seconds: slotSeconds,
  }));

/** Seconds by date for one table, over all runs or within one that timed its dates one by one. */
export function TimingsView({ initial, runs }: { initial: Timings; runs: RunView[] }) {
  const { tables } = usePipeline();
  const [url, setUrl] = useQueryStates({
    table: parseAsString,
    run: parseAsString,
    a: parseAsString,
    b: parseAsString,
  });
  const { data } = useQuery({
    queryKey: ["timings"],
    queryFn: () => getJson<Timings>("/api/timings"),
    initialData: initial,
  });
  const growing = growingOf(data);
  const name = url.table ?? growing[0]?.table ?? tables[0]?.id;
  const table = data.tables.find((one) => one.table === name) ?? data.tables[0];
  if (!table || data.tables.every((one) => one.points.length === 0)) {
    return (
      <p className="text-soft">
        Nothing has run yet.{" "}
        <Link className="text-accent underline" href="/">
          Look at the coverage
        </Link>{" "}
        and backfill what is missing.
      </p>
    );
  }
  const runId = url.run ?? growing.find((one) => one.table === table.table)?.series.runId ?? "all";
  const series = table.series.find((one) => one.runId === runId);
  return (
    <div className="flex flex-col gap-6">
      {data.running.map((run) => (
        <p key={run.runId} role="status">
          <Link className="text-accent underline" href={`/backfills/${run.runId}`}>
            Run {run.runId}
          </Link>
          : {run.tasksLeft} tasks left,{" "}
          {run.secondsLeft === null
            ? "no history to estimate from"
            : `about ${secondsWords(run.secondsLeft)}, in nine of ten cases at most ${secondsWords(run.p90SecondsLeft ?? run.secondsLeft)}`}
          .
        </p>
      ))}
      {growing.length > 0 && (
        <ul aria-label="What grows" className="flex flex-col gap-1 rounded-md border border-line p-3 text-sm">
          {growing.slice(0, 4).map((one) => (
            <li key={`${one.table} ${one.series.runId}`}>
              <button
                type="button"
                className="font-semibold text-accent underline underline-offset-2"
                onClick={() => void setUrl({ table: one.table, run: one.series.runId })}
              >
                {one.table}
              </button>{" "}
              in run {one.series.runId}
              {one.series.sample ? " (sample)" : ""}: {growthWords(one.series)}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-4 text-sm">
        <Select label="Table" value={table.table} onChoose={(chosen) => void setUrl({ table: chosen, run: null })}>
          {data.tables.map((one) => (
            <option key={one.table}>{one.table}</option>
          ))}
        </Select>
        <Select label="Run" value={series ? runId : "all"} onChoose={(run) => void setUrl({ table: table.table, run })}>
          <option value="all">latest of each date</option>
          {table.series.map((one) => (
            <option key={one.runId} value={one.runId}>
              {one.runId}
              {one.sample ? " (sample)" : ""}
            </option>
          ))}
        </Select>
      </div>
      <TableCharts table={table} series={series} />
      <CompareRuns runs={runs} a={url.a} b={url.b} onChoose={(chosen) => void setUrl(chosen)} />
      <TablesSummary tables={data.tables} />
    </div>
  );
}

/** "+38 s a date since Nov 16: …, from 5.0 s to 5 min 18 s; nearly all of it in the check". */
function growthWords(series: Series): string {
  const [first, last] = [series.points[0] as TimedPoint, series.points.at(-1) as TimedPoint];
  const share = last.stages.check / Math.max(0.001, last.seconds);
  const where = share > 0.5 ? `; ${Math.round(100 * share)} % of the last date is the check of its inputs` : "";
  return `${series.trend?.words}, from ${secondsWords(first.seconds)} to ${secondsWords(last.seconds)}${where}`;
}

function TableCharts({ table, series }: { table: TableTimings; series: Series | undefined }) {
  const shown = series ?? table;
  const far = shown.outliers.map((date) => shortDate(date));
  const rates = shown.points.map((point) => ({
    name: shortDate(point.date),
    rate: point.rows / Math.max(0.001, point.seconds * point.tookTogether),
  }));
  const weeks = table.weeks.map(({ week, p50, p90, p99 }) => ({ name: shortDate(week), p50, p90, p99 }));
  const billed = shown.points.flatMap(({ date, bytes, slotSeconds }) =>
    bytes === null ? [] : [{ name: shortDate(date), MiB: bytes / 2 ** 20, slots: slotSeconds ?? 0 }],
  );
  const sample =
    series?.sample || (!series && table.points.some((point) => point.sample)) ? " (sample of the demo)" : "";
  return (
    <>
      <ChartFrame
        title={`${table.table}: seconds a date${sample}`}
        words={
          <>
            {shown.trend ? shown.trend.words : "Too few dates for a trend"}
            {far.length > 0 && `; far from the others: ${far.join(", ")}`}
          </>
        }
        file={`fullcourt-${table.table}-seconds`}
        rows={csvOf(shown.points)}
      >
        <SecondsChart points={shown.points} trend={shown.trend} outliers={shown.outliers} />
        <StageLegend />
      </ChartFrame>
      <div className="grid gap-6 lg:grid-cols-2">
        <ChartFrame title="Rows per second" file={`fullcourt-${table.table}-rate`} rows={rates}>
          <LinesChart data={rates} lines={[{ key: "rate", colour: "var(--bar)" }]} unit=" /s" />
        </ChartFrame>
        {billed.length > 0 && (
          <>
            <ChartFrame
              title="MiB read a date"
              words="As BigQuery bills them; dates built together share alike."
              file={`fullcourt-${table.table}-bytes`}
              rows={billed}
            >
              <LinesChart data={billed} lines={[{ key: "MiB", colour: "var(--bar)" }]} unit="" />
            </ChartFrame>
            <ChartFrame title="Slot seconds a date" file={`fullcourt-${table.table}-slots`} rows={billed}>
              <LinesChart data={billed} lines={[{ key: "slots", colour: "var(--bar)" }]} unit=" s" />
            </ChartFrame>
          </>
        )}
        <ChartFrame
          title="Percentiles by week"
          words="Seconds a date by the week in which it was built: half, nine in ten, 99 in a hundred took less."
          file={`fullcourt-${table.table}-weeks`}
          rows={table.weeks.map((week) => ({ ...week }))}
        >
          <LinesChart
            data={weeks}
            lines={[
              { key: "p50", colour: "var(--bar)" },
              { key: "p90", colour: "var(--bar-hot)" },
              { key: "p99", colour: "var(--corrupt)" },
            ]}
            unit=" s"
          />
        </ChartFrame>
      </div>
    </>
  );
}
