"use client";

import type { Overview } from "@/lib/coverage/overview";
import { ZOOMS, type Zoom } from "@/lib/coverage/zoom";
import { Button } from "../ui/button";
import { GoTo } from "./go-to";
import { type Range, RangePicker } from "./range-picker";

interface Props {
  range: Range;
  onRange(range: Range): void;
  overview: Overview | undefined;
  zoom: Zoom;
  onZoom(zoom: Zoom): void;
  isLooking: boolean;
  onLook(): void;
}

/** Which dates are shown, and how many of them in a row. */
export function Toolbar({ range, onRange, overview, zoom, onZoom, isLooking, onLook }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangePicker range={range} onChange={onRange} />
      <GoTo overview={overview} onGo={onRange} />
      <fieldset className="inline-flex overflow-hidden rounded-md border border-line">
        <legend className="sr-only">Zoom</legend>
        {ZOOMS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={zoom === one}
            className={`px-2.5 py-1.5 text-sm capitalize hover:bg-raised ${zoom === one ? "bg-raised font-semibold" : "bg-panel text-soft"}`}
            onClick={() => onZoom(one)}
          >
            {one}
          </button>
        ))}
      </fieldset>
      <Button onClick={onLook} disabled={isLooking}>
        Look again
      </Button>
    </div>
  );
}
