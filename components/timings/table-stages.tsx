"use client";

import { STAGES, type Stages } from "@/lib/engine/timings/stages";
import type { TableSummary } from "@/lib/engine/timings/summary";
import { changeOf } from "@/lib/engine/timings/summary";
import { shortDate } from "@/lib/util/dates";
import { ChartFrame, STAGE_COLORS } from "../charts/chart-frame";
import { FigureRow, FigureTable } from "../charts/figure-table";
import { Sparkline } from "../charts/sparkline";
import { TextButton, TextLink } from "../ui/parts";
import { PERCENTILE_COLORS } from "./run-durations";

/** Seconds with as many figures as tell. */
export const figure = (seconds: number): string =>
  seconds < 10 ? seconds.toFixed(seconds < 1 ? 3 : 1) : seconds.toFixed(0);

/** What each table takes a date: the median by stage, percentiles, its course by week, and outliers to open. */
export function TableStages({
  summaries,
  onChoose,
}: {
  summaries: readonly TableSummary[];
  onChoose(table: string): void;
}) {
  const span = Math.max(0.001, ...summaries.map(({ percentiles }) => percentiles?.p99 ?? 0));
  const percent = (seconds: number) => `${(100 * seconds) / span}%`;
  return (
    <ChartFrame
      title="By table and stage"
      words={`seconds a date: bar to the p50, marks at p90 and p99, 0 to ${figure(span)} s`}
      legend={[
        ...STAGES.map((stage) => [stage, { background: STAGE_COLORS[stage] }] as const),
        ["p90", { background: PERCENTILE_COLORS.p90, width: 3 }],
        ["p99", { background: PERCENTILE_COLORS.p99, width: 3 }],
      ]}
      file="fullcourt-tables"
      rows={summaries.map(({ table, dates, percentiles, stages, outliers }) => ({
        table,
        dates,
        p50: percentiles?.p50 ?? null,
        p90: percentiles?.p90 ?? null,
        p99: percentiles?.p99 ?? null,
        ...stages,
        outliers: outliers.length,
      }))}
    >
      <FigureTable
        label="All tables"
        drawn={<span className="sr-only">bar</span>}
        heads={["dates", "p50", "p90", "p99", "p50 by week", "outliers"]}
      >
        {summaries.map(({ table, dates, percentiles, stages, weeks, outliers }) => (
          <FigureRow key={table} name={<TextButton onClick={() => onChoose(table)}>{table}</TextButton>}>
            <td>{percentiles && <Bar stages={stages} percentiles={percentiles} percent={percent} />}</td>
            <td className="text-soft">{dates}</td>
            <td className="font-semibold">{percentiles && `${figure(percentiles.p50)} s`}</td>
            <td>{percentiles && `${figure(percentiles.p90)} s`}</td>
            <td>{percentiles && `${figure(percentiles.p99)} s`}</td>
            <td>
              <Sparkline
                values={weeks}
                label={`${table}: p50 by week`}
                className={(changeOf(weeks) ?? 0) > 0.1 ? "text-absent" : "text-ink-2"}
              />
            </td>
            <td>
              {outliers.length === 0 ? (
                <span className="text-soft">0</span>
              ) : (
                <TextLink
                  href={`/tables/${table}/${outliers[0]}`}
                  title={outliers.map((one) => shortDate(one)).join(", ")}
                >
                  {outliers.length}
                </TextLink>
              )}
            </td>
          </FigureRow>
        ))}
      </FigureTable>
    </ChartFrame>
  );
}

interface BarProps {
  stages: Stages;
  percentiles: NonNullable<TableSummary["percentiles"]>;
  percent(seconds: number): string;
}

function Bar({ stages, percentiles: { p50, p90, p99 }, percent }: BarProps) {
  return (
    <span aria-hidden="true" className="relative block h-4">
      <span className="absolute top-[7px] h-0.5 bg-line" style={{ left: percent(p50), width: percent(p99 - p50) }} />
      <span className="absolute inset-y-[3px] left-0 flex overflow-hidden rounded-bar" style={{ width: percent(p50) }}>
        {STAGES.map((stage) => (
          // The medians of stages need not add up to that of the whole: their shares fill the bar.
          <span key={stage} style={{ flexGrow: 1000 * stages[stage], background: STAGE_COLORS[stage] }} />
        ))}
      </span>
      <span
        className="absolute inset-y-[3px] w-0.5"
        style={{ left: percent(p90), background: PERCENTILE_COLORS.p90 }}
      />
      <span
        className="absolute inset-y-[3px] -ml-0.5 w-0.5"
        style={{ left: percent(p99), background: PERCENTILE_COLORS.p99 }}
      />
    </span>
  );
}
