"use client";

import { useDeferredValue, useMemo } from "react";
import { decodeCell, type Packed } from "@/lib/engine/coverage/page";
import { type ViewRow, ZOOMS } from "@/lib/engine/coverage/zoom";
import type { BackfillEstimate } from "@/lib/engine/planning/estimate";
import { PlanDialog } from "../backfill/plan-dialog";
import { useCommands } from "../ui/commands";
import { Panel, usePanelWidth } from "../ui/panel";
import { Answers } from "./answers";
import { CellActions, CellDetails, CellHead } from "./cell-details";
import { Changes } from "./changes";
import { GapDialog } from "./gap-dialog";
import type { Column } from "./grid/columns";
import { CoverageGrid } from "./grid/coverage-grid";
import { selectedCells } from "./grid/selection";
import { Guide } from "./guide";
import { Legend } from "./legend";
import { SelectionBar } from "./selection-bar";
import { SourceDetails } from "./source-details";
import { Toolbar } from "./toolbar";
import { CoverageContext, useCoverageState } from "./use-coverage";

interface Props {
  initial: Packed;
  /** Cells and seconds of a backfill of everything in the initial range; null for a long one. */
  offer: BackfillEstimate | null;
  /** Begin with the three steps of a first view. */
  isGuided: boolean;
}

export function CoverageView({ initial, offer, isGuided }: Props) {
  const coverage = useCoverageState(initial);
  const { rows, layout, isSource, overview, isPlaceholderData, toDoOf, jump, setZoom, setRequest, setGaps } = coverage;
  // What stands beside the grid follows when there is time: a key is answered at once.
  const settled = useDeferredValue(coverage.selection);
  const cells = useMemo(
    () =>
      settled
        ? selectedCells(
            rows,
            layout.map((one) => one.tables),
            settled,
          ).filter(({ table }) => !isSource(table))
        : [],
    [rows, layout, isSource, settled],
  );
  const row = settled ? rows[settled.to.row] : undefined;
  const column = settled ? layout[settled.to.column] : undefined;
  const chosen = row?.kind === "date" && column && column.kind !== "layer" ? cellAt(row, column) : undefined;
  const isPanelShown = chosen !== undefined && coverage.areDetailsOpen;
  const [width, setWidth] = usePanelWidth();
  const toDo = useMemo(() => toDoOf(cells), [toDoOf, cells]);

  function cellAt(row: Extract<ViewRow, { kind: "date" }>, { kind, id, at: [place = 0] }: Column) {
    return decodeCell((kind === "source" ? row.sources : row.date.cells)[place], id, row.start);
  }

  useCommands([
    { id: "backfill", words: "Backfill missing dates of this range", run: coverage.planRange },
    { id: "next-gap", words: "Go to the next gap", keys: "N", run: () => jump(1) },
    { id: "previous-gap", words: "Go to the previous gap", keys: "P", run: () => jump(-1) },
    ...ZOOMS.map((zoom) => ({ id: `zoom-${zoom}`, words: `Zoom to ${zoom}s`, run: () => setZoom(zoom) })),
    {
      id: "sources",
      words: coverage.areSourcesOpen ? "Fold the sources" : "Show the sources",
      keys: "S",
      run: () => coverage.showSources(!coverage.areSourcesOpen),
    },
    { id: "everything", words: "Show the whole history", run: () => overview && coverage.setRange(overview) },
    { id: "since-day", words: "Show what changed since yesterday", run: () => coverage.setSince("day") },
    { id: "since-week", words: "Compare with a week ago", run: () => coverage.setSince("week") },
    { id: "look", words: "Refresh", run: coverage.lookAgain },
  ]);

  return (
    <CoverageContext value={coverage}>
      <main
        className={`coverage-page flex flex-col gap-2.5 p-3 sm:px-5 sm:py-4 ${isPanelShown ? "lg:pr-[calc(var(--panel-width)+20px)]" : ""}`}
        style={{ "--panel-width": `${width}px` } as React.CSSProperties}
      >
        <Guide isFirst={isGuided} hasGap={toDo.length > 0} />
        <Answers offer={offer} />
        <Legend />
        <Toolbar />
        <Changes />
        <div className="relative flex min-h-80 min-w-0 flex-1 flex-col" aria-busy={isPlaceholderData}>
          <div className={`coverage-box min-w-0 flex-1 ${isPlaceholderData ? "opacity-60" : ""}`}>
            <CoverageGrid />
          </div>
          <SelectionBar cells={cells} toDo={toDo} />
        </div>
        {isPanelShown && (
          <Panel
            ref={coverage.details}
            label="Chosen cell"
            head={<CellHead cell={chosen} />}
            foot={isSource(chosen.table) ? undefined : <CellActions cell={chosen} />}
            onKey={(key) => {
              if (key === "b") coverage.planCells([chosen]);
              if (key === "a") coverage.acceptCells([chosen]);
              if (key === "n" || key === "p") jump(key === "n" ? 1 : -1);
            }}
            width={width}
            onResize={setWidth}
            onClose={coverage.closeDetails}
          >
            {isSource(chosen.table) ? (
              <SourceDetails key={`${chosen.table} ${chosen.date}`} cell={chosen} />
            ) : (
              <CellDetails key={`${chosen.table} ${chosen.date}`} cell={chosen} />
            )}
          </Panel>
        )}
        {coverage.request && <PlanDialog request={coverage.request} onClose={() => setRequest(null)} />}
        {coverage.gaps && <GapDialog cells={coverage.gaps} onClose={() => setGaps(null)} />}
      </main>
    </CoverageContext>
  );
}
