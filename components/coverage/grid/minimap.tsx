"use client";

import { useEffect, useRef, useState } from "react";
import type { Overview } from "@/lib/api/coverage";
import { codeState } from "@/lib/coverage/page";
import { type CellState, NEEDS_WORK, worseOf } from "@/lib/coverage/types";
import { addDays, dayNumber, shortDate } from "@/lib/dates";

const WIDTH = 52;
/** A gap of one date among thousands is still so many pixels tall. */
const LEAST_PX = 2;
/** And the frame so tall that it can be seen. */
const LEAST_FRAME_PX = 6;

/** The states of each colour of the map; what is right is quiet. */
const TOKENS: Record<string, CellState[]> = {
  "--map-complete": ["complete"],
  "--map-missing": ["missing", "partial", "failed"],
  "--map-duplicated": ["duplicated", "surplus"],
  "--map-corrupt": ["corrupt"],
  "--map-tainted": ["tainted", "stale"],
  "--map-blocked": ["blocked"],
  "--running": ["running"],
};

interface Props {
  overview: Overview | undefined;
  /** First and last date on screen. */
  view: { start: string; end: string };
  onJump(date: string): void;
}

/** The whole history at a glance on a small canvas, with the part in view framed; a press goes there. */
export function Minimap({ overview, view, onJump }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, setHeight] = useState(0);
  const days = overview?.states[0]?.length ?? 0;

  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setHeight(Math.round(entry?.contentRect.height ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const paint = () => canvas.current && overview && height > 0 && draw(canvas.current, overview, height);
    paint();
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(paint);
    media.addEventListener("change", paint);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      media.removeEventListener("change", paint);
      theme.disconnect();
    };
  }, [overview, height]);

  const start = overview?.start ?? view.start;
  const dayOf = (date: string) => Math.max(0, Math.min(days - 1, dayNumber(date) - dayNumber(start)));
  const at = dayOf(view.end);
  const frame = days > 0 ? { top: dayOf(view.start) / days, height: (at - dayOf(view.start) + 1) / days } : null;
  const jump = (day: number) => onJump(addDays(start, Math.max(0, Math.min(days - 1, day))));
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
      aria-valuetext={`${shortDate(view.start, true)} to ${shortDate(view.end, true)}`}
      title="The whole history; a press goes there"
      className="relative hidden shrink-0 cursor-pointer self-stretch overflow-hidden rounded bg-raised sm:block"
      style={{ width: WIDTH }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const { top, height: tall } = event.currentTarget.getBoundingClientRect();
        jump(Math.floor((days * (event.clientY - top)) / tall));
      }}
    >
      <canvas ref={canvas} className="absolute inset-0" />
      {frame && (
        <div
          className="pointer-events-none absolute inset-x-0 top-0 rounded-sm ring-2 ring-inset ring-accent"
          style={{
            height: Math.max(LEAST_FRAME_PX, frame.height * height),
            transform: `translateY(${Math.min(frame.top * height, height - LEAST_FRAME_PX)}px)`,
          }}
        />
      )}
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, overview: Overview, height: number): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = WIDTH * scale;
  canvas.height = height * scale;
  canvas.style.width = `${WIDTH}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  const days = overview.states[0]?.length ?? 0;
  if (!context || days === 0) return;
  context.scale(scale, scale);
  // A canvas knows no light-dark(): the browser works each colour out on the element itself.
  const style = getComputedStyle(canvas);
  const colour = new Map<CellState, string>();
  for (const [token, states] of Object.entries(TOKENS)) {
    canvas.style.color = `var(${token})`;
    for (const state of states) colour.set(state, style.color);
  }
  const wide = WIDTH / overview.tables.length;
  for (let column = 0; column < overview.tables.length; column++) {
    // Quiet states first, so that what needs work lies on top of its neighbours.
    for (const urgent of [false, true]) {
      for (let y = 0; y < height; y++) {
        const from = Math.floor((y * days) / height);
        const to = Math.max(from + 1, Math.floor(((y + 1) * days) / height));
        const state = worst(overview, column, from, to);
        const paint = state && colour.get(state);
        if (!paint || NEEDS_WORK.has(state) !== urgent) continue;
        context.fillStyle = paint;
        context.fillRect(column * wide, y, wide, urgent ? LEAST_PX : 1);
      }
    }
  }
}

/** The worst state of some days; undefined where there are no games. */
function worst(overview: Overview, column: number, from: number, to: number): CellState | undefined {
  let found: CellState | undefined;
  for (let day = from; day < to; day++) {
    const state = codeState(overview.states[column]?.[day]);
    if (state !== "no_games" && state !== "bootstrap") found = worseOf(found, state);
  }
  return found;
}
