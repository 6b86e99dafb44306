import type { RunView } from "@/lib/api/runs";
import { runSeconds } from "@/lib/engine/planning/estimate";
import { plural } from "@/lib/engine/view/format";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { runsByDate } from "@/lib/engine/view/runs-by-date";
import { shortDate, weekday } from "@/lib/util/dates";
import { usePipeline } from "../layout/context";
import { DataTable } from "../ui/data-table";
import { TextLink } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";
import { StatusText } from "../ui/status-text";

/** So many dates are listed; a search finds the others. */
const MAX_DATES = 400;

/** The same runs by the dates of their ranges: what was last done about each. `now` is the clock, ms. */
export function RunDates({ runs, now }: { runs: readonly RunView[]; now: number }) {
  const { tables } = usePipeline();
  const dates = runsByDate(runs, MAX_DATES);
  return (
    <>
      <DataTable
        label="Dates, newest first"
        rows={dates}
        rowKey={({ date }) => date}
        columns={[
          ["date", ({ date }) => `${weekday(date)} ${shortDate(date, true)}`, "whitespace-nowrap font-semibold"],
          [
            "last run",
            ({ runs: [last] }) => last && <TextLink href={`/backfills/${last.id}`}>{last.id}</TextLink>,
            "whitespace-nowrap font-mono",
          ],
          ["status", ({ runs: [last] }) => last && <StatusText status={last.status} />],
          ["started", ({ runs: [last] }) => last && <RelativeTime at={last.startedAt} />, "whitespace-nowrap"],
          [
            "duration",
            ({ runs: [last] }) => last && formatSeconds(runSeconds(last, now)),
            "whitespace-nowrap text-right",
          ],
          ["tables", (one) => (one.tables.length === tables.length ? "all" : one.tables.join(", "))],
          ["runs", (one) => one.runs.length, "text-right"],
          [
            "earlier runs",
            (one) =>
              one.runs.slice(1, 4).map(({ id }) => (
                <TextLink key={id} href={`/backfills/${id}`} className="mr-2 font-mono">
                  {id}
                </TextLink>
              )),
          ],
          ["coverage", ({ date }) => <TextLink href={`/?start=${date}&end=${date}`}>Show</TextLink>],
        ]}
      />
      {dates.length === MAX_DATES && (
        <p className="py-2 text-soft">The last {plural(MAX_DATES, "date")}; search for a date to see others.</p>
      )}
    </>
  );
}
