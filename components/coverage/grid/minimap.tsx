"use client";

import { useMemo } from "react";
import type { Overview } from "@/lib/api/coverage";
import { codeState } from "@/lib/engine/coverage/page";
import { type CellState, worseOf } from "@/lib/engine/coverage/types";
import { addDays, dayNumber, shortDate } from "@/lib/util/dates";
import { useCoverage } from "../use-coverage";

/** So many lines at most: one is some two pixels tall, so that a gap of one date among thousands is seen. */
const MAX_LINES = 300;

/** The colour of each state on the map; what is right is quiet, and what says nothing has none. */
const COLOURS: Partial<Record<CellState, string>> = {
  complete: "--color-complete",
  missing: "--color-absent",
  partial: "--color-absent",
  failed: "--color-wrong",
  duplicated: "--color-many",
  surplus: "--color-many",
  corrupt: "--color-wrong",
  invalid: "--color-wrong",
  tainted: "--color-downstream",
  stale: "--color-downstream",
  outdated: "--color-downstream",
  blocked: "--color-waiting",
  running: "--color-running",
};

/** The whole history at a glance, with the part in view framed; a press goes there. */
export function Minimap() {
  const { overview, shown, show } = useCoverage();
  const days = overview?.states[0]?.length ?? 0;
  const start = overview?.start ?? shown.start;
  const clamp = (day: number) => Math.max(0, Math.min(days - 1, day));
  const [from, at] = [shown.start, shown.end].map((date) => clamp(dayNumber(date) - dayNumber(start))) as [
    number,
    number,
  ];
  const jump = (day: number) => show(addDays(start, clamp(day)));
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowUp: -7, ArrowDown: 7, PageUp: -91, PageDown: 91, Home: -days, End: days }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    jump(at + step);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Whole history"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, days - 1)}
      aria-valuenow={at}
      aria-valuetext={`${shortDate(shown.start, true)} to ${shortDate(shown.end, true)}`}
      title="The whole history; a press goes there"
      className="relative hidden w-13 shrink-0 cursor-pointer self-stretch overflow-hidden rounded bg-raised sm:block"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const { top, height } = event.currentTarget.getBoundingClientRect();
        jump(Math.floor((days * (event.clientY - top)) / height));
      }}
    >
      {overview && days > 0 && (
        <>
          <History overview={overview} lines={Math.min(days, MAX_LINES)} />
          <div
            className="pointer-events-none absolute inset-x-0 min-h-1.5 rounded-sm ring-2 ring-inset ring-accent"
            style={{ top: `min(${(100 * from) / days}%, 100% - 6px)`, height: `${(100 * (at - from + 1)) / days}%` }}
          />
        </>
      )}
    </div>
  );
}

/** Tables beside one another, dates down: on each line the worst state of its dates. */
function History({ overview, lines }: { overview: Overview; lines: number }) {
  const days = overview.states[0]?.length ?? 0;
  const paths = useMemo(() => {
    const found = new Map<string, string>();
    for (let line = 0; line < lines; line++) {
      const [from, to] = [line, line + 1].map((at) => Math.floor((at * days) / lines)) as [number, number];
      for (const [column, letters] of overview.states.entries()) {
        const states = [...letters.slice(from, to)].map(codeState).filter((state) => COLOURS[state]);
        const worst = states.reduce<CellState | undefined>(worseOf, undefined);
        const colour = worst && COLOURS[worst];
        if (colour) found.set(colour, `${found.get(colour) ?? ""}M${column} ${line}h1v1h-1z`);
      }
    }
    return [...found];
  }, [overview, days, lines]);
  return (
    <svg
      viewBox={`0 0 ${overview.tables.length} ${lines}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      aria-hidden="true"
      className="absolute inset-0 size-full"
    >
      {paths.map(([colour, path]) => (
        <path key={colour} d={path} fill={`var(${colour})`} />
      ))}
    </svg>
  );
}
