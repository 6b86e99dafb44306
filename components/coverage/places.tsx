"use client";

import type { Overview } from "@/lib/api/coverage";
import { codeState } from "@/lib/engine/coverage/page";
import { type CellState, NEEDS_WORK, worseOf } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";
import { dayNumber, eachDate, monthName } from "@/lib/util/dates";
import { groupBy } from "@/lib/util/group-by";
import { Button } from "../ui/button";
import { Skeleton } from "../ui/parts";
import { type Range, useCoverage } from "./use-coverage";

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
const YEAR_LOOK = "rounded px-1.5 py-1 hover:bg-raised";

/** The label of a date's epoch; its year where the pipeline has none. */
const epochOf = ({ epochs }: Overview, date: string): string =>
  epochs.findLast(({ start }) => start <= date)?.label ?? date.slice(0, 4);

/** Epochs with their months, and calendar years, of what the overview has; the newest first. */
export function Places({ go }: { go(range: Range): void }) {
  const { overview } = useCoverage();
  return overview?.tables.length ? <Months overview={overview} go={go} /> : <Skeleton className="h-24 w-64" />;
}

function Months({ overview, go }: { overview: Overview; go(range: Range): void }) {
  const days = eachDate(overview.start, overview.end).reverse();
  const epochs = [...groupBy(days, (date) => epochOf(overview, date))].map(
    ([epoch, own]) => [epoch, own, groupBy(own, (date) => date.slice(5, 7))] as const,
  );
  /** To where a button leads: some dates, the newest first. */
  const to = (dates: readonly string[]) => ({
    type: "button" as const,
    onClick: () => go({ start: dates.at(-1) ?? overview.start, end: dates[0] ?? overview.end }),
  });
  // Beginning with the month in which epochs do.
  const first = Math.max(0, MONTHS.indexOf(overview.epochs[0]?.start.slice(5, 7) ?? ""));
  const months = [...MONTHS.slice(first), ...MONTHS.slice(0, first)].filter((month) =>
    epochs.some(([, , own]) => own.has(month)),
  );
  /** Nothing for a month in which nothing is due. */
  const monthButton = (dates: readonly string[]) => {
    const states = dates.map((date) => {
      const at = dayNumber(date) - dayNumber(overview.start);
      return overview.states.map((letters) => codeState(letters[at]));
    });
    const worst = states
      .flat()
      .filter((state) => state !== "not_expected")
      .reduce<CellState | undefined>(worseOf, undefined);
    if (!worst) return;
    const toDo = states.filter((own) => own.some((state) => NEEDS_WORK.has(state))).length;
    const name = `${monthName(dates[0] as string)} ${dates[0]?.slice(0, 4)}`;
    return (
      <button
        {...to(dates)}
        aria-label={`${name}: ${toDo > 0 ? `${toDo} dates need work, worst ` : ""}${formatState(worst)}`}
        className={`state state-${worst} h-7 w-9 rounded text-center`}
      >
        {toDo || ""}
      </button>
    );
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2">
        <Button {...to(days.slice(0, 16))}>Last 16 days</Button>
        <Button {...to(days)}>Everything, {days.length.toLocaleString("en-US")} days</Button>
      </div>
      <table className="border-separate border-spacing-0.5 text-xs">
        <thead className="text-soft">
          <tr className="*:font-normal">
            <td />
            {months.map((month) => (
              <th key={month} scope="col">
                {monthName(`2000-${month}-01`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {epochs.map(([epoch, own, byMonth]) => (
            <tr key={epoch}>
              <th scope="row" className="text-left font-normal">
                <button {...to(own)} className={`${YEAR_LOOK} font-medium`}>
                  {epoch}
                </button>
              </th>
              {months.map((month) => (
                <td key={month} className="p-0">
                  {monthButton(byMonth.get(month) ?? [])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <fieldset className="flex max-w-md flex-wrap gap-1">
        <legend className="pb-1 text-xs text-soft">calendar year</legend>
        {[...groupBy(days, (date) => date.slice(0, 4))].map(([year, own]) => (
          <button key={year} {...to(own)} className={`${YEAR_LOOK} text-xs`}>
            {year}
          </button>
        ))}
      </fieldset>
      <p className="text-xs text-soft">A number says how many dates of the month need work.</p>
    </div>
  );
}
