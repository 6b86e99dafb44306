"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { Bar, Legend, Line } from "recharts";
import type { RunView } from "@/lib/api/runs";
import type { Series, TableTimings, TimedPoint, Timings } from "@/lib/api/timings";
import { STAGES } from "@/lib/engine/timings/stages";
import { formatEstimate, formatSeconds } from "@/lib/engine/view/format-time";
import { shortDate } from "@/lib/util/dates";
import { STAGE_COLOURS } from "../charts/chart-frame";
import { DateChart } from "../charts/date-chart";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/context";
import { DataTable } from "../ui/data-table";
import { NothingRun, TextButton, TextLink } from "../ui/parts";
import { Select } from "../ui/select";
import { CompareRuns } from "./compare-runs";

const LINE = { strokeWidth: 2, dot: { r: 2 }, isAnimationActive: false };

/** Series that grow by over a second a date, the steepest first: what a person should see at once. */
const growingOf = (data: Timings) =>
  data.tables
    .flatMap(({ table, series }) => series.map((one) => ({ table, series: one, slope: one.trend?.slope ?? 0 })))
    .filter(({ slope }) => slope > 1)
    .sort((a, b) => b.slope - a.slope);

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
  const [url, setUrl] = useQueryStates({ table: parseAsString, run: parseAsString });
  const { data } = useQuery({
    queryKey: ["timings"],
    queryFn: () => getJson<Timings>("/api/timings"),
    initialData: initial,
  });
  const growing = growingOf(data);
  const name = url.table ?? growing[0]?.table ?? tables[0]?.id;
  const table = data.tables.find((one) => one.table === name) ?? data.tables[0];
  if (!table || data.tables.every((one) => one.points.length === 0)) return <NothingRun />;
  const runId = url.run ?? growing.find((one) => one.table === table.table)?.series.runId ?? "all";
  const series = table.series.find((one) => one.runId === runId);
  return (
    <div className="flex flex-col gap-6">
      {data.running.map((run) => (
        <p key={run.runId} role="status">
          <TextLink href={`/backfills/${run.runId}`}>Run {run.runId}</TextLink>: {run.tasksLeft} tasks left,{" "}
          {formatEstimate({ seconds: run.secondsLeft, p90: run.p90SecondsLeft, pastError: null })}.
        </p>
      ))}
      {growing.length > 0 && (
        <ul aria-label="What grows" className="flex flex-col gap-1 rounded-md border border-line p-3 text-sm">
          {growing.slice(0, 4).map((one) => (
            <li key={`${one.table} ${one.series.runId}`}>
              <TextButton
                className="font-semibold"
                onClick={() => void setUrl({ table: one.table, run: one.series.runId })}
              >
                {one.table}
              </TextButton>{" "}
              in run {one.series.runId}
              {sampleWords(one.series)}: {growthWords(one.series)}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-4 text-sm">
        <Select
          label="Table"
          value={table.table}
          options={data.tables.map((one) => one.table)}
          onChoose={(chosen) => void setUrl({ table: chosen, run: null })}
        />
        <Select
          label="Run"
          value={series ? runId : "all"}
          options={[
            { value: "all", words: "latest of each date" },
            ...table.series.map((one) => ({ value: one.runId, words: one.runId + sampleWords(one) })),
          ]}
          onChoose={(run) => void setUrl({ table: table.table, run })}
        />
      </div>
      <TableCharts table={table} series={series} />
      <CompareRuns runs={runs} />
      <DataTable
        label="All tables"
        caption="All tables, latest run of each date"
        className="max-w-4xl"
        rows={data.tables.map((one) => ({ ...one, seconds: one.points.map((point) => point.seconds) }))}
        rowKey={(one) => one.table}
        columns={[
          ["table", (one) => one.table, "font-medium"],
          ["dates", ({ seconds }) => seconds.length],
          ["mean seconds a date", ({ seconds }) => figure(seconds, sum(seconds) / seconds.length)],
          ["slowest", ({ seconds }) => figure(seconds, Math.max(...seconds))],
          ["far from the others", ({ outliers }) => outliers.length || ""],
          ["trend", ({ trend }) => trend?.words, "text-soft"],
        ]}
      />
    </div>
  );
}

const sampleWords = ({ sample }: Series) => (sample ? " (sample)" : "");
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const figure = (of: readonly number[], value: number) => (of.length > 0 ? value.toFixed(3) : "");

/** "+38 s a date since Nov 16: …, from 5.0 s to 5 min 18 s; nearly all of it in the check". */
function growthWords(series: Series): string {
  const [first, last] = [series.points[0] as TimedPoint, series.points.at(-1) as TimedPoint];
  const share = last.stages.check / Math.max(0.001, last.seconds);
  const where = share > 0.5 ? `; ${Math.round(100 * share)} % of the last date is the check of its inputs` : "";
  return `${series.trend?.words}, from ${formatSeconds(first.seconds)} to ${formatSeconds(last.seconds)}${where}`;
}

function TableCharts({ table, series }: { table: TableTimings; series: Series | undefined }) {
  const { points, trend, outliers } = series ?? table;
  const file = `fullcourt-${table.table}`;
  const far = outliers.map((date) => shortDate(date));
  const seconds = points.map((point, index) => ({
    name: shortDate(point.date),
    ...point.stages,
    ...(trend ? { trend: Math.max(0, trend.intercept + trend.slope * index) } : {}),
    ...(outliers.includes(point.date) ? { outlier: point.seconds } : {}),
  }));
  const rates = points.map((point) => ({
    name: shortDate(point.date),
    rate: point.rows / Math.max(0.001, point.seconds * point.tookTogether),
  }));
  const weeks = table.weeks.map((week) => ({ ...week, name: shortDate(week.week) }));
  const billed = points.flatMap(({ date, bytes, slotSeconds }) =>
    bytes === null ? [] : [{ name: shortDate(date), MiB: bytes / 2 ** 20, slots: slotSeconds ?? 0 }],
  );
  const sample =
    series?.sample || (!series && table.points.some((point) => point.sample)) ? " (sample of the demo)" : "";
  return (
    <>
      <DateChart
        title={`${table.table}: seconds a date${sample}`}
        words={`${trend?.words ?? "Too few dates for a trend"}${far.length > 0 ? `; far from the others: ${far.join(", ")}` : ""}`}
        file={`${file}-seconds`}
        rows={csvOf(points)}
        data={seconds}
        height={264}
        unit=" s"
      >
        {STAGES.map((stage) => (
          <Bar key={stage} dataKey={stage} stackId="stages" fill={STAGE_COLOURS[stage]} isAnimationActive={false} />
        ))}
        {trend && (
          <Line
            dataKey="trend"
            stroke="var(--color-ink)"
            strokeDasharray="4 3"
            legendType="plainline"
            dot={false}
            isAnimationActive={false}
          />
        )}
        <Line
          dataKey="outlier"
          name="far from the others"
          legendType="circle"
          stroke="var(--corrupt)"
          strokeWidth={0}
          dot={{ r: 5, fill: "none", strokeWidth: 2 }}
          isAnimationActive={false}
        />
        <Legend
          itemSorter={null}
          align="left"
          formatter={(name) => <span className="text-xs text-soft">{name}</span>}
        />
      </DateChart>
      <div className="grid gap-6 lg:grid-cols-2">
        <DateChart title="Rows per second" file={`${file}-rate`} data={rates} unit=" /s">
          <Line dataKey="rate" stroke="var(--bar)" {...LINE} />
        </DateChart>
        {billed.length > 0 && (
          <>
            <DateChart
              title="MiB read a date"
              words="As BigQuery bills them; dates built together share alike."
              file={`${file}-bytes`}
              data={billed}
            >
              <Line dataKey="MiB" stroke="var(--bar)" {...LINE} />
            </DateChart>
            <DateChart title="Slot seconds a date" file={`${file}-slots`} data={billed} unit=" s">
              <Line dataKey="slots" stroke="var(--bar)" {...LINE} />
            </DateChart>
          </>
        )}
        <DateChart
          title="Percentiles by week"
          words="Seconds a date by the week in which it was built: half, nine in ten, 99 in a hundred took less."
          file={`${file}-weeks`}
          data={weeks}
          rows={table.weeks}
          unit=" s"
        >
          <Line dataKey="p50" stroke="var(--bar)" {...LINE} />
          <Line dataKey="p90" stroke="var(--bar-hot)" {...LINE} />
          <Line dataKey="p99" stroke="var(--corrupt)" {...LINE} />
        </DateChart>
      </div>
    </>
  );
}
