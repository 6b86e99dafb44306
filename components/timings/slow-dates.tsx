import Link from "next/link";
import type { TableTimings } from "@/lib/api/timings";
import { type DateDuration, judgeDurations } from "@/lib/engine/timings/slow-dates";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { shortDate } from "@/lib/util/dates";
import { Legend } from "../charts/chart-frame";
import { TextLink } from "../ui/parts";
import { TitledCard } from "../ui/titled-card";

/** Columns of the grid: the last dates of any table. */
const DATES = 30;
/** Slow and failed dates that are listed in words. */
const LISTED = 6;

/** What each date took, table by table: slow dates stand out beside failed ones. A press opens the run. */
export function SlowDates({ tables }: { tables: readonly TableTimings[] }) {
  const rows = tables.map(({ table, recent }) => ({ table, judged: judgeDurations(recent, DATES) }));
  const dates = [...new Set(rows.flatMap(({ judged }) => judged.map(({ date }) => date)))].sort().slice(-DATES);
  const marked = rows
    .flatMap(({ table, judged }) => judged.map((one) => ({ table, ...one })))
    .filter(({ isSlow, status, date }) => (isSlow || status === "failed") && date >= (dates[0] ?? ""))
    .sort((a, b) => b.date.localeCompare(a.date));
  if (dates.length === 0) return null;
  return (
    <TitledCard
      title="Duration by date"
      words={
        marked.length === 0 ? (
          "No date was slow, and none failed."
        ) : (
          <>
            Slow or failed:{" "}
            {marked.slice(0, LISTED).map(({ table, date, runId, seconds, status }) => (
              <span key={`${table} ${date}`} className="mr-2">
                <TextLink href={`/backfills/${runId}`}>
                  {table} {shortDate(date)}
                </TextLink>{" "}
                {status === "failed" ? "failed" : formatSeconds(seconds ?? 0)}
              </span>
            ))}
            {marked.length > LISTED && `and ${marked.length - LISTED} more`}
          </>
        )
      }
      beside={
        <Legend
          items={[
            ["duration", { background: "var(--bar)", opacity: 0.45 }],
            ["slow: above the p90, and 1.5 times the p50, of the 30 before", { background: "var(--color-absent)" }],
            ["failed", { background: "var(--color-wrong)" }],
          ]}
        />
      }
    >
      <section aria-label="Durations by table and date" tabIndex={0} className="overflow-x-auto">
        {/* The words above say what stands out; each bar's own figures are its run's. */}
        <div
          aria-hidden="true"
          className="grid min-w-[44rem] items-end gap-x-0.5 gap-y-1"
          style={{ gridTemplateColumns: `4.5rem repeat(${dates.length}, minmax(0, 1fr))` }}
        >
          {rows.map(({ table, judged }) => (
            <Row key={table} table={table} judged={judged} dates={dates} />
          ))}
          <span />
          {dates.map((date, at) => (
            <span key={date} className="overflow-visible text-2xs whitespace-nowrap text-soft">
              {at % 5 === 0 ? shortDate(date) : ""}
            </span>
          ))}
        </div>
      </section>
    </TitledCard>
  );
}

function Row({ table, judged, dates }: { table: string; judged: readonly DateDuration[]; dates: readonly string[] }) {
  const byDate = new Map(judged.map((one) => [one.date, one]));
  const most = Math.max(0.001, ...judged.map(({ seconds }) => seconds ?? 0));
  return (
    <>
      <span className="self-center font-mono font-semibold">{table}</span>
      {dates.map((date) => {
        const one = byDate.get(date);
        if (!one) return <span key={date} className="h-6 rounded-bar bg-raised/40" />;
        const hasFailed = one.status === "failed";
        const share = hasFailed ? 1 : Math.max(0.08, (one.seconds ?? 0) / most);
        const color = hasFailed ? "bg-wrong" : one.isSlow ? "bg-absent" : "bg-(--bar) opacity-45";
        return (
          <Link
            key={date}
            href={`/backfills/${one.runId}`}
            tabIndex={-1}
            title={`${table} ${shortDate(date)}: ${hasFailed ? "failed" : formatSeconds(one.seconds ?? 0)}${one.p90 === null ? "" : `, p90 ${formatSeconds(one.p90)}`}`}
            className="flex h-6 items-end rounded-bar bg-raised/60 hover:bg-raised"
          >
            <span className={`w-full rounded-bar ${color}`} style={{ height: `${100 * share}%` }} />
          </Link>
        );
      })}
    </>
  );
}
