"use client";

import type { Overview } from "@/lib/api/coverage";
import { ZOOMS, type Zoom } from "@/lib/coverage/zoom";
import { Button } from "../ui/button";
import { Segments } from "../ui/segments";
import { Checked } from "./checked";
import { GoTo } from "./go-to";
import { type Range, RangePicker } from "./range-picker";

const OPTIONS = ZOOMS.map((zoom) => ({ value: zoom, words: zoom }));

interface Props {
  range: Range;
  onRange(range: Range): void;
  overview: Overview | undefined;
  zoom: Zoom;
  onZoom(zoom: Zoom): void;
  isLooking: boolean;
  onLook(): void;
  /** When the data were looked at; null where what is shown is always what is there. */
  checkedAt: string | null;
}

/** Which dates are shown, and how many of them in a row. */
export function Toolbar({ range, onRange, overview, zoom, onZoom, isLooking, onLook, checkedAt }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangePicker range={range} onChange={onRange} />
      <GoTo overview={overview} onGo={onRange} />
      <Segments label="Zoom" options={OPTIONS} value={zoom} onChoose={onZoom} />
      <Button onClick={onLook} disabled={isLooking}>
        Look again
      </Button>
      {checkedAt && <Checked at={checkedAt} />}
    </div>
  );
}
