"use client";

import { useEffect, useRef } from "react";
import type { Grid } from "@/lib/coverage/grid";
import type { Cell, CellState } from "@/lib/coverage/types";
import { shortDate, weekday } from "@/lib/dates";
import { processor } from "@/lib/processors";
import { contains, moved, type Place, type Selection } from "./selection";
import { cellText, cellWords } from "./signs";

const PHASES: Record<number, string> = { 3: "Phase 3 · analytics", 4: "Phase 4 · precompute" };

interface Props {
  grid: Grid;
  selection: Selection | null;
  onSelect(selection: Selection | null): void;
  onBackfill(): void;
  onDetails(): void;
  /** Only cells in this state stand out, when given. */
  filter: CellState | null;
}

/**
 * Dates down, tables across. One cell takes part in the tab order; arrows move, Shift
 * extends, Enter goes to the details, B plans a backfill of what is selected.
 */
export function CoverageGrid({ grid, selection, onSelect, onBackfill, onDetails, filter }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const dragging = useRef(false);
  const at: Place = selection?.to ?? { row: 0, column: 0 };
  const phases = [3, 4]
    .map((phase) => ({ phase, tables: grid.tables.filter((name) => processor(name).phase === phase) }))
    .filter((one) => one.tables.length > 0);
  const firstOfPhase4 = grid.tables.findIndex((name) => processor(name).phase === 4);
  const apart = (column: number) => (column === firstOfPhase4 && column > 0 ? "pl-3" : "");

  useEffect(() => {
    const stop = () => {
      dragging.current = false;
    };
    window.addEventListener("pointerup", stop);
    return () => window.removeEventListener("pointerup", stop);
  }, []);

  const focus = ({ row, column }: Place) =>
    table.current?.querySelector<HTMLElement>(`[data-place="${row} ${column}"]`)?.focus();

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") return onSelect(null);
    if (event.key === "Enter") return onDetails();
    if (event.key.toLowerCase() === "b" && !event.ctrlKey && !event.metaKey) return onBackfill();
    const size: [number, number] = [grid.dates.length, grid.tables.length];
    if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return onSelect({ from: { row: 0, column: 0 }, to: { row: size[0] - 1, column: size[1] - 1 } });
    }
    const to = moved(event.key, at, ...size, event.ctrlKey);
    if (!to) return;
    event.preventDefault();
    onSelect({ from: event.shiftKey && selection ? selection.from : to, to });
    focus(to);
  };

  return (
    // The grid's keys come from its cells.
    <table
      ref={table}
      role="grid"
      aria-label="Coverage by date and table"
      aria-multiselectable="true"
      aria-rowcount={grid.dates.length + 1}
      className="border-separate border-spacing-[2px] text-sm"
      onKeyDown={onKeyDown}
    >
      <thead className="sticky top-0 z-20 bg-page text-xs text-soft">
        <tr>
          <td colSpan={2} />
          {phases.map(({ phase, tables }) => (
            <th
              key={phase}
              scope="colgroup"
              colSpan={tables.length}
              className={`pb-1 text-left font-normal uppercase tracking-wide ${phase === 4 ? "pl-3" : ""}`}
            >
              {PHASES[phase]}
            </th>
          ))}
          <td />
        </tr>
        <tr>
          <th scope="col" className="sticky left-0 z-10 bg-page pr-2 text-left font-normal">
            date
          </th>
          <th scope="col" className="px-1 text-right font-normal">
            games
          </th>
          {grid.tables.map((name, column) => (
            <th key={name} scope="col" className={`font-normal ${apart(column)}`}>
              <button
                type="button"
                title={`${processor(name).name}: select the column`}
                className="w-full rounded py-1 hover:bg-raised hover:text-ink"
                onClick={() => onSelect({ from: { row: 0, column }, to: { row: grid.dates.length - 1, column } })}
              >
                {name}
              </button>
            </th>
          ))}
          <th scope="col" className="pl-3 text-left font-normal">
            status
          </th>
        </tr>
      </thead>
      <tbody>
        {grid.dates.map((date, row) => (
          <tr key={date.date} aria-rowindex={row + 2} className="h-8">
            <th scope="row" className="sticky left-0 z-10 bg-page p-0 text-left font-normal">
              <button
                type="button"
                title={`${date.date}: select the row`}
                className={`w-full whitespace-nowrap rounded py-1 pr-2 text-left hover:bg-raised ${date.games === 0 ? "text-soft" : ""}`}
                onClick={() => onSelect({ from: { row, column: 0 }, to: { row, column: grid.tables.length - 1 } })}
              >
                <span className="text-soft">{weekday(date.date)}</span>{" "}
                <span className="font-semibold">{shortDate(date.date)}</span>
              </button>
            </th>
            <td className="px-1 text-right text-soft">{date.games || ""}</td>
            {grid.tables.map((name, column) => (
              <td
                key={name}
                role="gridcell"
                aria-selected={contains(selection, row, column)}
                className={`p-0 ${apart(column)}`}
              >
                <CellButton
                  cell={date.cells[name] as Cell}
                  place={`${row} ${column}`}
                  tabbable={at.row === row && at.column === column}
                  selected={contains(selection, row, column)}
                  dimmed={filter !== null && !(date.cells[name] as Cell).states.includes(filter)}
                  onPress={(extend) => {
                    dragging.current = true;
                    onSelect({ from: extend && selection ? selection.from : { row, column }, to: { row, column } });
                  }}
                  onEnter={() => {
                    if (dragging.current && selection) onSelect({ from: selection.from, to: { row, column } });
                  }}
                />
              </td>
            ))}
            <td className="w-full min-w-44 py-0 pl-3 text-xs leading-4 text-soft max-sm:whitespace-nowrap">
              {date.status}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  cell: Cell;
  place: string;
  tabbable: boolean;
  selected: boolean;
  dimmed: boolean;
  onPress(extend: boolean): void;
  onEnter(): void;
}

function CellButton({ cell, place, tabbable, selected, dimmed, onPress, onEnter }: CellProps) {
  const { main, rest } = cellText(cell);
  const filled = cell.expected ? Math.min(100, (100 * cell.distinct) / cell.expected) : 0;
  return (
    <button
      type="button"
      data-place={place}
      data-state={cell.state}
      tabIndex={tabbable ? 0 : -1}
      aria-label={cellWords(cell)}
      style={cell.state === "partial" ? ({ "--filled": `${filled}%` } as React.CSSProperties) : undefined}
      className={`state state-${cell.state} h-8 w-full min-w-14 touch-manipulation select-none whitespace-nowrap rounded px-1.5 text-right ${selected ? "outline-2 outline-(--ring)" : ""} ${dimmed ? "opacity-25" : ""}`}
      onPointerDown={(event) => {
        if (event.button === 0) onPress(event.shiftKey);
      }}
      onPointerEnter={onEnter}
    >
      <span className="font-semibold">{main}</span>
      {rest && <span className="ml-0.5 text-xs">{rest}</span>}
    </button>
  );
}
