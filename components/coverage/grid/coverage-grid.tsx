"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronRight } from "lucide-react";
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { ViewRow } from "@/lib/engine/coverage/zoom";
import { formatCauses } from "@/lib/engine/view/state-families";
import { usePipeline } from "../../layout/context";
import { type Density, densityStore } from "../../ui/theme";
import { useCoverage } from "../use-coverage";
import { ColumnHead } from "./column-head";
import { addTotals, type Column, PINNED } from "./columns";
import { cellId, GridRow, isQuietRow } from "./grid-row";
import { HoverTip, type Tip } from "./hover-tip";
import { neighbours } from "./neighbours";
import { bounds, isOneCell, moved, type Place, selectedCells } from "./selection";

const HEADER_PX = 70;
/** Heights of a row by density, as the style sheet has them, and of a date on which nothing is due. */
const ROW_PX: Record<Density, number> = { compact: 24, regular: 30, roomy: 36 };
const QUIET_PX = 22;

/** Size that the server takes the grid to have, until the browser says. */
const INITIAL = { width: 1000, height: 620 };

/**
 * Dates down, tables across; only the rows in view are drawn. The grid itself holds the
 * focus and names the active cell, so that a row may leave the screen without taking the
 * focus along. All events are heard here, once.
 */
export function CoverageGrid() {
  const { rows, columns, selection, select: onSelect, setView, filter, scrollToRow, ...page } = useCoverage();
  const scroller = useRef<HTMLDivElement>(null);
  const dragging = useRef(false);
  const [tip, setTip] = useState<Tip | null>(null);
  const showTip = (next: Tip | null) =>
    setTip((old) => (old?.row === next?.row && old?.column === next?.column ? old : next));
  const at: Place = selection?.to ?? { row: rows.length - 1, column: 0 };
  const pipeline = usePipeline();
  const { layout, tables } = page;
  const layers = useMemo(() => neighbours(layout, ({ group }) => group), [layout]);
  const columnTables = useMemo(() => layout.map((one) => one.tables), [layout]);
  const density = useSyncExternalStore(densityStore.subscribe, densityStore.get, densityStore.getOfServer);
  const rowPx = ROW_PX[density];
  const sizeOf = (row: ViewRow | undefined) => (row && isQuietRow(row) ? QUIET_PX : rowPx);
  const apart = useMemo(() => layers.map(({ from }) => from).filter((from) => from > 0), [layers]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => sizeOf(rows[index]),
    overscan: 6,
    scrollPaddingStart: HEADER_PX,
    scrollPaddingEnd: 8,
    initialRect: INITIAL,
    // The newest dates first of all: they are at the end.
    initialOffset: Math.max(0, rows.reduce((sum, row) => sum + sizeOf(row), 0) + HEADER_PX - INITIAL.height),
  });
  useImperativeHandle(scrollToRow, () => (row) => virtual.scrollToIndex(row, { align: "center" }));

  // Older dates come in above what is shown: it stays where it is.
  const top = useRef(rows[0]?.start);
  useLayoutEffect(() => {
    const before = rows.findIndex((row) => row.start === top.current);
    if (before > 0 && scroller.current) scroller.current.scrollTop += before * rowPx;
    top.current = rows[0]?.start;
  }, [rows, rowPx]);

  // Rows of another height, or in another order, are measured again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the heights come of.
  useLayoutEffect(() => virtual.measure(), [rows, rowPx]);

  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  useEffect(() => setView({ first: startIndex, last: endIndex }), [setView, startIndex, endIndex]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== scroller.current || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === "Escape") return page.areDetailsOpen ? page.closeDetails() : onSelect(null);
    if (event.key === "Enter") return selection && page.openDetails({ focus: true });
    if (!ctrl && key === "b") return selection && page.planCells(selectedCells(rows, columnTables, selection));
    if (!ctrl && key === "a") return selection && page.acceptCells(selectedCells(rows, columnTables, selection));
    if (!ctrl && key === "s") return page.showSources(!page.areSourcesOpen);
    if (!ctrl && (key === "n" || key === "p")) return page.jump(key === "n" ? 1 : -1);
    const last = { row: rows.length - 1, column: columns.length - 1 };
    const select = (from: Place, to: Place) => {
      event.preventDefault();
      onSelect({ from, to });
    };
    if (ctrl && key === "a") return select({ row: 0, column: 0 }, last);
    if (event.key === " " && event.shiftKey) return select({ ...at, column: 0 }, { ...at, column: last.column });
    if (event.key === " " && ctrl) return select({ ...at, row: 0 }, { ...at, row: last.row });
    const next = moved(event.key, at, rows.length, columns.length, ctrl);
    // The first key only takes hold of the cell that it would move from.
    const to = selection ? next : next && at;
    if (!to) return;
    select(event.shiftKey && selection ? selection.from : to, to);
    virtual.scrollToIndex(to.row, { align: "auto" });
    showTip(null);
  };

  /** The cell under an event; column -1 is the row's header. */
  const placeOf = (event: React.PointerEvent | React.MouseEvent): (Place & { element: Element }) | null => {
    const element = (event.target as Element).closest("[data-col]");
    const row = element?.closest("[data-row]");
    if (!element || !row) return null;
    return { row: Number(row.getAttribute("data-row")), column: Number(element.getAttribute("data-col")), element };
  };
  const onPointerDown = (event: React.PointerEvent) => {
    const place = placeOf(event);
    if (!place || event.button !== 0) return;
    const { row, column } = place;
    if (column < 0) {
      const from = event.shiftKey && selection ? { row: selection.from.row, column: 0 } : { row, column: 0 };
      return onSelect({ from, to: { row, column: columns.length - 1 } });
    }
    // A finger scrolls; it chooses a cell, but drags no rectangle.
    dragging.current = event.pointerType === "mouse";
    onSelect({ from: event.shiftKey && selection ? selection.from : { row, column }, to: { row, column } });
  };
  /** A press on one cell shows its details; a drag over several does not. */
  const onClick = (event: React.MouseEvent) => {
    const place = placeOf(event);
    if (place && place.column >= 0 && selection && !event.shiftKey && isOneCell(selection))
      page.openDetails({ focus: false });
  };
  const onPointerOver = (event: React.PointerEvent) => {
    // The button may have been let go outside of the grid.
    dragging.current &&= event.buttons === 1;
    const place = placeOf(event);
    if (!place || place.column < 0) return showTip(null);
    const { row, column, element } = place;
    if (dragging.current && selection) {
      showTip(null);
      return onSelect({ from: selection.from, to: { row, column } });
    }
    if (event.pointerType !== "mouse") return;
    const { left, bottom } = element.getBoundingClientRect();
    showTip({ row, column, x: left, y: bottom });
  };

  const area = selection ? bounds(selection) : null;
  /** The column under the pointer, else of the chosen cell. */
  const lit = tip?.column ?? (selection ? at.column : -1);
  const items = virtual.getVirtualItems();
  const isActiveDrawn = selection !== null && items.some((item) => item.index === at.row);
  return (
    <>
      <div
        ref={scroller}
        role="grid"
        aria-label="Coverage by date and table"
        aria-multiselectable="true"
        aria-rowcount={rows.length + 3}
        aria-colcount={columns.length + 4}
        aria-activedescendant={isActiveDrawn ? cellId(at.row, at.column) : undefined}
        tabIndex={0}
        data-testid="grid-scroll"
        className="coverage-grid"
        style={{ "--columns": layout.map(widthOf).join(" "), "--count": columns.length } as React.CSSProperties}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onClick={onClick}
        onPointerOver={onPointerOver}
        onPointerLeave={() => showTip(null)}
        onScroll={() => showTip(null)}
      >
        <div role="rowgroup" className="coverage-head">
          <div role="row" aria-rowindex={1} className="coverage-row text-xs">
            <div role="columnheader" className="coverage-sources">
              {pipeline.sources.length > 0 && (
                <FoldButton
                  isOpen={page.areSourcesOpen}
                  title="What the tables read: it counts in no figure of the grid"
                  onPress={() => page.showSources(!page.areSourcesOpen)}
                >
                  Sources
                </FoldButton>
              )}
            </div>
            {layers.map(({ key, from, count }) => {
              const layer = pipeline.layers.find(({ id }) => id === key);
              return (
                <div
                  key={from}
                  role="columnheader"
                  aria-colspan={count}
                  className={`overflow-hidden ${from > 0 ? "coverage-apart" : ""}`}
                  style={{ gridColumn: `span ${count}` }}
                >
                  {layer ? (
                    <FoldButton
                      isOpen={!page.folded.includes(layer.id)}
                      title={layer.label}
                      onPress={() => page.toggleFolded(layer.id)}
                    >
                      {layer.label}
                    </FoldButton>
                  ) : (
                    <span className={key === PINNED ? "px-1" : "sr-only"}>{key === PINNED ? "Pinned" : "Sources"}</span>
                  )}
                </div>
              );
            })}
          </div>
          <div role="row" aria-rowindex={2} className="coverage-row coverage-names text-xs">
            <div role="columnheader" className="coverage-date">
              Date
            </div>
            <div role="columnheader" className="coverage-units truncate px-1 text-right first-letter:uppercase">
              {pipeline.unit.many}
            </div>
            {layout.map((of, column) => (
              <div
                key={of.id}
                role="columnheader"
                title={of.title}
                className={`coverage-column min-w-0 ${apart.includes(column) ? "coverage-apart" : ""}`}
              >
                <ColumnHead of={of} />
              </div>
            ))}
            <div role="columnheader" className="coverage-tail pl-3 text-left">
              Complete
            </div>
            <div role="columnheader" className="coverage-tail pl-3 text-left">
              Status
            </div>
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {lit >= 0 && (
            <div aria-hidden="true" className="coverage-row coverage-lit">
              {/* A new one in each column: one that moved would be a layout shift. */}
              <div key={lit} className={apart.includes(lit) ? "coverage-apart" : ""} style={{ gridColumn: lit + 3 }} />
            </div>
          )}
          {items.map((item) => {
            const inside = area !== null && item.index >= area.top && item.index <= area.bottom;
            return (
              <GridRow
                key={rows[item.index]?.start ?? item.index}
                row={rows[item.index] as ViewRow}
                index={item.index}
                top={item.start}
                columns={layout}
                tables={tables}
                sources={pipeline.sources}
                apart={apart}
                left={inside ? area.left : -1}
                right={inside ? area.right : -1}
                activeColumn={selection && at.row === item.index ? at.column : -1}
                filter={filter}
                changed={page.changed?.size ? page.changed : null}
              />
            );
          })}
        </div>
        <TotalsRow apart={apart} />
      </div>
      {tip && <HoverTip tip={tip} />}
    </>
  );
}

/** The width of a column, by what it shows. */
const widthOf = ({ kind }: Column): string =>
  kind === "layer" ? "minmax(3.4rem, 4.5rem)" : `minmax(var(--cell-min-${kind}), 1fr)`;

function FoldButton(props: { isOpen: boolean; title: string; onPress(): void; children: React.ReactNode }) {
  const Icon = props.isOpen ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      aria-expanded={props.isOpen}
      title={props.title}
      className="flex max-w-full cursor-pointer items-center gap-1 rounded px-1 font-medium text-ink-2 hover:bg-raised hover:text-ink"
      onClick={props.onPress}
    >
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      <span className="truncate">{props.children}</span>
    </button>
  );
}

/** The rows of each table in the whole range, once each, of those expected. */
function TotalsRow({ apart }: { apart: readonly number[] }) {
  const { layout, totals, page, rows } = useCoverage();
  const all = addTotals(totals);
  const format = (count: number) => count.toLocaleString("en-US");
  return (
    <div role="rowgroup" className="coverage-foot">
      <div role="row" aria-rowindex={rows.length + 3} className="coverage-row text-xs text-soft">
        <div role="rowheader" className="coverage-date font-semibold text-ink">
          Rows
        </div>
        <div role="gridcell" className="coverage-units px-1 text-right">
          {format(page.summary.units)}
        </div>
        {layout.map(({ id, kind, at }, column) => {
          const { rows: count, expected } = addTotals(at.flatMap((place) => totals[place] ?? []));
          return (
            <div
              key={id}
              role="gridcell"
              className={`coverage-total min-w-0 pr-1.5 text-right leading-4 ${apart.includes(column) ? "coverage-apart" : ""}`}
            >
              {kind !== "source" && (
                <>
                  <span className="block truncate font-medium text-ink">{format(count)}</span>
                  <span className="block truncate text-2xs">of {format(expected)}</span>
                </>
              )}
            </div>
          );
        })}
        <div role="gridcell" className="coverage-tail pl-3">
          <span className="font-medium text-ink">{format(all.complete)}</span>/{format(all.due)}
        </div>
        <div role="gridcell" className="coverage-tail truncate pl-3">
          {formatCauses(all.states)}
        </div>
      </div>
    </div>
  );
}
