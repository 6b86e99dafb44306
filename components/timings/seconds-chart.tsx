"use client";

import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { TimedPoint, Trend } from "@/lib/api/timings";
import { shortDate } from "@/lib/dates";
import { STAGES } from "@/lib/timings/stages";
import { AXIS, STAGE_COLOURS, TOOLTIP } from "../charts/look";

/** "0.022 s", "1,200 /s": a tick that fits on one line. */
const short = (unit: string) => (value: number) =>
  `${value >= 100 ? Math.round(value).toLocaleString("en-US") : Number(value.toPrecision(2))}${unit}`;

/** Seconds by date in bars, one part a stage, with the trend as a line; a date far from the others is marked. */
export function SecondsChart({
  points,
  trend,
  outliers,
}: {
  points: TimedPoint[];
  trend: Trend | null;
  outliers: string[];
}) {
  const data = points.map((point, index) => ({
    date: shortDate(point.date),
    ...point.stages,
    ...(trend ? { trend: Math.max(0, trend.intercept + trend.slope * index) } : {}),
    ...(outliers.includes(point.date) ? { outlier: point.seconds } : {}),
  }));
  return (
    <div className="h-60 overflow-hidden">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 240 }}>
        <ComposedChart data={data} margin={{ top: 12, right: 8, bottom: 0, left: 0 }} accessibilityLayer>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="date" tick={AXIS} tickLine={false} axisLine={{ stroke: "var(--line)" }} minTickGap={16} />
          <YAxis tickFormatter={short(" s")} width={60} tick={AXIS} tickLine={false} axisLine={false} />
          <Tooltip contentStyle={TOOLTIP} formatter={(value) => `${Number(value).toFixed(3)} s`} />
          {STAGES.map((stage) => (
            <Bar key={stage} dataKey={stage} stackId="stages" fill={STAGE_COLOURS[stage]} isAnimationActive={false} />
          ))}
          {trend && (
            <Line dataKey="trend" stroke="var(--ink)" strokeDasharray="4 3" dot={false} isAnimationActive={false} />
          )}
          <Line
            dataKey="outlier"
            stroke="none"
            dot={{ r: 5, fill: "none", stroke: "var(--corrupt)", strokeWidth: 2 }}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

/** The stages with their colours. */
export function StageLegend() {
  return (
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
  );
}

interface LinesProps {
  data: ReadonlyArray<Record<string, string | number>>;
  lines: ReadonlyArray<{ key: string; colour: string }>;
  unit: string;
}

/** Some lines over weeks or dates. */
export function LinesChart({ data, lines, unit }: LinesProps) {
  return (
    <div className="h-44 overflow-hidden">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 400, height: 176 }}>
        <ComposedChart data={[...data]} margin={{ top: 12, right: 8, bottom: 0, left: 0 }} accessibilityLayer>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="name" tick={AXIS} tickLine={false} axisLine={{ stroke: "var(--line)" }} minTickGap={16} />
          <YAxis tickFormatter={short(unit)} width={60} tick={AXIS} tickLine={false} axisLine={false} />
          <Tooltip contentStyle={TOOLTIP} formatter={(value) => `${Number(value).toFixed(2)}${unit}`} />
          {lines.map(({ key, colour }) => (
            <Line key={key} dataKey={key} stroke={colour} strokeWidth={2} dot={{ r: 2 }} isAnimationActive={false} />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
