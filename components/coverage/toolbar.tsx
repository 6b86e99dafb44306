"use client";

import { useEffect, useState } from "react";
import type { Overview } from "@/lib/api/coverage";
import { ZOOMS, type Zoom } from "@/lib/coverage/zoom";
import { addDays, dayNumber, isDate } from "@/lib/dates";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { ErrorText } from "../ui/parts";
import { Segments } from "../ui/select";
import { useNow } from "../ui/use-now";
import { GoTo, type Range } from "./go-to";

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
  const now = useNow(15_000);
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  const ago = minutes < 1 ? "just now" : minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
  return <span className="min-w-36 text-sm text-soft">checked {ago}</span>;
}

/** What is wrong with a range, in words. The server checks again, by its schema: that is too large to send here. */
function faultOf({ start, end }: Range): string | null {
  if (!isDate(start) || !isDate(end)) return "Dates are YYYY-MM-DD.";
  return start > end ? "The range is empty: its start is after its end." : null;
}

function RangePicker({ range, onChange }: { range: Range; onChange(range: Range): void }) {
  const [draft, setDraft] = useState(range);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => setDraft(range), [range]);
  const length = dayNumber(range.end) - dayNumber(range.start) + 1;
  const step = (days: number) => onChange({ start: addDays(range.start, days), end: addDays(range.end, days) });
  return (
    <Form
      className="flex flex-wrap items-center gap-1.5"
      onSend={() => {
        const wrong = faultOf(draft);
        setFault(wrong);
        if (!wrong) onChange(draft);
      }}
    >
      <Button aria-label="Earlier" onClick={() => step(-length)}>
        ‹
      </Button>
      {(["start", "end"] as const).map((name) => (
        <input
          key={name}
          type="date"
          required
          aria-label={name === "start" ? "First date" : "Last date"}
          value={draft[name]}
          onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
          className="rounded-md border border-line bg-panel px-2 py-1 text-sm"
        />
      ))}
      <Button type="submit" disabled={draft.start === range.start && draft.end === range.end}>
        Show
      </Button>
      <Button aria-label="Later" onClick={() => step(length)}>
        ›
      </Button>
      <ErrorText>{fault}</ErrorText>
    </Form>
  );
}
