"use client";

import { ArrowDownWideNarrow, Check, EyeOff, Pin, Play, Table2 } from "lucide-react";
import type { CellState } from "@/lib/engine/coverage/types";
import { requestFor } from "@/lib/engine/planning/request";
import { formatPercent } from "@/lib/engine/view/format";
import { FAMILIES, familyOf } from "@/lib/engine/view/state-families";
import { Menu } from "../../ui/menu";
import { useCoverage } from "../use-coverage";
import { addTotals, type Column, type ColumnTotal } from "./columns";

/** A bar of states, in the order of their families, as wide as its cells are many. */
export function StateBar({ states, className = "" }: { states: ColumnTotal["states"]; className?: string }) {
  const counts = new Map(FAMILIES.map((family) => [family, 0]));
  for (const [state, count] of Object.entries(states) as Array<[CellState, number]>) {
    const family = familyOf(state);
    if (family) counts.set(family, (counts.get(family) ?? 0) + count);
  }
  return (
    <span aria-hidden="true" className={`flex gap-px overflow-hidden rounded-bar ${className}`}>
      {[...counts].map(
        ([family, count]) =>
          count > 0 && (
            <span key={family} style={{ flexGrow: count, background: `var(--color-${family})` }} className="min-w-px" />
          ),
      )}
    </span>
  );
}

/** The head of a column: its name, how much of it is complete, and a menu of what can be done with it. */
export function ColumnHead({ of }: { of: Column }) {
  const { totals, rows, layout, range, select, worst, pinned, ...page } = useCoverage();
  if (of.kind === "source") return <span className="block truncate">{of.label}</span>;
  const total = addTotals(of.at.flatMap((at) => totals[at] ?? []));
  const column = layout.indexOf(of);
  const isWorst = worst === of.id;
  const isPinned = pinned.includes(of.id);
  return (
    <Menu
      label={of.label}
      align="start"
      trigger={
        <button
          type="button"
          title={of.title}
          className="flex w-full cursor-pointer flex-col gap-1 rounded px-1 py-0.5 text-left hover:bg-raised hover:text-ink data-[state=open]:bg-raised"
          // The grid would take it for a press on the column.
          onPointerDown={(event) => event.stopPropagation()}
        >
          <span className="flex w-full items-center justify-between gap-1">
            <span className={`truncate ${of.kind === "table" ? "font-mono font-semibold text-ink" : "font-medium"}`}>
              {of.kind === "layer" ? "…" : of.label}
            </span>
            {of.kind === "table" && (
              <span className="coverage-share text-2xs">
                {isWorst ? "↓ " : ""}
                {total.complete === total.due ? (
                  <>
                    <span className="sr-only">complete</span>
                    <Check aria-hidden="true" strokeWidth={2.4} className="size-3.5 text-complete-ink" />
                  </>
                ) : (
                  formatPercent(total.complete, total.due)
                )}
              </span>
            )}
          </span>
          <StateBar states={total.states} className="h-1 w-full" />
        </button>
      }
      groups={[
        {
          heading: of.title,
          items: [
            ...(of.kind === "table"
              ? [{ words: "Open table", icon: <Table2 aria-hidden="true" />, href: `/tables/${of.id}` }]
              : []),
            {
              words: "Backfill column",
              icon: <Play aria-hidden="true" />,
              isDisabled: total.due === total.complete,
              run: () => page.setRequest(requestFor([...of.tables], range)),
            },
            {
              words: "Select column",
              icon: <Check aria-hidden="true" />,
              run: () => select({ from: { row: 0, column }, to: { row: rows.length - 1, column } }),
            },
          ],
        },
        {
          items: [
            {
              words: "Worst first",
              icon: <ArrowDownWideNarrow aria-hidden="true" />,
              isChecked: isWorst,
              run: () => page.setWorst(isWorst ? null : of.id),
            },
            ...(of.kind === "table"
              ? [
                  {
                    words: "Pin to the left",
                    icon: <Pin aria-hidden="true" />,
                    isChecked: isPinned,
                    run: () => page.togglePinned(of.id),
                  },
                  { words: "Hide", icon: <EyeOff aria-hidden="true" />, run: () => page.toggleHidden(of.id) },
                ]
              : []),
          ],
        },
      ]}
    />
  );
}
