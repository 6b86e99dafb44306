"use client";

import { CalendarDays, ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { Popover } from "radix-ui";
import { useEffect, useState } from "react";
import { formatDates } from "@/lib/engine/view/format-plan";
import { addDays, dayNumber } from "@/lib/util/dates";
import { Button } from "../ui/button";
import { Form, RangeFields } from "../ui/form";
import { Places } from "./places";
import { useCoverage } from "./use-coverage";

/** The range on a button, which opens all that leads to another one; beside it as many dates before and after. */
export function RangeMenu() {
  const { range, setRange, setExactRange } = useCoverage();
  const [isOpen, setOpen] = useState(false);
  const length = dayNumber(range.end) - dayNumber(range.start) + 1;
  const step = (days: number) => setExactRange({ start: addDays(range.start, days), end: addDays(range.end, days) });
  const go = (to: typeof range, isExact: boolean) => {
    setOpen(false);
    if (isExact) setExactRange(to);
    else setRange(to);
  };
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1.5">
      <Button aria-label="Earlier" title="Earlier" className="px-2" onClick={() => step(-length)}>
        <ChevronLeft aria-hidden="true" />
      </Button>
      <Popover.Root open={isOpen} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <Button
            aria-label={`Range: ${formatDates(range.start, range.end)}`}
            className="min-w-44 flex-1 justify-between max-sm:px-2"
          >
            <CalendarDays aria-hidden="true" className="text-soft max-sm:hidden" />
            {formatDates(range.start, range.end)}
            <ChevronDown aria-hidden="true" className="text-soft" />
          </Button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={6}
            collisionPadding={8}
            aria-label="Go to"
            className="z-40 flex max-h-[70dvh] max-w-[calc(100vw-1rem)] flex-col gap-3 overflow-auto rounded-card border border-line bg-panel p-3 text-sm text-ink shadow-popover"
          >
            <Dates go={(to) => go(to, true)} />
            <Places go={(to) => go(to, false)} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <Button aria-label="Later" title="Later" className="px-2" onClick={() => step(length)}>
        <ChevronRight aria-hidden="true" />
      </Button>
    </div>
  );
}

/** The first and last date, to be typed. */
function Dates({ go }: { go(range: { start: string; end: string }): void }) {
  const { range } = useCoverage();
  const [draft, setDraft] = useState(range);
  useEffect(() => setDraft(range), [range]);
  return (
    <Form className="flex flex-wrap items-center gap-1.5" onSend={() => go(draft)}>
      <RangeFields range={draft} onChange={setDraft} />
      <Button type="submit" disabled={draft.start === range.start && draft.end === range.end}>
        Show
      </Button>
    </Form>
  );
}
