"use client";

import type { ComponentProps } from "react";
import { Bar, Line } from "recharts";
import type { TableTimings } from "@/lib/api/timings";
import { shortDate } from "@/lib/dates";
import { STAGES } from "@/lib/timings/stages";
import { ChartFrame, STAGE_COLOURS } from "../charts/chart-frame";
import { DateChart } from "../charts/date-chart";

/** Seconds by date in bars, one part a stage, with the trend as a line; a date far from the others is marked. */
export function SecondsChart({ points, trend, outliers }: Pick<TableTimings, "points" | "trend" | "outliers">) {
  const data = points.map((point, index) => ({
    name: shortDate(point.date),
    ...point.stages,
    ...(trend ? { trend: Math.max(0, trend.intercept + trend.slope * index) } : {}),
    ...(outliers.includes(point.date) ? { outlier: point.seconds } : {}),
  }));
  return (
    <>
      <DateChart data={data} height={240} unit=" s" tooltip={{ formatter: (value) => `${Number(value).toFixed(3)} s` }}>
        {STAGES.map((stage) => (
          <Bar key={stage} dataKey={stage} stackId="stages" fill={STAGE_COLOURS[stage]} isAnimationActive={false} />
        ))}
        {trend && (
          <Line dataKey="trend" stroke="var(--color-ink)" strokeDasharray="4 3" dot={false} isAnimationActive={false} />
        )}
        <Line
          dataKey="outlier"
          stroke="none"
          dot={{ r: 5, fill: "none", stroke: "var(--corrupt)", strokeWidth: 2 }}
          isAnimationActive={false}
        />
      </DateChart>
      <ul className="flex flex-wrap gap-4 text-xs text-soft">
        {STAGES.map((stage) => (
          <li key={stage} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ background: STAGE_COLOURS[stage] }} />
            {stage}
          </li>
        ))}
        <li>dashed: trend</li>
        <li>circle: far from the others</li>
      </ul>
    </>
  );
}

interface LinesProps extends Omit<ComponentProps<typeof ChartFrame>, "rows" | "children"> {
  data: ReadonlyArray<{ name: string } & Record<string, string | number>>;
  /** Its CSV, where that is not its data. */
  rows?: ComponentProps<typeof ChartFrame>["rows"];
  /** Colours by the name of a line's figure. */
  lines: Record<string, string>;
  unit: string;
}

/** Some lines over weeks or dates, in their frame. */
export function LinesChart({ data, rows = data, lines, unit, ...frame }: LinesProps) {
  return (
    <ChartFrame {...frame} rows={rows}>
      <DateChart
        data={data}
        height={176}
        unit={unit}
        tooltip={{ formatter: (value) => `${Number(value).toFixed(2)}${unit}` }}
      >
        {Object.entries(lines).map(([key, colour]) => (
          <Line key={key} dataKey={key} stroke={colour} strokeWidth={2} dot={{ r: 2 }} isAnimationActive={false} />
        ))}
      </DateChart>
    </ChartFrame>
  );
}
