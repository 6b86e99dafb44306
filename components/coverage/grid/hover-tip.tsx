"use client";

import { useSyncExternalStore } from "react";
import { decodeCell } from "@/lib/coverage/page";
import { stateWord } from "@/lib/coverage/words";
import type { ViewRow } from "@/lib/coverage/zoom";
import { shortDate, weekday } from "@/lib/dates";
import { STATE_MEANINGS } from "@/lib/glossary";
import { groupWords, rowsWords } from "./signs";

interface Tip {
  row: number;
  column: number;
  /** Where the cell is, in the window. */
  x: number;
  y: number;
}

/** Holds what the pointer is over, apart from the grid, which need not be drawn anew for it. */
export class TipStore {
  private tip: Tip | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.tip;

  show(tip: Tip | null): void {
    if (tip?.row === this.tip?.row && tip?.column === this.tip?.column) return;
    this.tip = tip;
    for (const listener of this.listeners) listener();
  }
}

const WIDTH = 256;
/** Height of a cell with the tip's distance from it on both sides. */
const CELL_PX = 44;

/** What the cell under the pointer is: all from what the page holds already. */
export function HoverTip({
  store,
  rows,
  tables,
}: {
  store: TipStore;
  rows: readonly ViewRow[];
  tables: readonly string[];
}) {
  const tip = useSyncExternalStore(store.subscribe, store.read, () => null);
  const row = tip && rows[tip.row];
  const table = tip && tables[tip.column];
  if (!tip || !row || !table || row.kind === "gap") return null;
  const left = Math.min(tip.x, window.innerWidth - WIDTH - 12);
  const below = tip.y + 130 < window.innerHeight;
  return (
    <div
      // Another cell's tip is another tip, not this one moved.
      key={`${tip.row} ${tip.column}`}
      role="tooltip"
      className="pointer-events-none fixed left-0 top-0 z-30 rounded-md border border-line bg-panel px-3 py-2 text-xs leading-5 shadow-lg"
      // Moved by transform, which lays nothing out anew; above the cell where there is no room below.
      style={{
        width: WIDTH,
        transform: `translate(${left}px, ${tip.y + 6}px)${below ? "" : ` translateY(calc(-100% - ${CELL_PX}px))`}`,
      }}
    >
      {row.kind === "date" ? (
        <DateTip row={row} table={table} column={tip.column} />
      ) : (
        <GroupTip row={row} table={table} column={tip.column} />
      )}
    </div>
  );
}

function DateTip({ row, table, column }: { row: Extract<ViewRow, { kind: "date" }>; table: string; column: number }) {
  const cell = decodeCell(row.date.cells[column], table, row.start);
  return (
    <>
      <strong>
        {table} · {weekday(row.start)} {shortDate(row.start, true)}
      </strong>
      <div>
        {cell.states.map(stateWord).join(", ")} · {rowsWords(cell)}
      </div>
      <div className="text-soft">{STATE_MEANINGS[cell.state].means}</div>
      {cell.isAccepted && <div className="text-soft">Its gap is accepted: it leaves counts and plans.</div>}
    </>
  );
}

function GroupTip({ row, table, column }: { row: Extract<ViewRow, { kind: "group" }>; table: string; column: number }) {
  const cell = row.cells[column];
  if (!cell) return null;
  return (
    <>
      <strong>{groupWords(table, row.label, cell)}</strong>
      <div className="text-soft">
        {[...cell.states]
          .filter((state) => state !== "no_games")
          .map(stateWord)
          .join(", ")}
      </div>
    </>
  );
}
