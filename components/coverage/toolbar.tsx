"use client";

import { useEffect, useState } from "react";
import { ZOOMS } from "@/lib/engine/coverage/zoom";
import { addDays, dayNumber } from "@/lib/util/dates";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { RelativeTime } from "../ui/relative-time";
import { SegmentedControl } from "../ui/select";

import { GoTo } from "./go-to";
import { useCoverage } from "./use-coverage";

export function Toolbar() {
  const { zoom, setZoom, isFetching, lookAgain, page } = useCoverage();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangePicker />
      <GoTo />
      <SegmentedControl label="Zoom" options={ZOOMS} value={zoom} onChoose={setZoom} />
      <Button onClick={lookAgain} disabled={isFetching}>
        Refresh
      </Button>
      {page.checkedAt && (
        <span className="min-w-36 text-sm text-soft">
          {page.isBehind ? "Another program is writing. Data of" : "checked"} <RelativeTime at={page.checkedAt} />
        </span>
      )}
    </div>
  );
}

function RangePicker() {
  const { range, setRange } = useCoverage();
  const [draft, setDraft] = useState(range);
  useEffect(() => setDraft(range), [range]);
  const length = dayNumber(range.end) - dayNumber(range.start) + 1;
  const step = (days: number) => setRange({ start: addDays(range.start, days), end: addDays(range.end, days) });
  return (
    <Form className="flex flex-wrap items-center gap-1.5" onSend={() => setRange(draft)}>
      <Button aria-label="Earlier" onClick={() => step(-length)}>
        ‹
      </Button>
      {(["start", "end"] as const).map((name) => (
        <input
          key={name}
          type="date"
          required
          aria-label={name === "start" ? "First date" : "Last date"}
          // The browser says what is wrong with a range whose start is after its end.
          min={name === "end" ? draft.start : undefined}
          max={name === "start" ? draft.end : "9999-12-31"}
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
    </Form>
  );
}
