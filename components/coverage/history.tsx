"use client";

import { useMemo, useRef, useState } from "react";
import { type HistoryBar, historyBars } from "@/lib/engine/view/history-bars";
import type { Family } from "@/lib/engine/view/state-families";
import { addDays, dayNumber, monthName, shortDate } from "@/lib/util/dates";
import { useCoverage } from "./use-coverage";

/** So many bars at most: one is some four pixels wide. */
const MAX_BARS = 200;
const TICKS = 6;
/** A history of more days has its dates by month and year. */
const LONG_DAYS = 300;
/** A press that moves less goes to a date; one that moves more chooses a range. */
const DRAG_PX = 4;

/** Days of the history, both included, from where a drag began to where it is. */
interface Drag {
  from: number;
  to: number;
  x: number;
  /** Set once it has moved, and at once where it began at an edge of the range. */
  isRange: boolean;
}

/**
 * The whole history as bars of states, with the range framed. A press goes to a date, a drag chooses a range, the
 * frame's edges move its first and last date; all three have keys.
 */
export function History() {
  const { overview, range, shown, show, setExactRange } = useCoverage();
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const bars = useMemo(() => (overview ? historyBars(overview, MAX_BARS) : []), [overview]);
  const days = overview?.states[0]?.length ?? 0;
  const first = overview?.start ?? range.start;
  const clamp = (day: number) => Math.max(0, Math.min(days - 1, day));
  const dayOf = (date: string) => clamp(dayNumber(date) - dayNumber(first));
  const dateOf = (day: number) => addDays(first, clamp(day));
  const [start, end] = [dayOf(range.start), dayOf(range.end)];
  const frame = drag?.isRange ? [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] : [start, end];
  const [from, to] = frame as [number, number];
  const at = dayOf(shown.end);
  /** What of a long range the grid has in view. */
  const view = { from: dayOf(shown.start), to: at };
  const isPart = view.to - view.from < 0.7 * (end - start);

  const dayAt = (x: number) => {
    const { left, width } = (box.current as HTMLDivElement).getBoundingClientRect();
    return clamp(Math.floor((days * (x - left)) / width));
  };
  const onPointerDown = (event: React.PointerEvent) => {
    if (event.button !== 0 || days === 0) return;
    const edge = (event.target as Element).getAttribute("data-edge");
    event.currentTarget.setPointerCapture(event.pointerId);
    const day = dayAt(event.clientX);
    setDrag({
      from: edge === "start" ? end : edge === "end" ? start : day,
      to: edge === "start" ? start : edge === "end" ? end : day,
      x: event.clientX,
      isRange: edge !== null,
    });
  };
  const onPointerMove = ({ clientX }: React.PointerEvent) => {
    if (!drag) return;
    const isRange = drag.isRange || Math.abs(clientX - drag.x) > DRAG_PX;
    setDrag({ ...drag, to: dayAt(clientX), isRange });
  };
  const onPointerUp = () => {
    if (!drag) return;
    setDrag(null);
    if (drag.isRange) setExactRange({ start: dateOf(from), end: dateOf(to) });
    else show(dateOf(drag.to));
  };

  const steps = (day: number, [small, large]: readonly [number, number]): Record<string, number> => ({
    ArrowLeft: day - small,
    ArrowUp: day - small,
    ArrowRight: day + small,
    ArrowDown: day + small,
    PageUp: day - large,
    PageDown: day + large,
    Home: 0,
    End: days - 1,
  });
  const onKey =
    (day: number, by: readonly [number, number], go: (day: number) => void) => (event: React.KeyboardEvent) => {
      const next = steps(day, by)[event.key];
      if (next === undefined) return;
      event.preventDefault();
      go(clamp(next));
    };
  const percent = (day: number) => `${days === 0 ? 0 : (100 * day) / days}%`;
  const edges = [
    { edge: "start", day: start, set: (day: number) => ({ start: dateOf(Math.min(day, end)), end: range.end }) },
    { edge: "end", day: end, set: (day: number) => ({ start: range.start, end: dateOf(Math.max(day, start)) }) },
  ] as const;
  return (
    <div className="hidden min-w-0 flex-1 flex-col gap-1 sm:flex">
      <div
        ref={box}
        className="relative h-9 cursor-pointer touch-none select-none"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(null)}
      >
        <div
          role="slider"
          tabIndex={0}
          aria-label="Whole history"
          aria-valuemin={0}
          aria-valuemax={Math.max(0, days - 1)}
          aria-valuenow={at}
          aria-valuetext={`${shortDate(shown.start, true)} to ${shortDate(shown.end, true)}`}
          title="The whole history: click to go to a date, drag to choose a range"
          className="absolute inset-0 rounded-bar"
          onKeyDown={onKey(at, [7, 91], (day) => show(dateOf(day)))}
        >
          <Bars bars={bars} />
        </div>
        {days > 0 && (
          <>
            <div
              aria-hidden="true"
              className="pointer-events-none absolute -inset-y-1 min-w-1.5 rounded-cell bg-accent/8 ring-2 ring-accent ring-inset"
              style={{ left: percent(from), width: percent(to - from + 1) }}
            />
            {isPart && !drag && (
              <div
                aria-hidden="true"
                className="pointer-events-none absolute -bottom-1 h-1 min-w-1.5 rounded-bar bg-accent"
                style={{ left: percent(view.from), width: percent(view.to - view.from + 1) }}
              />
            )}
            {edges.map(({ edge, day, set }) => (
              <div
                key={edge}
                role="slider"
                tabIndex={0}
                data-edge={edge}
                aria-label={edge === "start" ? "First date of the range" : "Last date of the range"}
                aria-valuemin={edge === "start" ? 0 : start}
                aria-valuemax={edge === "start" ? end : Math.max(0, days - 1)}
                aria-valuenow={day}
                aria-valuetext={shortDate(dateOf(day), true)}
                className="history-edge"
                style={{ left: percent(edge === "start" ? from : to + 1) }}
                onKeyDown={onKey(day, [1, 7], (next) => next !== day && setExactRange(set(next)))}
              />
            ))}
          </>
        )}
      </div>
      <div aria-hidden="true" className="grid h-4 grid-flow-col text-2xs text-soft" style={{ gridAutoColumns: "1fr" }}>
        {days > 0 &&
          Array.from({ length: TICKS }, (_, tick) => dateOf(Math.floor((tick * days) / TICKS))).map((date) => (
            <span key={date} className="truncate">
              {days > LONG_DAYS ? `${monthName(date)} ${date.slice(0, 4)}` : shortDate(date)}
            </span>
          ))}
      </div>
    </div>
  );
}

function Bars({ bars }: { bars: readonly HistoryBar[] }) {
  const paths = useMemo(() => {
    const found = new Map<Family | "due", string>();
    // Some air between few bars; many would be all air.
    const width = bars.length <= 100 ? 0.9 : 1;
    const add = (key: Family | "due", x: number, y: number, height: number) =>
      found.set(key, `${found.get(key) ?? ""}M${x} ${y.toFixed(3)}h${width}v${height.toFixed(3)}h-${width}z`);
    for (const [x, { shares }] of bars.entries()) {
      if (shares.length > 0) add("due", x, 0, 1);
      let top = 1;
      for (const { family, share } of shares) {
        top -= share;
        add(family, x, top, share);
      }
    }
    return [...found];
  }, [bars]);
  return (
    <svg
      viewBox={`0 0 ${Math.max(1, bars.length)} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="absolute inset-0 size-full"
    >
      {paths.map(([key, path]) => (
        <path
          key={key}
          d={path}
          fill={`var(--color-${key === "due" ? "raised" : key})`}
          // Complete is quiet here: the eye goes to what is not.
          opacity={key === "complete" ? 0.4 : undefined}
        />
      ))}
    </svg>
  );
}
