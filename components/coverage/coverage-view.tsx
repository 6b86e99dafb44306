"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo, useRef, useState } from "react";
import type { Grid } from "@/lib/coverage/grid";
import { NEEDS_WORK, STATES } from "@/lib/coverage/types";
import { headline, safeWords } from "@/lib/coverage/words";
import type { PlanRequest } from "@/lib/planning/plan";
import { PROCESSORS } from "@/lib/processors";
import { secondsWords } from "@/lib/runs";
import { type BackfillActions, PlanDialog } from "../backfill/plan-dialog";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { CellDetails } from "./cell-details";
import { CoverageGrid } from "./coverage-grid";
import { Legend } from "./legend";
import { RangePicker } from "./range-picker";
import { type Selection, selectedCells } from "./selection";

interface Props {
  initial: Grid;
  /** Cells and seconds of a backfill of everything in the initial range. */
  offer: { cells: number; seconds: number | null };
  actions: BackfillActions;
}

/** The coverage page: answers first, then the grid, then the chosen cell. */
export function CoverageView({ initial, offer, actions }: Props) {
  const [url, setUrl] = useQueryStates({
    start: parseAsString.withDefault(initial.range.start),
    end: parseAsString.withDefault(initial.range.end),
    cell: parseAsString,
    state: parseAsStringLiteral(STATES),
  });
  const range = useMemo(() => ({ start: url.start, end: url.end }), [url.start, url.end]);
  const isInitial = range.start === initial.range.start && range.end === initial.range.end;
  const {
    data: grid,
    error,
    isFetching,
    refetch,
  } = useQuery({
    queryKey: ["coverage", range.start, range.end],
    queryFn: () => getJson<Grid>(`/api/coverage?view=full&start=${range.start}&end=${range.end}`),
    placeholderData: keepPreviousData,
    ...(isInitial ? { initialData: initial } : {}),
  });
  const [selection, setSelection] = useState<Selection | null>(() => placeOf(initial, url.cell));
  const [request, setRequest] = useState<PlanRequest | null>(null);
  const details = useRef<HTMLElement>(null);
  if (!grid)
    return (
      <p role="alert" className="p-6">
        {error?.message ?? "Looking…"}
      </p>
    );

  const select = (next: Selection | null) => {
    setSelection(next);
    const date = next && grid.dates[next.to.row]?.date;
    const table = next && grid.tables[next.to.column];
    void setUrl({ cell: date && table ? `${table}.${date}` : null });
  };
  const chosen = selection && grid.dates[selection.to.row]?.cells[grid.tables[selection.to.column] ?? ""];
  const cells = selection ? selectedCells(grid, selection) : [];
  const ask = (only: PlanRequest["only"], part?: PlanRequest["cells"]) => {
    const tables = part ? [...new Set(part.map((cell) => cell.table))] : PROCESSORS.map((one) => one.short);
    const dates = part?.map((cell) => cell.date).sort();
    setRequest({
      tables,
      start: dates?.[0] ?? range.start,
      end: dates?.at(-1) ?? range.end,
      ...(part ? { cells: part } : {}),
      only,
      upstream: true,
      downstream: true,
    });
  };
  const toDo = (part: typeof cells) =>
    part.some(({ table, date }) =>
      grid.dates.find((one) => one.date === date)?.cells[table]?.states.some((state) => NEEDS_WORK.has(state)),
    );
  const backfillSelection = () => cells.length > 0 && ask(toDo(cells) ? "bad" : "all", cells);
  const { summary } = grid;

  return (
    <main className="flex flex-col gap-4 p-4 sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="flex flex-col gap-1">
          <h1 className="text-xl font-bold">{headline(summary)}</h1>
          <p className="text-sm text-soft">
            {summary.games} games · {safeWords(summary)}
            {error && <span role="alert"> · {error.message}</span>}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <RangePicker
            range={range}
            onChange={(next) => {
              setSelection(null);
              void setUrl({ ...next, cell: null });
            }}
          />
          <Button onClick={() => void refetch()} disabled={isFetching}>
            Look again
          </Button>
          <Button look="primary" disabled={summary.datesToDo === 0} onClick={() => ask("bad")}>
            Backfill missing dates
            {isInitial && summary.datesToDo > 0 && offer.cells > 0 && summary === initial.summary && (
              <span className="text-xs font-normal">
                {offer.cells} cells{offer.seconds === null ? "" : `, about ${secondsWords(offer.seconds)}`}
              </span>
            )}
          </Button>
        </div>
      </div>
      <Legend counts={summary.counts} filter={url.state} onFilter={(state) => void setUrl({ state })} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-2">
          <div className="max-h-[70dvh] overflow-auto" data-testid="grid-scroll">
            <CoverageGrid
              grid={grid}
              selection={selection}
              onSelect={select}
              onBackfill={backfillSelection}
              onDetails={() => details.current?.focus()}
              filter={url.state}
            />
          </div>
          <div className="flex min-h-9 flex-wrap items-center gap-3 text-sm" role="status">
            {cells.length > 1 ? (
              <>
                <span>{cells.length} cells selected</span>
                <Button look="primary" onClick={backfillSelection}>
                  Backfill selection
                </Button>
                <Button look="quiet" onClick={() => select(null)}>
                  Clear
                </Button>
              </>
            ) : (
              <span className="text-soft">
                Arrows move, Shift extends, Enter shows details, B backfills. A press on a table or date selects it
                whole.
              </span>
            )}
          </div>
        </div>
        <aside ref={details} tabIndex={-1} aria-label="Chosen cell" className="min-w-0 border-line lg:border-l lg:pl-6">
          {chosen ? (
            <CellDetails
              cell={chosen}
              onBackfill={() =>
                ask(toDo([{ table: chosen.table, date: chosen.date }]) ? "bad" : "all", [
                  { table: chosen.table, date: chosen.date },
                ])
              }
            />
          ) : (
            <p className="text-sm text-soft">Choose a cell to see what is there, what was expected, and why.</p>
          )}
        </aside>
      </div>
      <PlanDialog request={request} actions={actions} onClose={() => setRequest(null)} />
    </main>
  );
}

/** The selection that "togs.2021-11-15" in the URL names. */
function placeOf(grid: Grid, cell: string | null): Selection | null {
  const [table, date] = cell?.split(".") ?? [];
  const row = grid.dates.findIndex((one) => one.date === date);
  const column = grid.tables.indexOf(table ?? "");
  return row < 0 || column < 0 ? null : { from: { row, column }, to: { row, column } };
}
