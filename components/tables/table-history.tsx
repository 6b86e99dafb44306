"use client";

import { Play } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { useRef, useState } from "react";
import type { CellState } from "@/lib/engine/coverage/cell-states";
import { historyOf, moveRange, type Standing, standingOf } from "@/lib/engine/coverage/standing";
import { NEEDS_WORK } from "@/lib/engine/coverage/types";
import { requestFor } from "@/lib/engine/planning/request";
import { formatPercent, plural } from "@/lib/engine/view/format";
import { formatDates } from "@/lib/engine/view/format-plan";
import { formatState } from "@/lib/engine/view/format-state";
import { STATES_SHOWN } from "@/lib/engine/view/state-families";
import { addDays, dayNumber, shortDate } from "@/lib/util/dates";
import { PlanDialog } from "../backfill/plan-dialog";
import type { Range } from "../coverage/use-coverage";
import { Button } from "../ui/button";
import { Form, RangeFields } from "../ui/form";
import { CoverageLink, ErrorText, Skeleton } from "../ui/parts";
import { StateBadge } from "../ui/status-text";
import { TitledCard } from "../ui/titled-card";
import { Strip } from "./strip";
import { lettersOf, useOverview } from "./use-overview";

const KEYS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Answer first: how complete a table is, and one action for what is not. */
export function TableState({ table }: { table: string }) {
  const { data: overview } = useOverview();
  const [isPlanning, setPlanning] = useState(false);
  if (!overview) return <Skeleton className="h-8 w-96" />;
  const { state, counts, due, complete, toDo, lastComplete } = standingOf(lettersOf(overview, table), overview.start);
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
      {state === null && <span className="text-soft">Nothing is due.</span>}
      {state === "complete" && <StateBadge state={state} />}
      {toDo > 0 && <Counts counts={counts} states={STATES_SHOWN.filter((one) => NEEDS_WORK.has(one))} />}
      {due > 0 && (
        <span>
          <strong className="font-semibold">{formatPercent(complete, due)}</strong> complete,{" "}
          {complete.toLocaleString("en-US")} of {plural(due, "date")}
          {toDo > 0 && `; ${plural(toDo, "date")} to do`}
          {lastComplete && (
            <span className="text-soft">; the last complete date is {shortDate(lastComplete, true)}</span>
          )}
        </span>
      )}
      <span className="ml-auto flex flex-wrap gap-2">
        <CoverageLink />
        {toDo > 0 && (
          <Button variant="primary" onClick={() => setPlanning(true)}>
            <Play aria-hidden="true" />
            Backfill {plural(toDo, "date")}
          </Button>
        )}
      </span>
      {isPlanning && <PlanDialog request={requestFor([table], overview)} onClose={() => setPlanning(false)} />}
    </div>
  );
}

const Counts = ({ counts, states }: Pick<Standing, "counts"> & { states: readonly CellState[] }) => (
  <span className="flex flex-wrap items-center gap-1.5">
    {states
      .filter((state) => counts[state])
      .map((state) => (
        <StateBadge key={state} state={state}>
          {counts[state]} {formatState(state)}
        </StateBadge>
      ))}
  </span>
);

/** The states of a table over all that is known, with the range that the page shows: drag, type, or move it by keys. */
export function TableHistory({ table, range }: { table: string; range: Range }) {
  const { data: overview, error } = useOverview();
  // The server counts the rows of the range.
  const [url, setUrl] = useQueryStates(
    { start: parseAsString, end: parseAsString },
    { shallow: false, throttleMs: 300 },
  );
  const shown = { start: url.start ?? range.start, end: url.end ?? range.end };
  /** What is typed or dragged and not shown yet: the server's answer to an earlier range does not undo it. */
  const [edited, setEdited] = useState<Range | null>(null);
  const draft = edited ?? shown;
  const [at, setAt] = useState<string | null>(null);
  const from = useRef<string | null>(null);
  if (!overview) return error ? <ErrorText>{error.message}</ErrorText> : <Skeleton className="h-40 w-full" />;
  const letters = lettersOf(overview, table);
  const days = letters.length;
  const show = (next: Range) => {
    setEdited(null);
    void setUrl(next);
  };
  const { counts } = standingOf(letters, overview.start, draft);
  const dayOf = (date: string) => Math.max(0, Math.min(days, dayNumber(date) - dayNumber(overview.start)));
  const dateAt = (event: React.PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const day = Math.floor((days * (event.clientX - left)) / width);
    return addDays(overview.start, Math.max(0, Math.min(days - 1, day)));
  };
  const stateAt = at && historyOf(letters[dayOf(at)] ?? "", at)[0]?.state;
  const onKeyDown = (event: React.KeyboardEvent) => {
    const length = dayNumber(draft.end) - dayNumber(draft.start) + 1;
    const step =
      KEYS[event.key] ?? { PageUp: -length, PageDown: length, Home: -days, End: days }[event.key as "PageUp"];
    if (step === undefined) return;
    event.preventDefault();
    show(moveRange(draft, step, overview, event.shiftKey));
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const date = dateAt(event);
    setAt(date);
    if (from.current !== null)
      setEdited(from.current < date ? { start: from.current, end: date } : { start: date, end: from.current });
  };
  const isSame = draft.start === shown.start && draft.end === shown.end;
  const presets = [
    ["Last 30 days", moveRange({ start: addDays(overview.end, -29), end: overview.end }, 0, overview)],
    ["All", { start: overview.start, end: overview.end }],
  ] as const;
  return (
    <TitledCard
      title="History"
      words={
        at && stateAt ? `${shortDate(at, true)}: ${formatState(stateAt)}` : formatDates(overview.start, overview.end)
      }
      beside={
        <Form className="flex flex-wrap items-center gap-1.5" onSend={() => show(draft)}>
          {presets.map(([words, preset]) => (
            <Button key={words} variant="ghost" onClick={() => show(preset)}>
              {words}
            </Button>
          ))}
          <RangeFields range={draft} onChange={setEdited} />
          <Button type="submit" disabled={isSame}>
            Show
          </Button>
        </Form>
      }
      className="flex flex-col gap-3 px-4 py-3"
    >
      <div
        role="slider"
        tabIndex={0}
        aria-label="Range in the whole history"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, days - 1)}
        aria-valuenow={Math.min(dayOf(draft.start), Math.max(0, days - 1))}
        aria-valuetext={formatDates(draft.start, draft.end)}
        title="Drag to choose a range; arrows move it, with Shift its end"
        className="relative h-10 cursor-crosshair touch-none rounded-bar bg-raised"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = dateAt(event);
          setEdited({ start: from.current, end: from.current });
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          from.current = null;
          show(draft);
        }}
        onPointerLeave={() => setAt(null)}
      >
        <Strip letters={letters} start={overview.start} most={600} className="absolute inset-y-1 h-8 w-full" />
        <div
          className="pointer-events-none absolute inset-y-0 min-w-1.5 rounded-bar ring-2 ring-accent ring-inset"
          style={{
            left: `${(100 * dayOf(draft.start)) / Math.max(1, days)}%`,
            width: `${(100 * (dayOf(addDays(draft.end, 1)) - dayOf(draft.start))) / Math.max(1, days)}%`,
          }}
        />
      </div>
      <p className="flex flex-wrap items-center gap-1.5" role="status">
        <Counts counts={counts} states={STATES_SHOWN} />
        <span className="text-soft">in {formatDates(draft.start, draft.end)}</span>
      </p>
    </TitledCard>
  );
}
