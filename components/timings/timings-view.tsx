"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Bar, Line } from "recharts";
import type { RunView } from "@/lib/api/runs";
import type { Series, TableTimings, TimedPoint, Timings } from "@/lib/api/timings";
import { STAGES, type Stage } from "@/lib/engine/timings/stages";
import { secondsOf, summarizeRuns, summarizeTables } from "@/lib/engine/timings/summary";
import { formatEstimate, formatSeconds } from "@/lib/engine/view/format-time";
import { formatTrend } from "@/lib/engine/view/format-timings";
import { shortDate } from "@/lib/util/dates";
import { type LegendItem, STAGE_COLORS } from "../charts/chart-frame";
import { DateChart } from "../charts/date-chart";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/context";
import { Card, NothingRun, TextButton, TextLink } from "../ui/parts";
import { Select } from "../ui/select";
import { CompareRuns } from "./compare-runs";
import { Figures, PERCENTILE_COLORS, RunDurations } from "./run-durations";
import { SlowDates } from "./slow-dates";
import { TableStages } from "./table-stages";

const LINE = { strokeWidth: 2, dot: { r: 2 }, isAnimationActive: false };
const FIRST = "0001-01-01";
const LAST = "9999-12-31";

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

/** Durations of runs, tables, stages and dates, what stands out of them, and what they cost. */
export function TimingsView({ initial, runs }: { initial: Timings; runs: RunView[] }) {
  const { tables } = usePipeline();
  const [url, setUrl] = useQueryStates({
    table: parseAsString,
    run: parseAsString,
    stage: parseAsStringLiteral(["all", ...STAGES]).withDefault("all"),
    start: parseAsString,
    end: parseAsString,
  });
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
  const range = { start: url.start || FIRST, end: url.end || LAST };
  const summary = summarizeRuns(runs.filter(({ start, end }) => start <= range.end && range.start <= end));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="mr-auto text-ink-2">{summary ? formatTrend(summary) : "No run of this range has ended."}</p>
        <Select
          label="Stage"
          value={url.stage}
          options={[{ value: "all", words: "all stages" }, ...STAGES]}
          onChoose={(stage) => void setUrl({ stage })}
        />
        <DateInput label="From" value={url.start} onChoose={(start) => void setUrl({ start })} />
        <DateInput label="To" value={url.end} onChoose={(end) => void setUrl({ end })} />
      </div>
      {data.running.map((run) => (
        <p key={run.runId} role="status">
          <TextLink href={`/backfills/${run.runId}`}>Run {run.runId}</TextLink>: {run.tasksLeft} tasks left,{" "}
          {formatEstimate({ seconds: run.secondsLeft, p90: run.p90SecondsLeft, pastError: null })}.
        </p>
      ))}
      {growing.length > 0 && (
        <Card className="px-4 py-3">
          <ul aria-label="What grows" className="flex flex-col gap-1">
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
        </Card>
      )}
      {summary && <Figures summary={summary} />}
      <div className="grid min-w-0 gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        {summary && <RunDurations summary={summary} />}
        <DateSeconds table={table} series={series} stage={url.stage} range={range}>
          <Select
            label="Table"
            value={table.table}
            options={data.tables.map((one) => one.table)}
            onChoose={(chosen) => void setUrl({ table: chosen, run: null })}
          />
          <Select
            label="Run"
            className="max-w-44"
            value={series ? runId : "all"}
            options={[
              { value: "all", words: "latest of each date" },
              ...table.series.map((one) => ({ value: one.runId, words: one.runId + sampleWords(one) })),
            ]}
            onChoose={(run) => void setUrl({ table: table.table, run })}
          />
        </DateSeconds>
      </div>
      <SlowDates tables={data.tables} />
      <div className="grid min-w-0 gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <TableStages
          summaries={summarizeTables(data.tables, url.stage, range)}
          onChoose={(chosen) => void setUrl({ table: chosen, run: null })}
        />
        <CompareRuns runs={runs} last={summary?.points.map(({ id }) => id) ?? []} />
      </div>
      <TableCharts table={table} series={series} />
    </div>
  );
}

function DateInput(props: { label: string; value: string | null; onChoose(date: string | null): void }) {
  const { label, value, onChoose } = props;
  return (
    <label className="flex items-center gap-2">
      {label}
      <input
        type="date"
        value={value ?? ""}
        className="min-h-8 rounded-control border border-line bg-panel px-2"
        onChange={(event) => onChoose(event.target.value || null)}
      />
    </label>
  );
}

const sampleWords = ({ sample }: Series) => (sample ? " (sample)" : "");

/** "+38 s a date since Nov 16: …, from 5.0 s to 5 min 18 s; nearly all of it in the check". */
function growthWords(series: Series): string {
  const [first, last] = [series.points[0] as TimedPoint, series.points.at(-1) as TimedPoint];
  const share = last.stages.check / Math.max(0.001, last.seconds);
  const where = share > 0.5 ? `; ${Math.round(100 * share)} % of the last date is the check of its inputs` : "";
  return `${series.trend?.words}, from ${formatSeconds(first.seconds)} to ${formatSeconds(last.seconds)}${where}`;
}

interface DateSecondsProps {
  table: TableTimings;
  series: Series | undefined;
  stage: Stage | "all";
  range: { start: string; end: string };
  children: React.ReactNode;
}

/** Seconds of one table by date and stage, with its trend and its outliers; a press on a date opens its rows. */
function DateSeconds({ table, series, stage, range, children }: DateSecondsProps) {
  const router = useRouter();
  const of = series ?? table;
  const { trend, outliers } = of;
  const first = of.points.findIndex(({ date }) => date >= range.start);
  const points = of.points.filter(({ date }) => range.start <= date && date <= range.end);
  const far = outliers.filter((date) => range.start <= date && date <= range.end);
  const sample =
    series?.sample || (!series && table.points.some((point) => point.sample)) ? " (sample of the demo)" : "";
  const isWhole = stage === "all";
  const data = points.map((point, at) => ({
    name: shortDate(point.date),
    ...(isWhole ? point.stages : { [stage]: secondsOf(point, stage) }),
    ...(trend && isWhole ? { trend: Math.max(0, trend.intercept + trend.slope * (at + Math.max(0, first))) } : {}),
    ...(outliers.includes(point.date) && isWhole ? { outlier: point.seconds } : {}),
  }));
  const stages = STAGES.filter((one) => isWhole || one === stage);
  const legend: LegendItem[] = stages.map((one) => [one, { background: STAGE_COLORS[one] }]);
  if (trend && isWhole) legend.push(["trend", { borderTop: "2px dashed var(--color-ink)", height: 2 }]);
  if (far.length > 0 && isWhole) legend.push(["outlier", { border: "2px solid var(--color-wrong)", borderRadius: 99 }]);
  return (
    <DateChart
      title={`${table.table}: seconds a date${sample}`}
      words={
        <>
          {trend?.words ?? "Too few dates for a trend"}
          {far.length > 0 && (
            <>
              ; outliers:{" "}
              {far.slice(0, 6).map((date) => (
                <TextLink key={date} href={`/tables/${table.table}/${date}`} className="mr-1.5">
                  {shortDate(date)}
                </TextLink>
              ))}
            </>
          )}
        </>
      }
      beside={children}
      legend={legend}
      file={`fullcourt-${table.table}-seconds`}
      rows={csvOf(points)}
      data={data}
      height={240}
      unit=" s"
      onPress={(index) => points[index] && router.push(`/backfills/${points[index].runId}`)}
    >
      {stages.map((one) => (
        <Bar key={one} dataKey={one} stackId="stages" fill={STAGE_COLORS[one]} isAnimationActive={false} />
      ))}
      {trend && isWhole && (
        <Line dataKey="trend" stroke="var(--color-ink)" strokeDasharray="4 3" dot={false} isAnimationActive={false} />
      )}
      {isWhole && (
        <Line
          dataKey="outlier"
          stroke="var(--color-wrong)"
          strokeWidth={0}
          dot={{ r: 5, fill: "none", strokeWidth: 2 }}
          isAnimationActive={false}
        />
      )}
    </DateChart>
  );
}

/** Throughput, cost and percentiles by week of one table. */
function TableCharts({ table, series }: { table: TableTimings; series: Series | undefined }) {
  const { points } = series ?? table;
  const file = `fullcourt-${table.table}`;
  const rates = points.map((point) => ({
    name: shortDate(point.date),
    rate: point.rows / Math.max(0.001, point.seconds * point.tookTogether),
  }));
  const weeks = table.weeks.map((week) => ({ ...week, name: shortDate(week.week) }));
  const billed = points.flatMap(({ date, bytes, slotSeconds }) =>
    bytes === null ? [] : [{ name: shortDate(date), MiB: bytes / 2 ** 20, slots: slotSeconds ?? 0 }],
  );
  return (
    <div className="grid min-w-0 gap-3 lg:grid-cols-2">
      <DateChart
        title={`${table.table}: rows per second`}
        file={`${file}-rate`}
        data={rates}
        unit=" /s"
        legend={[["rows per second", { background: "var(--bar)", height: 3 }]]}
      >
        <Line dataKey="rate" name="rows per second" stroke="var(--bar)" {...LINE} />
      </DateChart>
      <DateChart
        title={`${table.table}: percentiles by week`}
        words="seconds a date, by the week in which it was built"
        legend={(["p50", "p90", "p99"] as const).map((name) => [
          name,
          { background: PERCENTILE_COLORS[name], height: 3 },
        ])}
        file={`${file}-weeks`}
        data={weeks}
        rows={table.weeks}
        unit=" s"
      >
        <Line dataKey="p50" stroke={PERCENTILE_COLORS.p50} {...LINE} />
        <Line dataKey="p90" stroke={PERCENTILE_COLORS.p90} {...LINE} />
        <Line dataKey="p99" stroke={PERCENTILE_COLORS.p99} {...LINE} />
      </DateChart>
      {billed.length > 0 && (
        <>
          <DateChart
            title="MiB read a date"
            words="As BigQuery bills them; dates built together share alike."
            legend={[["MiB", { background: "var(--bar)", height: 3 }]]}
            file={`${file}-bytes`}
            data={billed}
            unit=" MiB"
          >
            <Line dataKey="MiB" stroke="var(--bar)" {...LINE} />
          </DateChart>
          <DateChart
            title="Slot seconds a date"
            legend={[["slot seconds", { background: "var(--bar)", height: 3 }]]}
            file={`${file}-slots`}
            data={billed}
            unit=" s"
          >
            <Line dataKey="slots" name="slot seconds" stroke="var(--bar)" {...LINE} />
          </DateChart>
        </>
      )}
    </div>
  );
}
