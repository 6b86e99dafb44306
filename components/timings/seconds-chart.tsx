"use client";

import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { shortDate } from "@/lib/dates";
import type { Point, Trend } from "@/lib/timings/trend";

/** Seconds by date as bars, with the trend as a line. */
export function SecondsChart({ points, trend, label }: { points: Point[]; trend: Trend | null; label: string }) {
  const data = points.map((point, index) => ({
    date: shortDate(point.date),
    seconds: Math.round(point.seconds * 1000) / 1000,
    ...(trend ? { trend: Math.max(0, trend.intercept + trend.slope * index) } : {}),
  }));
  const growing = trend !== null && trend.slope > 1;
  return (
    <figure aria-label={label} className="h-56 w-full min-w-0 overflow-hidden">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 224 }}>
        <ComposedChart data={data} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="date"
            tick={{ fill: "var(--soft)", fontSize: 11 }}
            tickLine={false}
            axisLine={{ stroke: "var(--line)" }}
            minTickGap={16}
          />
          <YAxis unit=" s" width={56} tick={{ fill: "var(--soft)", fontSize: 11 }} tickLine={false} axisLine={false} />
          <Tooltip
            contentStyle={{
              background: "var(--panel)",
              border: "1px solid var(--line)",
              color: "var(--ink)",
              fontSize: 12,
            }}
            formatter={(value) => `${Number(value).toFixed(2)} s`}
          />
          <Bar
            dataKey="seconds"
            name="seconds"
            fill={growing ? "var(--bar-hot)" : "var(--bar)"}
            isAnimationActive={false}
            radius={[2, 2, 0, 0]}
          />
          {trend && (
            <Line
              dataKey="trend"
              name="trend"
              stroke="var(--ink)"
              strokeDasharray="4 3"
              dot={false}
              isAnimationActive={false}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  );
}
