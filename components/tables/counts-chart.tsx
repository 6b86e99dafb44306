"use client";

import { useRouter } from "next/navigation";
import { Bar, Line } from "recharts";
import type { DayCount } from "@/lib/api/table-detail";
import { formatState } from "@/lib/engine/view/format-state";
import { shortDate } from "@/lib/util/dates";
import { DateChart } from "../charts/date-chart";
import type { Range } from "../coverage/use-coverage";

/** States in which a count is right, though it is not what is usual. */
const HAS_ITS_ROWS: ReadonlySet<DayCount["state"]> = new Set(["complete", "tainted", "stale", "outdated", "invalid"]);

/** Rows of each date in bars, those expected as a line; a press on a bar opens the date's rows. */
export function CountsChart({ table, counts, range }: { table: string; counts: DayCount[]; range: Range }) {
  const router = useRouter();
  const wrong = counts.filter(
    ({ rows, expected, state }) => expected !== null && rows !== expected && !HAS_ITS_ROWS.has(state),
  );
  const words =
    counts.length === 0
      ? "Nothing is due in this range."
      : wrong.length === 0
        ? `All ${counts.length} dates hold as many rows as are expected.`
        : `${wrong.length} of ${counts.length} dates hold more or fewer rows than expected.`;
  const open = (index: number) => counts[index] && router.push(`/tables/${table}/${counts[index].date}`);
  return (
    <DateChart
      title={`Rows by date, ${shortDate(counts[0]?.date ?? range.start, true)} to ${shortDate(counts.at(-1)?.date ?? range.end, true)}`}
      words={words}
      file={`fullcourt-${table}-rows`}
      legend={[
        ["rows", { background: "var(--bar)" }],
        ["expected", { background: "var(--bar-hot)", height: 3 }],
      ]}
      rows={counts.map((day) => ({ ...day }))}
      data={counts.map((day) => ({ ...day, name: shortDate(day.date) }))}
      height={208}
      labelFormatter={(name, [shown]) => (shown ? `${name}: ${formatState(shown.payload.state)}` : name)}
      onPress={open}
    >
      <Bar dataKey="rows" fill="var(--bar)" isAnimationActive={false} />
      <Line
        dataKey="expected"
        stroke="var(--bar-hot)"
        strokeWidth={2}
        dot={false}
        type="step"
        isAnimationActive={false}
      />
    </DateChart>
  );
}
