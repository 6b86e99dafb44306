"use client";

import { STATES } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";
import { STATE_MEANINGS } from "@/lib/engine/view/glossary";
import { ACCEPTED_SIGN, SIGNS } from "./grid/signs";
import { useCoverage } from "./use-coverage";

export function Legend() {
  const { page, filter, setFilter } = useCoverage();
  const { counts, accepted } = page.summary;
  const shown = STATES.filter((state) => state !== "not_expected" && ((counts[state] ?? 0) > 0 || state === filter));
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">States</legend>
      {shown.map((state) => (
        <button
          key={state}
          type="button"
          title={STATE_MEANINGS[state].means}
          aria-pressed={filter === state}
          onClick={() => setFilter(filter === state ? null : state)}
          className={`inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-xs hover:bg-raised ${filter === state ? "border-accent bg-raised" : "border-line bg-panel"}`}
        >
          <span
            aria-hidden="true"
            className={`state state-${state} inline-flex size-3.5 items-center justify-center rounded-sm text-[10px] font-bold leading-none`}
          >
            {SIGNS[state]}
          </span>
          {formatState(state)} <strong>{(counts[state] ?? 0).toLocaleString("en-US")}</strong>
        </button>
      ))}
      {accepted > 0 && (
        <span className="inline-flex items-center gap-1.5 px-2 py-0.5 text-xs text-soft">
          {ACCEPTED_SIGN} accepted gaps <strong>{accepted.toLocaleString("en-US")}</strong>
        </span>
      )}
    </fieldset>
  );
}
