import type { Healing, WeekShare } from "@/lib/engine/timings/health";
import { formatPercent, plural } from "@/lib/engine/view/format";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { shortDate } from "@/lib/util/dates";
import { DataTable } from "../ui/data-table";
import { Card, TextLink } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";

/** How complete the data was at the end of each week, and how long gaps stay open. */
export function Health({ weeks, healing }: { weeks: readonly WeekShare[]; healing: readonly Healing[] }) {
  const open = healing.reduce((sum, one) => sum + one.open, 0);
  const healed = healing.reduce((sum, one) => sum + one.healed + one.healedOlder, 0);
  return (
    <div className="grid min-w-0 gap-3 lg:grid-cols-2">
      <Card className="flex min-w-0 flex-col">
        <div className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-2">
          <h2 className="font-semibold">Share complete by week</h2>
          <p className="text-ink-2">
            of all cells due by the end of each week; the history begins {shortDate(weeks[0]?.week ?? "", true)}
          </p>
        </div>
        {weeks.every(({ due }) => due === 0) && (
          <p className="px-4 py-3 text-soft">
            No state of a cell is recorded yet. <TextLink href="/">Coverage</TextLink> records them when it is opened,
            and each run does.
          </p>
        )}
        <ol className="flex flex-col gap-1.5 px-4 py-3">
          {weeks.map(({ week, due, complete }, at) => {
            if (due === 0) return null;
            const share = complete / due;
            return (
              <li key={week} className="grid grid-cols-[6.5rem_1fr_auto] items-center gap-3">
                <span className="whitespace-nowrap text-soft">
                  {at === weeks.length - 1 ? "this week" : `week of ${shortDate(week)}`}
                </span>
                <span aria-hidden="true" className="h-3 overflow-hidden rounded-bar bg-raised">
                  <span className="block h-full bg-complete" style={{ width: `${100 * share}%` }} />
                </span>
                <span className="text-right whitespace-nowrap">
                  <strong className="font-semibold">{formatPercent(complete, due)}</strong>{" "}
                  <span className="text-xs text-soft">
                    {complete.toLocaleString("en-US")} of {due.toLocaleString("en-US")}
                  </span>
                </span>
              </li>
            );
          })}
        </ol>
      </Card>
      <Card className="flex min-w-0 flex-col">
        <div className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-2">
          <h2 className="font-semibold">Time to heal by table</h2>
          <p className="text-ink-2">
            {plural(healed, "gap")} healed, {open} open, in the last 12 weeks
          </p>
        </div>
        <div className="px-4 py-2">
          <DataTable
            label="Time to heal by table"
            rows={healing}
            rowKey={({ table }) => table}
            columns={[
              ["table", ({ table }) => table, "font-mono font-semibold"],
              ["healed", ({ healed: n }) => n, "text-right"],
              [
                "p50",
                ({ p50 }) => (p50 === null ? "" : formatSeconds(p50)),
                "text-right whitespace-nowrap font-semibold",
              ],
              ["p90", ({ p90 }) => (p90 === null ? "" : formatSeconds(p90)), "text-right whitespace-nowrap"],
              ["older than the history", ({ healedOlder }) => healedOlder || "", "text-right text-soft"],
              ["open", ({ open: n }) => n || "", "text-right"],
              [
                "oldest open",
                ({ openSince }) => openSince && <RelativeTime at={openSince} />,
                "text-right whitespace-nowrap text-soft",
              ],
            ]}
          />
        </div>
      </Card>
    </div>
  );
}
