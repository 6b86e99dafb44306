"use client";

import { useEffect, useState } from "react";
import { addDays, dayNumber, isDate } from "@/lib/dates";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { ErrorText } from "../ui/parts";

export interface Range {
  start: string;
  end: string;
}

/** What is wrong with a range, in words. The server checks again, by its schema: that is too large to send here. */
function faultOf({ start, end }: Range): string | null {
  if (!isDate(start) || !isDate(end)) return "Dates are YYYY-MM-DD.";
  return start > end ? "The range is empty: its start is after its end." : null;
}

/** First and last date of the grid, and steps of its own length back and forth. */
export function RangePicker({ range, onChange }: { range: Range; onChange(range: Range): void }) {
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
