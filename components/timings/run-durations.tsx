"use client";

import { useRouter } from "next/navigation";
import { Line } from "recharts";
import type { RunSummary } from "@/lib/engine/timings/summary";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { shortDate } from "@/lib/util/dates";
import { DateChart } from "../charts/date-chart";
import { Card, TextLink } from "../ui/parts";

export const PERCENTILE_COLORS = { p50: "var(--bar)", p90: "var(--bar-write)", p99: "var(--color-many)" };

/** The percentiles of runs' durations as figures, named. */
export function Figures({ summary: { all, points, tables, sample } }: { summary: RunSummary }) {
  const outliers = points.filter(({ isOutlier }) => isOutlier).length;
  const figures: Array<readonly [label: string, value: string, beside: string, color?: string]> = [
    ["p50, half of the runs took less", formatSeconds(all.p50), "", PERCENTILE_COLORS.p50],
    ["p90, nine in ten took less", formatSeconds(all.p90), "", PERCENTILE_COLORS.p90],
    ["p99, 99 in 100 took less", formatSeconds(all.p99), "", PERCENTILE_COLORS.p99],
    ["Runs", String(points.length), `${tables} tables each${sample ? ", sample" : ""}`],
    ["Outliers", String(outliers), "over 3 times the p50"],
  ];
  return (
    <Card className="overflow-hidden">
      <div className="grid grid-cols-2 gap-px bg-line sm:grid-cols-5">
        {figures.map(([label, value, beside, color]) => (
          <dl key={label} className="bg-panel px-4 py-2.5 max-sm:last:col-span-2">
            <dt className="flex items-center gap-1.5 text-xs text-soft">
              {color && (
                <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ background: color }} />
              )}
              {label}
            </dt>
            <dd className="flex items-baseline gap-1.5">
              <span className="text-xl font-semibold">{value}</span>
              <span className="text-xs text-ink-2">{beside}</span>
            </dd>
          </dl>
        ))}
      </div>
    </Card>
  );
}

/** The duration of each run, with the percentiles of the last ten; a press on one opens it. */
export function RunDurations({ summary: { points, sample } }: { summary: RunSummary }) {
  const router = useRouter();
  const outliers = points.filter(({ isOutlier }) => isOutlier);
  const data = points.map(({ id, start, end, seconds, p50, p90, p99, isOutlier }) => ({
    name: start === end ? shortDate(start) : `${shortDate(start)} – ${shortDate(end)}`,
    run: id,
    duration: seconds,
    p50,
    p90,
    p99,
    ...(isOutlier ? { outlier: seconds } : {}),
  }));
  return (
    <DateChart
      title={`Duration of a run${sample ? " (sample of the demo)" : ""}`}
      words={
        outliers.length > 0 ? (
          <>
            Outliers:{" "}
            {outliers.slice(0, 5).map(({ id, seconds }) => (
              <TextLink key={id} href={`/backfills/${id}`} className="mr-2">
                {id}, {formatSeconds(seconds)}
              </TextLink>
            ))}
          </>
        ) : (
          "seconds, percentiles over the last 10"
        )
      }
      legend={[
        ["run", { border: "1.5px solid var(--color-ink-2)", borderRadius: 99 }],
        ["p50", { background: PERCENTILE_COLORS.p50, height: 3 }],
        ["p90", { background: PERCENTILE_COLORS.p90, height: 3 }],
        ["p99", { background: PERCENTILE_COLORS.p99, height: 3 }],
      ]}
      file="fullcourt-runs"
      data={data}
      height={292}
      unit=" s"
      isFromZero={false}
      onPress={(index) => points[index] && router.push(`/backfills/${points[index].id}`)}
    >
      {(["p99", "p90", "p50"] as const).map((name) => (
        <Line
          key={name}
          dataKey={name}
          stroke={PERCENTILE_COLORS[name]}
          strokeWidth={name === "p50" ? 2 : 1.5}
          dot={false}
          isAnimationActive={false}
        />
      ))}
      <Line
        dataKey="duration"
        stroke="none"
        dot={{ r: 3, fill: "var(--color-panel)", stroke: "var(--color-ink-2)", strokeWidth: 1.5 }}
        activeDot={{ r: 5, cursor: "pointer" }}
        isAnimationActive={false}
      />
      {outliers.length > 0 && (
        <Line
          dataKey="outlier"
          stroke="none"
          dot={{ r: 5, fill: "none", stroke: "var(--color-wrong)", strokeWidth: 2 }}
          isAnimationActive={false}
        />
      )}
    </DateChart>
  );
}
