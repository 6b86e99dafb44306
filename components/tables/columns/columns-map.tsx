"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { decodeChecks, decodeShares, type EncodedColumns } from "@/lib/engine/coverage/columns";
import { shortDate } from "@/lib/util/dates";
import { drawMap, HEAD, type Line, ROW } from "./draw-map";

/** What the map is colored by. */
export const MEASURES = ["nulls", "zeros", "checks"] as const;
export type Measure = (typeof MEASURES)[number];

export interface Place {
  row: number;
  at: number;
}

interface Props {
  encoded: EncodedColumns;
  measure: Measure;
  place: Place;
  onMove(place: Place): void;
  /** Enter, or a second press on the same place. */
  onOpen(place: Place): void;
}

const NAMES_WIDE = 190;
const NAMES_NARROW = 118;
const MIN_CELL = 7;
const MAX_CELL = 26;

const WORDS: Record<Measure, string> = { nulls: "NULL", zeros: "zero", checks: "NULL" };

const percent = (share: number): string =>
  share === 0 || share === 1 ? `${share * 100} %` : `about ${Math.round(share * 100)} %`;

/** The lines of the map: each column's shares, and the checks that are broken. */
function useLines({ columns }: EncodedColumns, measure: Measure): Line[] {
  return useMemo(
    () =>
      columns.map(({ name, nulls, zeros, checks }) => ({
        name,
        shares: measure === "checks" ? [] : decodeShares(measure === "nulls" ? nulls : zeros),
        checks: decodeChecks(checks),
      })),
    [columns, measure],
  );
}

/**
 * Columns by date, on a canvas: 300 columns of 400 dates are drawn in a few milliseconds, as only those in view are. For
 * who does not see it, it is a slider whose text says what stands at the place.
 */
export function ColumnsMap({ encoded, measure, place, onMove, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const lines = useLines(encoded, measure);
  const { dates } = encoded;
  const names = width < 560 ? NAMES_NARROW : NAMES_WIDE;
  const cell = Math.max(MIN_CELL, Math.min(MAX_CELL, Math.floor((width - names - 8) / Math.max(1, dates.length))));
  const area = { names, cell };

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  // Drawn after every change of what it shows, and, without React, at every scroll and change of the scheme.
  useEffect(() => {
    const box = scroller.current;
    if (!box || width === 0) return;
    let frame = 0;
    const draw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (canvas.current) drawMap(canvas.current, box, { lines, dates, place, names, cell });
      });
    };
    draw();
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    box.addEventListener("scroll", draw, { passive: true });
    scheme.addEventListener("change", draw);
    return () => {
      cancelAnimationFrame(frame);
      theme.disconnect();
      box.removeEventListener("scroll", draw);
      scheme.removeEventListener("change", draw);
    };
  }, [lines, dates, place, names, cell, width]);

  const move = (to: Place) => {
    const next = {
      row: Math.max(0, Math.min(lines.length - 1, to.row)),
      at: Math.max(0, Math.min(dates.length - 1, to.at)),
    };
    const box = scroller.current;
    if (box) bringIntoView(box, next, area);
    onMove(next);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const { row, at } = place;
    const to = {
      ArrowUp: { row: row - 1, at },
      ArrowDown: { row: row + 1, at },
      ArrowLeft: { row, at: at - 1 },
      ArrowRight: { row, at: at + 1 },
      PageUp: { row: row - 10, at },
      PageDown: { row: row + 10, at },
      Home: { row, at: 0 },
      End: { row, at: dates.length - 1 },
    }[event.key];
    if (!to && event.key !== "Enter") return;
    event.preventDefault();
    if (to) move(to);
    else onOpen(place);
  };
  const placeOf = (event: React.PointerEvent): Place | null => {
    const box = scroller.current;
    if (!box) return null;
    const { left, top } = box.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    if (y < HEAD) return null;
    const row = Math.floor((y - HEAD + box.scrollTop) / ROW);
    const at = x < names ? place.at : Math.floor((x - names + box.scrollLeft) / cell);
    return row < lines.length && at < dates.length ? { row, at } : null;
  };
  const line = lines[place.row];
  const date = dates[place.at];
  return (
    <div
      ref={scroller}
      role="slider"
      tabIndex={0}
      aria-label="Columns by date. Arrow keys move, Enter opens the cell of the date."
      aria-valuemin={0}
      aria-valuemax={Math.max(0, lines.length * dates.length - 1)}
      aria-valuenow={place.row * dates.length + place.at}
      aria-valuetext={line && date ? placeWords(encoded, measure, place) : "nothing"}
      className="max-h-[27rem] overflow-auto overscroll-contain rounded-control"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const to = placeOf(event);
        if (to) move(to);
      }}
      onDoubleClick={() => onOpen(place)}
    >
      <div style={{ height: HEAD + lines.length * ROW, width: names + dates.length * cell }}>
        <canvas ref={canvas} className="sticky top-0 left-0 block" />
      </div>
    </div>
  );
}

/** "usage_rate, Nov 3, 2021: NULL in about 52 % of rows; a check fails". */
export function placeWords({ columns, dates }: EncodedColumns, measure: Measure, { row, at }: Place): string {
  const [column, date] = [columns[row], dates[at]];
  if (!column || !date) return "";
  const share = decodeShares(measure === "zeros" ? column.zeros : column.nulls)[at];
  const check = decodeChecks(column.checks)[at];
  const found = share == null ? "no figure" : `${WORDS[measure]} in ${percent(share)} of rows`;
  const checked = check === "fail" ? "; a check fails" : check === "warn" ? "; a check warns" : "";
  return `${column.name}, ${shortDate(date, true)}: ${found}${checked}`;
}

/** Scrolls as little as shows a place beside the names and below the dates. */
function bringIntoView(box: HTMLElement, { row, at }: Place, { names, cell }: { names: number; cell: number }): void {
  const [top, left] = [row * ROW, at * cell];
  const [height, width] = [box.clientHeight - HEAD, box.clientWidth - names];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + ROW > box.scrollTop + height) box.scrollTop = top + ROW - height;
  if (left < box.scrollLeft) box.scrollLeft = left;
  else if (left + cell > box.scrollLeft + width) box.scrollLeft = left + cell - width;
}
