"use client";

import type { ComponentProps } from "react";
import { CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ChartFrame } from "./chart-frame";

const TICK = { fill: "var(--color-soft)", fontSize: 11 };
const TOOLTIP = {
  background: "var(--color-panel)",
  border: "1px solid var(--color-line)",
  color: "var(--color-ink)",
  fontSize: 12,
};

type FrameProps = ComponentProps<typeof ChartFrame>;

interface Props extends Omit<FrameProps, "rows"> {
  /** Its points; `name` stands on the axis below. */
  data: ReadonlyArray<FrameProps["rows"][number] & { name: string }>;
  /** What is saved as CSV, where that is not its data. */
  rows?: FrameProps["rows"];
  height?: number;
  /** Stands after a figure. */
  unit?: string;
  /** The axis begins at zero, as bars need it; lines may be seen nearer. */
  isFromZero?: boolean;
  labelFormatter?: ComponentProps<typeof Tooltip>["labelFormatter"];
  onPress?(index: number): void;
}

/** Bars and lines over dates or weeks: frame, axes, and the box that tells what is under the pointer, are alike in all. */
export function DateChart({
  data,
  rows = data,
  height = 176,
  unit = "",
  isFromZero = true,
  labelFormatter,
  onPress,
  ...frame
}: Props) {
  /** "0.022 s", "1,200 /s": a tick that fits on one line. */
  const tick = (value: number) =>
    `${value >= 100 ? Math.round(value).toLocaleString("en-US") : Number(value.toPrecision(2))}${unit}`;
  return (
    <ChartFrame {...frame} rows={rows}>
      <div className="overflow-hidden" style={{ height }}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height }}>
          <ComposedChart
            data={[...data]}
            margin={{ top: 12, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer
            onClick={({ activeTooltipIndex }) => onPress?.(Number(activeTooltipIndex))}
          >
            <CartesianGrid vertical={false} stroke="var(--color-line)" />
            <XAxis
              dataKey="name"
              tick={TICK}
              tickLine={false}
              axisLine={{ stroke: "var(--color-line)" }}
              minTickGap={20}
            />
            <YAxis
              domain={isFromZero ? [0, "auto"] : ["auto", "auto"]}
              tickFormatter={tick}
              width={60}
              tick={TICK}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              contentStyle={TOOLTIP}
              labelFormatter={labelFormatter}
              formatter={(value) => `${Number(value).toLocaleString("en-US", { maximumFractionDigits: 3 })}${unit}`}
            />
            {frame.children}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </ChartFrame>
  );
}
