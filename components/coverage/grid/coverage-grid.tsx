"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ViewRow } from "@/lib/engine/coverage/zoom";
import type { PipelineManifest } from "@/lib/engine/pipeline/manifest";
import { usePipeline } from "../../layout/context";
import { useCoverage } from "../use-coverage";
import { cellId, GridRow } from "./grid-row";
import { HoverTip, type Tip } from "./hover-tip";
import { neighbours } from "./neighbours";
import { bounds, isOneCell, moved, type Place, selectedCells } from "./selection";

const ROW_PX = 34;
const HEADER_PX = 52;
interface Head {
  id: string;
  label: string;
  title: string;
  /** Null for a source. */
  layer: string | null;
}

/** The heads of columns. */
const headsOf = ({ tables, sources }: PipelineManifest, columns: readonly string[]): Head[] =>
  columns.flatMap((id): Head[] => {
    const table = tables.find((one) => one.id === id);
    if (table) return [{ id, label: id, title: `${table.name}: ${table.description}`, layer: table.layer }];
    const source = sources.find((one) => one.id === id);
    return source ? [{ id, label: source.label, title: `${id}: ${source.description}`, layer: null }] : [];
  });

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
  const heads = useMemo(() => headsOf(pipeline, columns), [columns, pipeline]);
  const layers = useMemo(() => neighbours(heads, ({ layer }) => layer), [heads]);
  const sources = useMemo(
    () => columns.flatMap((name) => pipeline.sources.find(({ id }) => id === name) ?? []),
    [columns, pipeline],
  );
  const apart = useMemo(() => layers.map(({ from }) => from).filter((from) => from > 0), [layers]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    scrollPaddingStart: HEADER_PX,
    scrollPaddingEnd: 8,
    initialRect: INITIAL,
    // The newest dates first of all: they are at the end.
    initialOffset: Math.max(0, rows.length * ROW_PX + HEADER_PX - INITIAL.height),
  });
  useImperativeHandle(scrollToRow, () => (row) => virtual.scrollToIndex(row, { align: "center" }));

  // Older dates come in above what is shown: it stays where it is.
  const top = useRef(rows[0]?.start);
  useLayoutEffect(() => {
    const before = rows.findIndex((row) => row.start === top.current);
    if (before > 0 && scroller.current) scroller.current.scrollTop += before * ROW_PX;
    top.current = rows[0]?.start;
  }, [rows]);

  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  useEffect(() => setView({ first: startIndex, last: endIndex }), [setView, startIndex, endIndex]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== scroller.current || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === "Escape") return page.areDetailsOpen ? page.closeDetails() : onSelect(null);
    if (event.key === "Enter") return selection && page.openDetails({ focus: true });
    if (!ctrl && key === "b") return selection && page.planCells(selectedCells(rows, columns, selection));
    if (!ctrl && key === "a") return selection && page.acceptCells(selectedCells(rows, columns, selection));
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
  const items = virtual.getVirtualItems();
  const isActiveDrawn = selection !== null && items.some((item) => item.index === at.row);
  return (
    <>
      <div
        ref={scroller}
        role="grid"
        aria-label="Coverage by date and table"
        aria-multiselectable="true"
        aria-rowcount={rows.length + 2}
        aria-colcount={columns.length + 3}
        aria-activedescendant={isActiveDrawn ? cellId(at.row, at.column) : undefined}
        tabIndex={0}
        data-testid="grid-scroll"
        className="coverage-grid"
        style={
          {
            "--tables": columns.length,
            "--cell-least": sources.length > 0 ? "4.1rem" : "3.4rem",
          } as React.CSSProperties
        }
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onClick={onClick}
        onPointerOver={onPointerOver}
        onPointerLeave={() => showTip(null)}
        onScroll={() => showTip(null)}
      >
        <div role="rowgroup" className="coverage-head">
          <div role="row" aria-rowindex={1} className="coverage-row text-xs uppercase tracking-wide">
            <div
              role="columnheader"
              aria-colspan={2 + sources.length}
              style={{ gridColumn: `span ${2 + sources.length}` }}
            >
              {pipeline.sources.length > 0 && (
                <button
                  type="button"
                  aria-expanded={page.areSourcesOpen}
                  title="What the tables read: it counts in no figure of the grid"
                  className={`rounded uppercase hover:text-ink ${sources.length > 0 ? "ml-[10.75rem]" : ""}`}
                  onClick={() => page.showSources(!page.areSourcesOpen)}
                >
                  <span aria-hidden="true">{page.areSourcesOpen ? "▾" : "▸"}</span> Sources
                </button>
              )}
            </div>
            {layers
              .filter(({ key }) => key !== null)
              .map(({ key, from, count }) => (
                <div
                  key={from}
                  aria-hidden="true"
                  className={`truncate ${from > 0 ? "pl-2.5" : ""}`}
                  style={{ gridColumn: `span ${count}` }}
                >
                  {pipeline.layers.find(({ id }) => id === key)?.label}
                </div>
              ))}
          </div>
          <div role="row" aria-rowindex={2} className="coverage-row text-xs">
            <div role="columnheader" className="coverage-date">
              date
            </div>
            <div role="columnheader" className="px-1 text-right">
              {pipeline.unit.many}
            </div>
            {heads.map(({ id, label, title }, column) => (
              <div
                key={id}
                role="columnheader"
                title={title}
                className={`cursor-pointer rounded py-1 text-center hover:bg-raised hover:text-ink ${apart.includes(column) ? "ml-2.5" : ""} ${column < sources.length ? "truncate" : ""}`}
                onPointerDown={(event) => {
                  event.stopPropagation();
                  onSelect({ from: { row: 0, column }, to: { row: rows.length - 1, column } });
                }}
              >
                {label}
              </div>
            ))}
            <div role="columnheader" className="pl-3 text-left">
              status
            </div>
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const inside = area !== null && item.index >= area.top && item.index <= area.bottom;
            return (
              <GridRow
                key={rows[item.index]?.start ?? item.index}
                row={rows[item.index] as ViewRow}
                index={item.index}
                top={item.start}
                columns={columns}
                sources={sources}
                apart={apart}
                left={inside ? area.left : -1}
                right={inside ? area.right : -1}
                activeColumn={selection && at.row === item.index ? at.column : -1}
                filter={filter}
              />
            );
          })}
        </div>
      </div>
      {tip && <HoverTip tip={tip} />}
    </>
  );
}
