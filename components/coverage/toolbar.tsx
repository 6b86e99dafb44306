"use client";

import { useState } from "react";
import { ZOOMS } from "@/lib/coverage/zoom";
import { addDays, dayNumber, isDate } from "@/lib/dates";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { ErrorText } from "../ui/parts";
import { Segments } from "../ui/select";
import { useNow } from "../ui/use-now";
import { GoTo } from "./go-to";
import { type Range, useCoverage } from "./use-coverage";

export function Toolbar() {
  const { range, zoom, setZoom, isFetching, lookAgain, page } = useCoverage();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangePicker key={`${range.start} ${range.end}`} />
      <GoTo />
      <Segments label="Zoom" options={ZOOMS} value={zoom} onChoose={setZoom} />
      <Button onClick={lookAgain} disabled={isFetching}>
        Look again
      </Button>
      {page.checkedAt && <Checked at={page.checkedAt} />}
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

function RangePicker() {
  const { range, setRange } = useCoverage();
  const [draft, setDraft] = useState(range);
  const [fault, setFault] = useState<string | null>(null);
  const length = dayNumber(range.end) - dayNumber(range.start) + 1;
  const step = (days: number) => setRange({ start: addDays(range.start, days), end: addDays(range.end, days) });
  return (
    <Form
      className="flex flex-wrap items-center gap-1.5"
      onSend={() => {
        const wrong = faultOf(draft);
        setFault(wrong);
        if (!wrong) setRange(draft);
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
