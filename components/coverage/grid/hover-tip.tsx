"use client";

import { decodeCell } from "@/lib/engine/coverage/page";
import type { GroupCell, ViewRow } from "@/lib/engine/coverage/zoom";
import type { SourceManifest } from "@/lib/engine/pipeline/manifest";
import { formatState } from "@/lib/engine/view/format-state";
import { SOURCE_MEANINGS, STATE_MEANINGS } from "@/lib/engine/view/glossary";
import { shortDate, weekday } from "@/lib/util/dates";
import { usePipeline } from "../../layout/context";
import { useCoverage } from "../use-coverage";
import type { Place } from "./selection";
import { groupWords, rowsWords, servedWords, sourceGroupWords } from "./signs";

export type Tip = Place & { x: number; y: number };

const WIDTH = 256;
/** Height of a cell with the tip's distance from it on both sides. */
const CELL_PX = 44;

export function HoverTip({ tip }: { tip: Tip }) {
  const { rows, layout } = useCoverage();
  const { sources } = usePipeline();
  const row = rows[tip.row];
  const column = layout[tip.column];
  const source = column?.kind === "source" ? sources.find(({ id }) => id === column.id) : undefined;
  if (!row || !column || row.kind === "gap") return null;
  const left = Math.min(tip.x, window.innerWidth - WIDTH - 12);
  const below = tip.y + 130 < window.innerHeight;
  const place = column.at[0] as number;
  const [title, ...lines] = source
    ? sourceLines(row, source, place)
    : column.kind === "layer"
      ? [column.label, column.title]
      : row.kind === "date"
        ? dateLines(row, column.id, place)
        : groupLines(row, column.id, place);
  return (
    <div
      // Another cell's tip is another tip, not this one moved.
      key={`${tip.row} ${tip.column}`}
      role="tooltip"
      className="pointer-events-none fixed left-0 top-0 z-30 rounded-card border border-line bg-panel px-3 py-2 text-xs leading-5 shadow-popover"
      // Moved by transform, which causes no layout; above the cell if there is no room below.
      style={{
        width: WIDTH,
        transform: `translate(${left}px, ${tip.y + 6}px)${below ? "" : ` translateY(calc(-100% - ${CELL_PX}px))`}`,
      }}
    >
      <strong>{title}</strong>
      {lines.map((line) => (
        <div key={line} className="text-soft first-of-type:text-ink">
          {line}
        </div>
      ))}
    </div>
  );
}

function dateLines(row: Extract<ViewRow, { kind: "date" }>, table: string, column: number): string[] {
  const cell = decodeCell(row.date.cells[column], table, row.start);
  return [
    `${table} · ${weekday(row.start)} ${shortDate(row.start, true)}`,
    `${cell.states.map(formatState).join(", ")} · ${rowsWords(cell)}`,
    STATE_MEANINGS[cell.state].means,
    ...(cell.isAccepted ? ["Its gap is accepted: it leaves counts and plans."] : []),
  ];
}

function sourceLines(row: Exclude<ViewRow, { kind: "gap" }>, source: SourceManifest, column: number): string[] {
  if (row.kind === "group") return [sourceGroupWords(source, row.label, row.sources[column] as GroupCell)];
  const cell = decodeCell(row.sources[column], source.id, row.start);
  const state = cell.state === "not_expected" ? "" : `${formatState(cell.state)} · `;
  return [
    `${source.id} · ${weekday(row.start)} ${shortDate(row.start, true)}`,
    `${state}${servedWords(cell, source)}`,
    SOURCE_MEANINGS[cell.state] ?? "",
  ];
}

function groupLines(row: Extract<ViewRow, { kind: "group" }>, table: string, column: number): string[] {
  const cell = row.cells[column];
  if (!cell) return [];
  const states = [...cell.states].filter((state) => state !== "not_expected");
  return [groupWords(table, row.label, cell), states.map(formatState).join(", ")];
}
