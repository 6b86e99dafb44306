"use client";

import type { ComponentProps, ReactNode } from "react";
import { CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

const TICK = { fill: "var(--color-soft)", fontSize: 11 };
const TOOLTIP = {
  background: "var(--color-panel)",
  border: "1px solid var(--color-line)",
  color: "var(--color-ink)",
  fontSize: 12,
};

interface Props {
  /** Its points; `name` stands on the axis below. */
  data: ReadonlyArray<{ name: string }>;
  height: number;
  /** Stands after a figure on the axis beside. */
  unit?: string;
  tooltip: Pick<ComponentProps<typeof Tooltip>, "formatter" | "labelFormatter">;
  onPress?(index: number): void;
  children: ReactNode;
}

/** A chart over dates or weeks: axes, and the box that tells what is under the pointer, are alike in all. */
export function DateChart({ data, height, unit = "", tooltip, onPress, children }: Props) {
  /** "0.022 s", "1,200 /s": a tick that fits on one line. */
  const tick = (value: number) =>
    `${value >= 100 ? Math.round(value).toLocaleString("en-US") : Number(value.toPrecision(2))}${unit}`;
  return (
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
          <YAxis tickFormatter={tick} width={60} tick={TICK} tickLine={false} axisLine={false} />
          <Tooltip contentStyle={TOOLTIP} {...tooltip} />
          {children}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
