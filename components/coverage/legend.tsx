"use client";

import { GitCompareArrows, RefreshCw } from "lucide-react";
import { useEffect, useRef } from "react";
import { formatPercent } from "@/lib/engine/view/format";
import { formatState } from "@/lib/engine/view/format-state";
import { STATE_MEANINGS } from "@/lib/engine/view/glossary";
import { STATES_SHOWN } from "@/lib/engine/view/state-families";
import { Button } from "../ui/button";
import { isTyping } from "../ui/commands";
import { Kbd } from "../ui/kbd";
import { Menu } from "../ui/menu";
import { RelativeTime } from "../ui/relative-time";
import { StateSign } from "../ui/sign";
import { CopyMenu } from "./copy-menu";
import { StateBar } from "./grid/column-head";
import { addTotals } from "./grid/columns";
import { useCoverage } from "./use-coverage";

/** All cells of the range in one bar; its chips are the legend, and filter the grid by a state. */
export function Legend() {
  const { page, totals, filter, setFilter, hidden, pinned, showAllColumns } = useCoverage();
  const { counts, accepted } = page.summary;
  const { complete, due } = addTotals(totals);
  const shown = STATES_SHOWN.filter((state) => (counts[state] ?? 0) > 0 || state === filter);
  return (
    <div className="flex flex-col gap-2">
      <StateBar states={counts} className="h-2 w-full" />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <fieldset className="flex min-w-0 flex-1 items-center gap-2 max-sm:overflow-x-auto max-sm:p-0.5 sm:flex-wrap">
          <legend className="sr-only">States</legend>
          <span className="whitespace-nowrap text-ink-2">
            <strong className="text-lg leading-5 font-medium">{formatPercent(complete, due)}</strong> complete
          </span>
          {shown.map((state) => (
            <button
              key={state}
              type="button"
              title={STATE_MEANINGS[state].means}
              aria-pressed={filter === state}
              onClick={() => setFilter(filter === state ? null : state)}
              className={`inline-flex h-7 shrink-0 cursor-pointer items-center gap-1.5 rounded-full border py-0.5 pr-2.5 pl-1 text-sm hover:bg-raised ${filter === state ? "border-accent bg-accent-tint" : "border-line bg-panel"}`}
            >
              <span
                aria-hidden="true"
                className={`state state-${state} inline-flex size-5 items-center justify-center rounded-full`}
              >
                <StateSign state={state} />
              </span>
              {formatState(state)}{" "}
              <strong className="font-semibold">{(counts[state] ?? 0).toLocaleString("en-US")}</strong>
            </button>
          ))}
          {accepted > 0 && (
            <span className="inline-flex shrink-0 items-center gap-1.5 px-2 text-sm text-soft">
              <StateSign state="accepted" /> accepted gaps <strong>{accepted.toLocaleString("en-US")}</strong>
            </span>
          )}
        </fieldset>
        {(hidden.length > 0 || pinned.length > 0) && (
          <button type="button" className="cursor-pointer text-sm text-link underline" onClick={showAllColumns}>
            Show all columns
          </button>
        )}
        <Tools />
      </div>
    </div>
  );
}

/** Why the data are of an earlier time. */
const BEHIND = {
  written: "Another program is writing. Data of",
  away: "The warehouse does not answer. Data of",
};

/** What is done with the whole page: find a table, copy it, look at the data again. */
function Tools() {
  const { find, setFind, rangeCells, page } = useCoverage();
  return (
    <div className="flex items-center gap-2 max-sm:hidden">
      {page.checkedAt && (
        <span className="text-xs text-soft">
          {page.behind ? BEHIND[page.behind] : "checked"} <RelativeTime at={page.checkedAt} />
        </span>
      )}
      <FindTable text={find} onChange={setFind} />
      <CompareMenu />
      <CopyMenu cells={rangeCells} label="Copy the range" isIcon />
      <RefreshButton />
    </div>
  );
}

/** Compares the grid with yesterday or a week ago, or ends that; a sign alone on a phone. */
export function CompareMenu() {
  const { since, setSince } = useCoverage();
  return (
    <Menu
      label="Compare"
      trigger={
        <Button aria-label="Compare" aria-pressed={since !== null} className="max-sm:px-2">
          <GitCompareArrows aria-hidden="true" />
          <span className="max-sm:hidden">Compare</span>
        </Button>
      }
      groups={[
        {
          items: (["day", "week"] as const).map((one) => ({
            words: one === "day" ? "With yesterday" : "With a week ago",
            isChecked: since === one,
            run: () => setSince(since === one ? null : one),
          })),
        },
      ]}
    />
  );
}

export function RefreshButton() {
  const { isFetching, lookAgain } = useCoverage();
  return (
    <Button aria-label="Refresh" title="Refresh" className="px-2" onClick={lookAgain} disabled={isFetching}>
      <RefreshCw aria-hidden="true" className={isFetching ? "turning" : ""} />
    </Button>
  );
}

/** A part of a table's name; the key / leads here from anywhere on the page. */
function FindTable({ text, onChange }: { text: string; onChange(text: string): void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target as Element))
        return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div className="relative">
      <input
        ref={input}
        type="search"
        aria-label="Find a table"
        aria-keyshortcuts="/"
        placeholder="Find a table"
        value={text}
        onChange={(event) => onChange(event.target.value)}
        className="peer h-8 w-36 rounded-control border border-line bg-panel px-2.5 text-sm text-ink placeholder:text-soft"
      />
      <span className="pointer-events-none absolute inset-y-0 right-2 hidden items-center text-soft peer-placeholder-shown:flex peer-focus:hidden">
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}
