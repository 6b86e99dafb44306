import { Fragment, memo } from "react";
import type { ChangedCell } from "@/lib/engine/coverage/changes";
import { decodeCell } from "@/lib/engine/coverage/page";
import type { CellState } from "@/lib/engine/coverage/types";
import type { GroupCell, ViewRow } from "@/lib/engine/coverage/zoom";
import type { SourceManifest } from "@/lib/engine/pipeline/manifest";
import { formatState } from "@/lib/engine/view/format-state";
import { monthName, shortDate, weekday } from "@/lib/util/dates";
import { few } from "@/lib/util/few";
import { usePipeline } from "../../layout/context";
import { StateSign } from "../../ui/sign";
import { asGroup, type Column, dateStatus, foldCells } from "./columns";
import { cellText, cellWords, groupText, groupWords, sourceGroupWords, sourceWords } from "./signs";

interface Props {
  row: ViewRow;
  index: number;
  top: number;
  columns: readonly Column[];
  /** All tables, in the order of a date's cells. */
  tables: readonly string[];
  /** All sources, by which the first columns are told. */
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
  /** Only these cells stand out, each with what it was, when given: by date and table. */
  changed: ReadonlyMap<string, ChangedCell> | null;
}

export const cellId = (row: number, column: number) => `cell-${row}-${column}`;

/** One row of the grid. It has no handlers of its own: the grid listens for all, so that rows stay as they are. */
export const GridRow = memo(function GridRow(props: Props) {
  const { row, index, top, columns } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 3}
      data-row={index}
      className={`coverage-row absolute left-0 ${isQuietRow(row) ? "coverage-quiet" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <RowHeader row={row} />
      {row.kind === "gap" ? (
        <GapCell {...props} row={row} />
      ) : (
        columns.map((of, column) => <Cell key={of.id} {...props} row={row} of={of} column={column} />)
      )}
      <RowTail {...props} />
    </div>
  );
});

/** A date on which nothing is due takes less room. */
export const isQuietRow = (row: ViewRow): boolean => row.kind === "date" && row.date.cells.length === 0;

/** How much of a row is complete, and its status: what has a cause of its own in words, what follows as sign and count. */
function RowTail({ row, tables }: Props) {
  const status = row.kind === "gap" ? "" : row.kind === "date" ? row.date.status : row.status;
  const own = row.kind === "date" ? dateStatus(row.date.cells, tables) : null;
  const group = row.kind === "group" ? foldCells(row.cells) : null;
  const [complete, due] = own ? [own.complete, own.due] : group ? [group.dates - group.toDo, group.dates] : [0, 0];
  return (
    <>
      <div role="gridcell" className="coverage-tail flex items-center gap-2 pl-3 text-xs text-soft">
        {due > 0 && (
          <>
            <span aria-hidden="true" className="h-1 w-7 overflow-hidden rounded-full bg-line">
              <span className="block h-full bg-complete" style={{ width: `${(100 * complete) / due}%` }} />
            </span>
            <span>
              <span className="font-medium text-ink">{complete}</span>/{due}
            </span>
          </>
        )}
      </div>
      <div
        role="gridcell"
        title={status}
        aria-label={status}
        className="coverage-tail flex items-center gap-3 overflow-hidden pl-3 text-xs whitespace-nowrap text-soft"
      >
        {own && own.roots.length + own.follows.length > 0 ? (
          <>
            {own.roots.length > 0 && (
              <span className="truncate">
                {own.roots.map(({ state, tables: names, copies }, at) => (
                  <Fragment key={state}>
                    {at > 0 && "; "}
                    <span className="font-semibold text-ink">{few(names, 4)}</span>{" "}
                    {state === "duplicated" ? `held ${copies} times` : formatState(state)}
                  </Fragment>
                ))}
              </span>
            )}
            {own.follows.map(({ state, count }) => (
              <span key={state} className={`inline-flex items-center gap-1 font-medium ${FOLLOW_INK[state]}`}>
                <StateSign state={state} />
                {count}
              </span>
            ))}
          </>
        ) : (
          <span className="truncate">{status}</span>
        )}
      </div>
    </>
  );
}

const FOLLOW_INK: Partial<Record<CellState, string>> = {
  corrupt: "text-wrong-ink",
  invalid: "text-wrong-ink",
  blocked: "text-waiting-ink",
  tainted: "text-downstream-ink",
  stale: "text-downstream-ink",
  outdated: "text-downstream-ink",
  running: "text-running-ink",
};

function RowHeader({ row }: { row: ViewRow }) {
  const units = row.kind === "date" ? row.date.units : row.kind === "group" ? row.units : 0;
  return (
    <>
      <div role="rowheader" data-col="-1" className={`coverage-date ${units === 0 ? "text-soft" : ""}`}>
        {row.kind === "group" && <span className="font-semibold">{row.label}</span>}
        {row.kind === "gap" && `${monthName(row.start)} ${row.start.slice(0, 4)}`}
        {row.kind === "date" && (
          <>
            <span className="coverage-weekday text-soft">
              {weekday(row.start).charAt(0)}
              <span>{weekday(row.start).slice(1)}</span>
            </span>{" "}
            <span className={units > 0 ? "font-semibold" : ""}>{shortDate(row.start)}</span>
            {row.start.endsWith("-01") && <span className="text-soft"> {row.start.slice(0, 4)}</span>}
          </>
        )}
      </div>
      <div role="gridcell" className="coverage-units px-1 text-right text-soft">
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
  of: Column;
  column: number;
}

function Cell({ row, index, of, column, sources, apart, left, right, activeColumn, filter, changed }: CellProps) {
  const shown = shownOf(row, of, sources);
  const isSelected = left >= 0 && column >= left && column <= right;
  const dates = row.kind === "date" ? [row.start] : row.dates;
  const was =
    changed && dates.flatMap((date) => of.tables.flatMap((table) => changed.get(`${date} ${table}`) ?? []))[0];
  const dim = (filter !== null && !shown.states.includes(filter)) || (changed !== null && !was);
  return (
    <div
      role="gridcell"
      id={cellId(index, column)}
      data-col={column}
      data-state={shown.state}
      data-active={activeColumn === column || undefined}
      data-accepted={shown.isAccepted || undefined}
      aria-selected={isSelected}
      aria-label={was ? `${shown.words}, was ${formatState(was.from)}` : shown.words}
      aria-colindex={column + 3}
      style={shown.filled === undefined ? undefined : ({ "--filled": `${shown.filled}%` } as React.CSSProperties)}
      className={`coverage-cell state state-${shown.state} ${apart.includes(column) ? "coverage-apart" : ""} ${isSelected ? "coverage-selected" : ""} ${dim ? "coverage-dim" : ""}`}
    >
      <CellNumbers {...shown.text} state={shown.state} isAccepted={shown.isAccepted} />
    </div>
  );
}

/** What stands in a cell: its sign, and its numbers where there is room. */
export const CellNumbers = ({
  main,
  rest,
  state,
  isAccepted,
}: {
  main: string;
  rest: string;
  state: CellState;
  isAccepted: boolean;
}) => (
  <>
    {(state !== "complete" || isAccepted) && <StateSign state={isAccepted ? "accepted" : state} />}
    <span className="coverage-numbers">
      <span className={state === "missing" || state === "partial" ? "font-bold" : "font-medium"}>{main}</span>
      {rest && <span className="text-xs">{rest}</span>}
    </span>
  </>
);

/** What a cell shows; `filled` is the percentage of the rows that are there, for partial cells. */
function shownOf(row: CellProps["row"], of: Column, sources: readonly SourceManifest[]) {
  const source = of.kind === "source" ? sources.find(({ id }) => id === of.id) : undefined;
  const place = of.at[0] as number;
  if (row.kind === "date" && of.kind !== "layer") {
    const cell = decodeCell((source ? row.sources : row.date.cells)[place], of.id, row.start);
    const { state, expected, rows, distinct } = cell;
    const filled =
      state === "partial" && expected ? Math.min(100, (100 * (source ? rows : distinct)) / expected) : undefined;
    return { ...cell, text: cellText(cell), words: source ? sourceWords(cell, source) : cellWords(cell), filled };
  }
  const cell =
    row.kind === "date"
      ? foldCells(of.at.map((at) => asGroup(row.date.cells[at])))
      : foldCells(of.at.map((at) => (source ? row.sources : row.cells)[at] as GroupCell));
  const label = row.kind === "date" ? `${weekday(row.start)} ${shortDate(row.start)}` : row.label;
  const filled = cell.state === "partial" ? 100 - (100 * cell.toDo) / Math.max(1, cell.dates) : undefined;
  const words = source
    ? sourceGroupWords(source, label, cell)
    : groupWords(of.kind === "layer" ? of.label : of.id, label, cell, of.kind === "layer" ? "cells" : "dates");
  const text = of.kind === "layer" && cell.toDo === 0 ? { main: "", rest: "" } : groupText(cell);
  return { ...cell, states: [...cell.states], text, words, filled, isAccepted: false };
}
