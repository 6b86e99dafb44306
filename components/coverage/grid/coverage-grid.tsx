"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ViewRow } from "@/lib/engine/coverage/zoom";
import { usePipeline } from "../../layout/context";
import { useCoverage } from "../use-coverage";
import { cellId, GridRow } from "./grid-row";
import { HoverTip, type Tip } from "./hover-tip";
import { neighbours } from "./neighbours";
import { bounds, moved, type Place, selectedCells } from "./selection";

const ROW_PX = 34;
const HEADER_PX = 52;
/** Size that the server takes the grid to have, until the browser says. */
const INITIAL = { width: 1000, height: 620 };

/**
 * Dates down, tables across; only the rows in view are drawn. The grid itself holds the
 * focus and names the active cell, so that a row may leave the screen without taking the
 * focus along. All events are heard here, once.
 */
export function CoverageGrid() {
  const { rows, tables, selection, select: onSelect, setView, filter, scrollToRow, ...page } = useCoverage();
  const scroller = useRef<HTMLDivElement>(null);
  const dragging = useRef(false);
  const [tip, setTip] = useState<Tip | null>(null);
  const showTip = (next: Tip | null) =>
    setTip((old) => (old?.row === next?.row && old?.column === next?.column ? old : next));
  const at: Place = selection?.to ?? { row: rows.length - 1, column: 0 };
  const pipeline = usePipeline();
  const shown = useMemo(
    () => tables.flatMap((name) => pipeline.tables.find(({ id }) => id === name) ?? []),
    [tables, pipeline],
  );
  const layers = useMemo(() => neighbours(shown, ({ layer }) => layer), [shown]);
  const apart = layers[1]?.from ?? -1;
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
    if (event.key === "Escape") return onSelect(null);
    if (event.key === "Enter") return page.details.current?.focus();
    if (!ctrl && key === "b") return selection && page.planCells(selectedCells(rows, tables, selection));
    if (!ctrl && (key === "n" || key === "p")) return page.jump(key === "n" ? 1 : -1);
    const last = { row: rows.length - 1, column: tables.length - 1 };
    const select = (from: Place, to: Place) => {
      event.preventDefault();
      onSelect({ from, to });
    };
    if (ctrl && key === "a") return select({ row: 0, column: 0 }, last);
    if (event.key === " " && event.shiftKey) return select({ ...at, column: 0 }, { ...at, column: last.column });
    if (event.key === " " && ctrl) return select({ ...at, row: 0 }, { ...at, row: last.row });
    const next = moved(event.key, at, rows.length, tables.length, ctrl);
    // The first key only takes hold of the cell that it would move from.
    const to = selection ? next : next && at;
    if (!to) return;
    select(event.shiftKey && selection ? selection.from : to, to);
    virtual.scrollToIndex(to.row, { align: "auto" });
    showTip(null);
  };

  /** The cell under an event; column -1 is the row's header. */
  const placeOf = (event: React.PointerEvent): (Place & { element: Element }) | null => {
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
      return onSelect({ from, to: { row, column: tables.length - 1 } });
    }
    // A finger scrolls; it chooses a cell, but drags no rectangle.
    dragging.current = event.pointerType === "mouse";
    onSelect({ from: event.shiftKey && selection ? selection.from : { row, column }, to: { row, column } });
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
        aria-rowcount={rows.length + 1}
        aria-colcount={tables.length + 3}
        aria-activedescendant={isActiveDrawn ? cellId(at.row, at.column) : undefined}
        tabIndex={0}
        data-testid="grid-scroll"
        className="coverage-grid"
        style={{ "--tables": tables.length } as React.CSSProperties}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerOver={onPointerOver}
        onPointerLeave={() => showTip(null)}
        onScroll={() => showTip(null)}
      >
        <div role="rowgroup" className="coverage-head">
          <div aria-hidden="true" className="coverage-row text-xs uppercase tracking-wide">
            <div className="coverage-date" />
            <div />
            {layers.map(({ key, from, count }) => (
              <div
                key={from}
                className={`truncate ${from === apart && apart > 0 ? "pl-2.5" : ""}`}
                style={{ gridColumn: `span ${count}` }}
              >
                {pipeline.layers.find(({ id }) => id === key)?.label}
              </div>
            ))}
          </div>
          <div role="row" aria-rowindex={1} className="coverage-row text-xs">
            <div role="columnheader" className="coverage-date">
              date
            </div>
            <div role="columnheader" className="px-1 text-right">
              {pipeline.unit.many}
            </div>
            {shown.map(({ id, name, description }, column) => (
              <div
                key={id}
                role="columnheader"
                title={`${name}: ${description}`}
                className={`cursor-pointer rounded py-1 text-center hover:bg-raised hover:text-ink ${column === apart && column > 0 ? "ml-2.5" : ""}`}
                onPointerDown={(event) => {
                  event.stopPropagation();
                  onSelect({ from: { row: 0, column }, to: { row: rows.length - 1, column } });
                }}
              >
                {id}
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
                tables={tables}
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
