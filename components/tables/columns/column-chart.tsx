"use client";

import { useQuery } from "@tanstack/react-query";
import { Line, ReferenceLine } from "recharts";
import type { ColumnsDocument } from "@/lib/api/columns";
import { shortDate } from "@/lib/util/dates";
import { DateChart } from "../../charts/date-chart";
import { getJson } from "../../data/get-json";
import { ErrorText, TextLink } from "../../ui/parts";
import type { Measure } from "./columns-map";

const STOP_MS = 120;

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

interface Props {
  table: string;
  column: string;
  range: { start: string; end: string };
  measure: Measure;
}

/** The exact figures of one column, asked for where somebody stops. */
const useColumn = ({ table, column, range: { start, end } }: Omit<Props, "measure">) =>
  useQuery({
    queryKey: ["column", table, column, start, end],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, STOP_MS));
      signal.throwIfAborted();
      const query = new URLSearchParams({ table, column, start, end });
      return getJson<ColumnsDocument>(`/api/columns?${query}`);
    },
  });

/** A column's share of NULL or zero by date, with the step and what is usual, and the checks that it does not pass. */
export function ColumnChart({ table, column, range, measure }: Props) {
  const { data, error, isPending } = useColumn({ table, column, range });
  if (error) return <ErrorText>{error.message}</ErrorText>;
  const dates = data?.columns[0]?.dates ?? [];
  const isZero = measure === "zeros" && dates.some(({ zeros }) => zeros !== null);
  const rows = dates.map(({ date, rows, nulls, zeros }) => ({
    date,
    name: shortDate(date),
    share: Number(((100 * (isZero ? (zeros ?? 0) : nulls)) / Math.max(1, rows)).toFixed(2)),
    rows,
  }));
  // A check that goes on has one line: its newest figure.
  const checks = [
    ...new Map(dates.flatMap((one) => one.checks).map((one) => [`${one.check} ${one.since}`, one])).values(),
  ];
  const step = checks.find(({ level }) => level === "fail") ?? checks[0];
  const words = isPending ? "Loading…" : `share of ${isZero ? "zero" : "NULL"} by date`;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <DateChart title={column} words={words} file={`fullcourt-${table}-${column}`} data={rows} height={188} unit=" %">
        <Line dataKey="share" stroke="var(--bar)" strokeWidth={2} dot={rows.length < 40} isAnimationActive={false} />
        {step && (
          <ReferenceLine
            x={shortDate(step.since)}
            stroke="var(--color-wrong)"
            strokeWidth={2}
            label={{
              value: `since ${shortDate(step.since)}`,
              fill: "var(--color-wrong-ink)",
              fontSize: 11,
              position: "insideTopRight",
            }}
          />
        )}
        {step?.usual != null && (
          <ReferenceLine
            y={100 * step.usual}
            stroke="var(--color-complete)"
            strokeDasharray="4 3"
            label={{
              value: `usually ${percent(step.usual)}`,
              fill: "var(--color-complete-ink)",
              fontSize: 11,
              position: "insideBottomLeft",
            }}
          />
        )}
      </DateChart>
      {checks.length > 0 ? (
        <ul className="flex flex-col gap-1 text-sm">
          {checks.map(({ check, level, isLearned, value, usual, since }) => (
            <li key={`${check} ${since}`}>
              <span className={`font-semibold ${level === "fail" ? "text-wrong-ink" : "text-absent-ink"}`}>
                {level === "fail" ? "≠ Fails" : "! Warns"}
              </span>{" "}
              <span className="font-mono">{check}</span>: {percent(value)} of rows
              {usual !== null && ` (usually ${percent(usual)})`}, since {shortDate(since, true)}
              {isLearned && ", beside like dates before"}
            </li>
          ))}
        </ul>
      ) : (
        !isPending && <p className="text-sm text-soft">No check of this column is broken.</p>
      )}
      <TextLink className="self-start text-sm" href={`/lineage?column=${table}.${column}`}>
        Lineage of the column
      </TextLink>
    </div>
  );
}
