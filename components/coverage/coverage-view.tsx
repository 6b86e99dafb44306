"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { PlanRequest } from "@/lib/api/runs";
import { codeNeedsWork, codeStates, decodeCell, type Packed } from "@/lib/coverage/page";
import { STATES, statesNeedWork } from "@/lib/coverage/types";
import { rowIndexOf, type ViewRow, viewRows, ZOOMS } from "@/lib/coverage/zoom";
import { addDays } from "@/lib/dates";
import type { Offer } from "@/lib/planning/estimate";
import { requestFor } from "@/lib/planning/request";
import { PlanDialog } from "../backfill/plan-dialog";
import { useCommands } from "../ui/commands";
import { Answers } from "./answers";
import { CellDetails } from "./cell-details";
import { GapDialog } from "./gap-dialog";
import type { Range } from "./go-to";
import { CoverageGrid, type GridHandle } from "./grid/coverage-grid";
import { Minimap } from "./grid/minimap";
import {
  type CellName,
  readSelection,
  type Selection,
  selectedCells,
  useSelection,
  writeSelection,
} from "./grid/selection";
import { Guide } from "./guide";
import { Legend } from "./legend";
import { SelectionBar } from "./selection-bar";
import { Toolbar } from "./toolbar";
import { useCoverage, useOverview } from "./use-coverage";

interface Props {
  initial: Packed;
  /** Cells and seconds of a backfill of everything in the initial range; null for a long one. */
  offer: Offer | null;
  /** Begin with the three steps of a first view. */
  isGuided: boolean;
}

export function CoverageView({ initial, offer, isGuided }: Props) {
  const [url, setUrl] = useQueryStates({
    // Both always: a link with one of them alone would be another range.
    start: parseAsString.withDefault(initial.range.start).withOptions({ clearOnDefault: false }),
    end: parseAsString.withDefault(initial.range.end).withOptions({ clearOnDefault: false }),
    zoom: parseAsStringLiteral(ZOOMS).withDefault("day"),
    cell: parseAsString,
    state: parseAsStringLiteral(STATES),
  });
  const range = useMemo(() => ({ start: url.start, end: url.end }), [url.start, url.end]);
  const { page, isInitial, error, isFetching, isPlaceholderData, lookAgain } = useCoverage(initial, range);
  const { data: overview } = useOverview();
  const rows = useMemo(() => viewRows(page, url.zoom), [page, url.zoom]);
  const { tables, summary } = page;
  const [selection, setSelection] = useSelection(rows, tables, url.cell);
  const [request, setRequest] = useState<PlanRequest | null>(null);
  const [gaps, setGaps] = useState<CellName[] | null>(null);
  const [view, setView] = useState({ first: 0, last: 0 });
  // Data that were healed are no first view any more, but whoever began it sees its end.
  const [hasGuide] = useState(isGuided);
  const details = useRef<HTMLElement>(null);
  const grid = useRef<GridHandle>(null);
  const wanted = useRef<string | null>(url.cell?.split("~").at(-1)?.split(".")[1] ?? null);

  // What a link, a jump or another zoom asks for is shown once the rows are there.
  useEffect(() => {
    const date = wanted.current;
    const row = date ? rowIndexOf(rows, date) : -1;
    if (row < 0) return;
    wanted.current = null;
    grid.current?.show(row);
  }, [rows]);

  const select = useCallback(
    (next: Selection | null) => {
      setSelection(next);
      void setUrl({ cell: writeSelection(rows, tables, next) }, { throttleMs: 300 });
    },
    [rows, tables, setUrl, setSelection],
  );
  const onView = useCallback((first: number, last: number) => setView({ first, last }), []);

  const target = selection ? rows[selection.to.row] : undefined;
  // What stands beside the grid follows when there is time: a key is answered at once.
  const settled = useDeferredValue(selection);
  const settledRow = settled ? rows[settled.to.row] : undefined;
  const table = settled ? tables[settled.to.column] : undefined;
  const chosen =
    settledRow?.kind === "date" && settled && table
      ? decodeCell(settledRow.date.cells[settled.to.column], table, settledRow.start)
      : undefined;
  const cells = useMemo(() => (settled ? selectedCells(rows, tables, settled) : []), [rows, tables, settled]);
  const byDate = useMemo(() => new Map(page.dates.map((one) => [one.date, one.cells])), [page]);
  const toDo = useCallback(
    (part: CellName[]) =>
      part.filter(({ table: name, date }) => statesNeedWork(codeStates(byDate.get(date)?.[tables.indexOf(name)]))),
    [byDate, tables],
  );
  const selectedToDo = useMemo(() => toDo(cells), [toDo, cells]);

  const ask = (only: PlanRequest["only"], part?: CellName[]) => {
    if (!part) return setRequest({ ...requestFor(tables, range), only });
    const dates = part.map((cell) => cell.date).sort();
    setRequest({
      ...requestFor(tables, { start: dates[0] ?? range.start, end: dates.at(-1) ?? range.end }),
      tables: [...new Set(part.map((cell) => cell.table))],
      cells: part,
      only,
    });
  };
  const backfill = (part: CellName[]) => part.length > 0 && ask(toDo(part).length > 0 ? "bad" : "all", part);

  const show = (date: string, column?: string) => {
    const row = rowIndexOf(rows, date);
    const at = column ? tables.indexOf(column) : (selection?.to.column ?? 0);
    if (row >= 0) {
      grid.current?.show(row);
      if (column) select({ from: { row, column: at }, to: { row, column: at } });
      return;
    }
    // Outside of the range: a fortnight around it.
    wanted.current = date;
    setSelection(null);
    const next = { start: addDays(date, -8), end: addDays(date, 7) };
    void setUrl({ ...next, cell: column ? `${column}.${date}` : null });
  };
  const setRange = (next: Range) => {
    if (next.start >= range.start && next.end <= range.end && (next.start !== range.start || next.end !== range.end))
      return show(next.end);
    setSelection(null);
    void setUrl({ ...next, cell: null });
  };
  const jump = (direction: 1 | -1) => {
    const from = selection?.to.row ?? (direction > 0 ? -1 : rows.length);
    for (let row = from + direction; row >= 0 && row < rows.length; row += direction) {
      const column = badColumn(rows[row] as ViewRow);
      if (column < 0) continue;
      select({ from: { row, column }, to: { row, column } });
      return grid.current?.show(row);
    }
  };
  // A link to a cell of another range names it before its rows are there.
  useEffect(() => {
    if (!isPlaceholderData && url.cell && !selection) setSelection(readSelection(rows, tables, url.cell));
  }, [isPlaceholderData, rows, tables, url.cell, selection, setSelection]);

  useCommands([
    { id: "backfill", words: "Backfill missing dates of this range", run: () => ask("bad") },
    { id: "next-gap", words: "Go to the next gap", keys: "N", run: () => jump(1) },
    { id: "previous-gap", words: "Go to the previous gap", keys: "P", run: () => jump(-1) },
    ...ZOOMS.map((zoom) => ({ id: `zoom-${zoom}`, words: `Zoom to ${zoom}s`, run: () => void setUrl({ zoom }) })),
    {
      id: "everything",
      words: "Show the whole history",
      run: () => overview && setRange({ start: overview.start, end: overview.end }),
    },
    { id: "look", words: "Look at the data again", run: lookAgain },
  ]);

  const shownDates = {
    start: rows[view.first]?.start ?? range.start,
    end: rows[Math.min(view.last, rows.length - 1)]?.end ?? range.end,
  };
  return (
    <main className="flex flex-col gap-4 p-4 sm:p-6">
      <Answers
        summary={summary}
        offer={isInitial ? offer : null}
        pending={page.pending}
        error={error?.message ?? null}
        onBackfill={() => ask("bad")}
      />
      {hasGuide && (
        <Guide
          toDo={summary.datesToDo}
          hasGap={selectedToDo.length > 0}
          onGap={() => jump(1)}
          onWhy={() => details.current?.focus()}
          onHeal={() => ask("bad")}
        />
      )}
      <Toolbar
        range={range}
        onRange={setRange}
        overview={overview}
        zoom={url.zoom}
        onZoom={(zoom) => {
          wanted.current = target?.end ?? shownDates.end;
          setSelection(null);
          void setUrl({ zoom, cell: null });
        }}
        isLooking={isFetching}
        onLook={lookAgain}
        checkedAt={page.checkedAt}
      />
      <Legend summary={summary} filter={url.state} onFilter={(state) => void setUrl({ state })} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-2" aria-busy={isPlaceholderData}>
          <div className={`flex min-h-64 items-start gap-3 ${isPlaceholderData ? "opacity-60" : ""}`}>
            <Minimap overview={overview} view={shownDates} onJump={(date) => show(date)} />
            <CoverageGrid
              rows={rows}
              tables={tables}
              selection={selection}
              onSelect={select}
              onBackfill={() => selection && backfill(selectedCells(rows, tables, selection))}
              onDetails={() => details.current?.focus()}
              onJump={jump}
              onView={onView}
              filter={url.state}
              handle={grid}
            />
          </div>
          <SelectionBar
            cells={cells}
            toDo={selectedToDo.length}
            onBackfill={() => backfill(cells)}
            onAccept={() => setGaps(selectedToDo)}
            onClear={() => select(null)}
          />
        </div>
        <aside
          ref={details}
          tabIndex={-1}
          aria-label="Chosen cell"
          className="min-w-0 border-line lg:max-h-[calc(100dvh-12rem)] lg:overflow-y-auto lg:border-l lg:pl-6"
        >
          {chosen ? (
            <CellDetails
              key={`${chosen.table} ${chosen.date}`}
              cell={chosen}
              onBackfill={() => backfill([chosen])}
              onAccept={() => setGaps([chosen])}
              onShow={(name, date) => show(date, name)}
            />
          ) : (
            <p className="text-sm text-soft">Choose a cell to see what is there, what was expected, and why.</p>
          )}
        </aside>
      </div>
      <PlanDialog request={request} onClose={() => setRequest(null)} />
      <GapDialog cells={gaps} onClose={() => setGaps(null)} />
    </main>
  );
}

/** The first column of a row that needs work; -1 where none does. */
function badColumn(row: ViewRow): number {
  if (row.kind === "gap") return -1;
  if (row.kind === "group") return row.cells.findIndex((cell) => cell.toDo > 0);
  return row.date.cells.findIndex(codeNeedsWork);
}
