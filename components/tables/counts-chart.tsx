"use client";

import { useRouter } from "next/navigation";
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { CellState } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";
import { shortDate } from "@/lib/dates";
import type { DayCount } from "@/lib/table-detail";
import { ChartFrame } from "../charts/chart-frame";
import { AXIS, TOOLTIP } from "../charts/look";

/** Rows of each date in bars, those expected as a line; a press on a bar opens the date's rows. */
export function CountsChart({
  table,
  counts,
  range,
}: {
  table: string;
  counts: DayCount[];
  range: { start: string; end: string };
}) {
  const router = useRouter();
  const wrong = counts.filter((day) => day.expected !== null && day.rows !== day.expected);
  const words =
    counts.length === 0
      ? "No dates with games in this range."
      : wrong.length === 0
        ? `All ${counts.length} dates hold as many rows as are expected.`
        : `${wrong.length} of ${counts.length} dates hold more or fewer rows than expected.`;
  return (
    <ChartFrame
      title={`Rows by date, ${shortDate(counts[0]?.date ?? range.start, true)} to ${shortDate(counts.at(-1)?.date ?? range.end, true)}`}
      words={words}
      file={`fullcourt-${table}-rows`}
      rows={counts.map((day) => ({ ...day }))}
    >
      <div className="h-52 overflow-hidden">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 800, height: 208 }}>
          <ComposedChart
            data={counts.map((day) => ({ ...day, name: shortDate(day.date) }))}
            margin={{ top: 12, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer
            onClick={(state) => {
              const day = counts[Number(state?.activeTooltipIndex)];
              if (day) router.push(`/tables/${table}/${day.date}`);
            }}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis dataKey="name" tick={AXIS} tickLine={false} axisLine={{ stroke: "var(--line)" }} minTickGap={24} />
            <YAxis width={48} tick={AXIS} tickLine={false} axisLine={false} />
            <Tooltip
              contentStyle={TOOLTIP}
              labelFormatter={(name, payload) => {
                const state = payload?.[0]?.payload?.state as CellState | undefined;
                return `${name}${state ? `: ${stateWord(state)}` : ""}`;
              }}
            />
            <Bar dataKey="rows" fill="var(--bar)" isAnimationActive={false} />
            <Line
              dataKey="expected"
              stroke="var(--bar-hot)"
              strokeWidth={2}
              dot={false}
              type="step"
              isAnimationActive={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </ChartFrame>
  );
}
