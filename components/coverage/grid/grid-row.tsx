import { memo } from "react";
import { decodeCell } from "@/lib/engine/coverage/page";
import type { CellState } from "@/lib/engine/coverage/types";
import type { GroupCell, ViewRow } from "@/lib/engine/coverage/zoom";
import type { SourceManifest } from "@/lib/engine/pipeline/manifest";
import { monthName, shortDate, weekday } from "@/lib/util/dates";
import { usePipeline } from "../../layout/context";
import { cellText, cellWords, groupText, groupWords, sourceGroupWords, sourceWords } from "./signs";

interface Props {
  row: ViewRow;
  index: number;
  top: number;
  columns: readonly string[];
  /** Those of the first columns that are sources. */
  sources: readonly SourceManifest[];
  /** Columns that begin a layer: set apart by a gap. */
  apart: readonly number[];
  /** Selected columns, from and to; -1 where none is. */
  left: number;
  right: number;
  /** The cell that has the focus; -1 in other rows. */
  activeColumn: number;
  /** Only cells in this state stand out, when given. */
  filter: CellState | null;
}

export const cellId = (row: number, column: number) => `cell-${row}-${column}`;

/** One row of the grid. It has no handlers of its own: the grid listens for all, so that rows stay as they are. */
export const GridRow = memo(function GridRow(props: Props) {
  const { row, index, top, columns } = props;
  const status = row.kind === "gap" ? "" : row.kind === "date" ? row.date.status : row.status;
  return (
    <div
      role="row"
      aria-rowindex={index + 3}
      data-row={index}
      className="coverage-row absolute left-0"
      style={{ transform: `translateY(${top}px)` }}
    >
      <RowHeader row={row} />
      {row.kind === "gap" ? (
        <GapCell {...props} row={row} />
      ) : (
        columns.map((table, column) => <Cell key={table} {...props} row={row} table={table} column={column} />)
      )}
      <div role="gridcell" className="truncate pl-3 text-left text-xs text-soft" title={status}>
        {status}
      </div>
    </div>
  );
});

function RowHeader({ row }: { row: ViewRow }) {
  const units = row.kind === "date" ? row.date.units : row.kind === "group" ? row.units : 0;
  return (
    <>
      <div role="rowheader" data-col="-1" className={`coverage-date ${units === 0 ? "text-soft" : ""}`}>
        {row.kind === "group" && <span className="font-semibold">{row.label}</span>}
        {row.kind === "gap" && `${monthName(row.start)} ${row.start.slice(0, 4)}`}
        {row.kind === "date" && (
          <>
            <span className="text-soft">{weekday(row.start)}</span>{" "}
            <span className={units > 0 ? "font-semibold" : ""}>{shortDate(row.start)}</span>
            {row.start.endsWith("-01") && <span className="text-soft"> {row.start.slice(0, 4)}</span>}
          </>
        )}
      </div>
      <div role="gridcell" className="px-1 text-right text-soft">
        {units || ""}
      </div>
    </>
  );
}

function GapCell({ row, index, columns, left, activeColumn }: Props & { row: Extract<ViewRow, { kind: "gap" }> }) {
  const { unit } = usePipeline();
  return (
    <div
      role="gridcell"
      id={cellId(index, Math.max(0, activeColumn))}
      data-col="0"
      data-active={activeColumn >= 0 || undefined}
      aria-selected={left >= 0}
      aria-colspan={columns.length}
      className={`coverage-cell justify-center text-xs text-soft ${left >= 0 ? "coverage-selected" : ""}`}
      style={{ gridColumn: `span ${columns.length}` }}
    >
      {unit.none} {shortDate(row.start)} to {shortDate(row.end, true)}, {row.days} days
    </div>
  );
}

interface CellProps extends Props {
  row: Exclude<ViewRow, { kind: "gap" }>;
  table: string;
  column: number;
}

function Cell({ row, index, table, column, sources, apart, left, right, activeColumn, filter }: CellProps) {
  const source = sources[column];
  const shown = source ? sourceShownOf(row, source, column) : shownOf(row, table, column - sources.length);
  const isSelected = left >= 0 && column >= left && column <= right;
  const isApart = apart.includes(column);
  const dim = filter !== null && !shown.states.includes(filter);
  return (
    <div
      role="gridcell"
      id={cellId(index, column)}
      data-col={column}
      data-state={shown.state}
      data-active={activeColumn === column || undefined}
      data-accepted={shown.isAccepted || undefined}
      aria-selected={isSelected}
      aria-label={shown.words}
      aria-colindex={column + 3}
      style={shown.filled === undefined ? undefined : ({ "--filled": `${shown.filled}%` } as React.CSSProperties)}
      className={`coverage-cell state state-${shown.state} ${isApart ? "ml-2.5" : ""} ${isSelected ? "coverage-selected" : ""} ${dim ? "opacity-25" : ""}`}
    >
      <CellNumbers {...shown.text} />
    </div>
  );
}

/** What stands in a cell. */
export const CellNumbers = ({ main, rest }: { main: string; rest: string }) => (
  <>
    <span className="font-semibold">{main}</span>
    {rest && <span className="ml-0.5 text-xs">{rest}</span>}
  </>
);

/** What a cell shows; `filled` is the percentage of the rows that are there, for partial cells. */
function shownOf(row: CellProps["row"], table: string, column: number) {
  if (row.kind === "date") {
    const cell = decodeCell(row.date.cells[column], table, row.start);
    const { state, expected, distinct } = cell;
    const filled = state === "partial" && expected ? Math.min(100, (100 * distinct) / expected) : undefined;
    return { ...cell, text: cellText(cell), words: cellWords(cell), filled };
  }
  const cell = row.cells[column] as GroupCell;
  const filled = cell.state === "partial" ? 100 - (100 * cell.toDo) / Math.max(1, cell.dates) : undefined;
  const words = groupWords(table, row.label, cell);
  return { ...cell, states: [...cell.states], text: groupText(cell), words, filled, isAccepted: false };
}

/** The same of a source. */
function sourceShownOf(row: CellProps["row"], source: SourceManifest, column: number) {
  if (row.kind === "date") {
    const cell = decodeCell(row.sources[column], source.id, row.start);
    const { state, expected, rows } = cell;
    const filled = state === "partial" && expected ? (100 * rows) / expected : undefined;
    return { ...cell, text: cellText(cell), words: sourceWords(cell, source), filled };
  }
  const cell = row.sources[column] as GroupCell;
  const words = sourceGroupWords(source, row.label, cell);
  return { ...cell, states: [...cell.states], text: groupText(cell), words, filled: undefined, isAccepted: false };
}
