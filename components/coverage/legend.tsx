"use client";

import { type CellState, STATES } from "@/lib/coverage/types";
import { type Summary, stateWord } from "@/lib/coverage/words";
import { SIGNS } from "./signs";

/** Counts by state; a press lets only that state stand out. */
export function Legend({
  counts,
  filter,
  onFilter,
}: {
  counts: Summary["counts"];
  filter: CellState | null;
  onFilter(state: CellState | null): void;
}) {
  const shown = STATES.filter((state) => state !== "no_games" && (counts[state] ?? 0) > 0);
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">States</legend>
      {shown.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={filter === state}
          onClick={() => onFilter(filter === state ? null : state)}
          className={`inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-xs hover:bg-raised ${filter === state ? "border-accent bg-raised" : "border-line bg-panel"}`}
        >
          <span
            aria-hidden="true"
            className={`state state-${state} inline-flex size-3.5 items-center justify-center rounded-sm text-[10px] font-bold leading-none`}
          >
            {SIGNS[state]}
          </span>
          {stateWord(state)} <strong>{counts[state]}</strong>
        </button>
      ))}
    </fieldset>
  );
}
