"use client";

import { useEffect, useState } from "react";
import type { Overview } from "@/lib/api/coverage";
import { ZOOMS, type Zoom } from "@/lib/coverage/zoom";
import { Button } from "../ui/button";
import { Segments } from "../ui/select";
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
  /** When the data were looked at; null where what is shown is always what is there. */
  checkedAt: string | null;
}

/** Which dates are shown, and how many of them in a row. */
export function Toolbar({ range, onRange, overview, zoom, onZoom, isLooking, onLook, checkedAt }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangePicker range={range} onChange={onRange} />
      <GoTo overview={overview} onGo={onRange} />
      <Segments label="Zoom" options={ZOOMS} value={zoom} onChoose={onZoom} />
      <Button onClick={onLook} disabled={isLooking}>
        Look again
      </Button>
      {checkedAt && <Checked at={checkedAt} />}
    </div>
  );
}

/** "checked 3 min ago": how old the look at the warehouse is, moving on by itself. */
function Checked({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.parse(at));
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 15_000);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  const ago = minutes < 1 ? "just now" : minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
  return <span className="min-w-36 text-sm text-soft">checked {ago}</span>;
}
