"use client";

import { Popover } from "radix-ui";
import { useState } from "react";
import type { Overview } from "@/lib/api/coverage";
import { codeState } from "@/lib/coverage/page";
import { type CellState, NEEDS_WORK, worseOf } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";
import { addDays, dayNumber, monthName } from "@/lib/dates";
import { seasonYear } from "@/lib/season";
import { Button } from "../ui/button";
import { type Range, useCoverage } from "./use-coverage";

const MONTHS = ["10", "11", "12", "01", "02", "03", "04", "05", "06", "07", "08", "09"];

/** Months of the overview by season, newest season first; `worst` is undefined where a month has no games. */
function monthsOf(overview: Overview) {
  const seasons = new Map<number, Map<string, Range & { worst: CellState | undefined; toDo: number }>>();
  for (let at = (overview.states[0]?.length ?? 0) - 1; at >= 0; at--) {
    const date = addDays(overview.start, at);
    const states = overview.tables.map((_, column) => codeState(overview.states[column]?.[at]));
    const season = seasons.get(seasonYear(date)) ?? new Map();
    seasons.set(seasonYear(date), season);
    const month = season.get(date.slice(5, 7)) ?? { start: date, end: date, worst: undefined, toDo: 0 };
    month.start = date;
    for (const state of states) if (state !== "no_games") month.worst = worseOf(month.worst, state);
    if (states.some((state) => NEEDS_WORK.has(state))) month.toDo++;
    season.set(date.slice(5, 7), month);
  }
  return seasons;
}

/** Calendar years of the overview, newest first, each with what the overview has of it. */
function yearsOf({ start, end }: Overview): Array<[year: number, range: Range]> {
  const [first, last] = [Number(start.slice(0, 4)), Number(end.slice(0, 4))];
  return Array.from({ length: last - first + 1 }, (_, back) => {
    const year = last - back;
    return [year, { start: year === first ? start : `${year}-01-01`, end: year === last ? end : `${year}-12-31` }];
  });
}

export function GoTo() {
  const { overview, setRange } = useCoverage();
  const [open, setOpen] = useState(false);
  const go = (range: Range) => {
    setOpen(false);
    setRange(range);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button aria-label="Go to a season or month">Go to ▾</Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          aria-label="Go to"
          className="z-40 max-h-[70dvh] max-w-[calc(100vw-1rem)] overflow-auto rounded-lg border border-line bg-panel p-3 text-sm text-ink shadow-xl"
        >
          {overview?.tables.length ? <Months overview={overview} go={go} /> : <p>Looking…</p>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Months({ overview, go }: { overview: Overview; go(range: Range): void }) {
  const seasons = monthsOf(overview);
  const months = MONTHS.filter((month) => [...seasons.values()].some((season) => season.has(month)));
  const all = { start: overview.start, end: overview.end };
  const last = { start: addDays(overview.end, -15), end: overview.end };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2">
        <Button onClick={() => go(last.start < all.start ? all : last)}>Last 16 days</Button>
        <Button onClick={() => go(all)}>
          Everything, {(dayNumber(overview.end) - dayNumber(overview.start) + 1).toLocaleString("en-US")} days
        </Button>
      </div>
      <table className="border-separate border-spacing-0.5 text-xs">
        <thead>
          <tr>
            <th scope="col" className="pr-2 text-left font-normal text-soft">
              season
            </th>
            {months.map((month) => (
              <th key={month} scope="col" className="font-normal text-soft">
                {monthName(`2000-${month}-01`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...seasons].map(([season, own]) => {
            // Months come from the newest to the oldest.
            const range = { start: [...own.values()].at(-1)?.start ?? "", end: [...own.values()][0]?.end ?? "" };
            return (
              <tr key={season}>
                <th scope="row" className="text-left font-normal">
                  <button
                    type="button"
                    className="rounded px-1.5 py-1 font-medium hover:bg-raised"
                    onClick={() => go(range)}
                  >
                    {season}-{String(season + 1).slice(2)}
                  </button>
                </th>
                {months.map((month) => {
                  const found = own.get(month);
                  return (
                    <td key={month} className="p-0">
                      {found?.worst && (
                        <button
                          type="button"
                          aria-label={`${monthName(found.start)} ${found.start.slice(0, 4)}: ${found.toDo > 0 ? `${found.toDo} dates need work, worst ${stateWord(found.worst)}` : stateWord(found.worst)}`}
                          className={`state state-${found.worst} h-7 w-9 rounded text-center`}
                          onClick={() => go({ start: found.start, end: found.end })}
                        >
                          {found.toDo || ""}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      <fieldset className="flex max-w-md flex-wrap gap-1">
        <legend className="pb-1 text-xs text-soft">calendar year</legend>
        {yearsOf(overview).map(([year, range]) => (
          <button
            key={year}
            type="button"
            className="rounded px-1.5 py-1 text-xs hover:bg-raised"
            onClick={() => go(range)}
          >
            {year}
          </button>
        ))}
      </fieldset>
      <p className="text-xs text-soft">A number says how many dates of the month need work.</p>
    </div>
  );
}
