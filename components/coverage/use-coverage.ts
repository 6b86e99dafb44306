"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Overview } from "@/lib/api/coverage";
import type { PlanRequest } from "@/lib/api/runs";
import { changedCells } from "@/lib/engine/coverage/changes";
import {
  codeNeedsWork,
  codeStates,
  type Packed,
  type PackedSources,
  unpackPage,
  unpackSources,
} from "@/lib/engine/coverage/page";
import { isOutdated, STATES, statesNeedWork } from "@/lib/engine/coverage/types";
import {
  FOLDED,
  rowIndexOf,
  type SourceCodes,
  type ViewRow,
  viewRows,
  ZOOMS,
  type Zoom,
} from "@/lib/engine/coverage/zoom";
import { requestFor } from "@/lib/engine/planning/request";
import { addDays, nowFor } from "@/lib/util/dates";
import { getJson } from "../data/get-json";
import { useFixedToday, useMay, usePipeline } from "../layout/context";
import { type Column, columnsOf, totalsOf, worstFirst } from "./grid/columns";
import { type CellName, readSelection, type Selection, writeSelection } from "./grid/selection";

export interface Range {
  start: string;
  end: string;
}

/** The grid of a range, kept up to date. A long history comes with its newest part first; the rest is fetched at once. */
function useGridPage(packed: Packed, range: Range) {
  const initial = useMemo(() => unpackPage(packed), [packed]);
  const isInitial = range.start === initial.range.start && range.end === initial.range.end;
  // "Refresh" asks the warehouse itself; other fetches may see what was seen a minute ago.
  const force = useRef(false);
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey: ["coverage", range.start, range.end],
    queryFn: async () => {
      const look = force.current ? "&look=again" : "";
      force.current = false;
      return unpackPage(await getJson<Packed>(`/api/coverage?view=page&start=${range.start}&end=${range.end}${look}`));
    },
    placeholderData: keepPreviousData,
    ...(isInitial ? { initialData: initial, ...(initial.pending ? { initialDataUpdatedAt: 0 } : {}) } : {}),
  });
  const page = data ?? initial;
  const lookAgain = () => {
    force.current = true;
    void refetch();
  };
  return { page, isInitial: page === initial, error, isFetching, isPlaceholderData, lookAgain };
}

/** The sources of a range, once their layer is unfolded and they have come. */
function useSources(range: Range, isOpen: boolean) {
  const { data, error } = useQuery({
    queryKey: ["coverage", "sources", range.start, range.end],
    queryFn: () => getJson<PackedSources>(`/api/coverage?view=sources&start=${range.start}&end=${range.end}`),
    placeholderData: keepPreviousData,
    enabled: isOpen,
  });
  const sources = useMemo(
    (): SourceCodes => (isOpen && data ? { names: data.sources, codes: unpackSources(data) } : FOLDED),
    [isOpen, data],
  );
  return { sources, error };
}

const SINCE = ["day", "week"] as const;
const DAY_MS = 86_400_000;

const names = parseAsArrayOf(parseAsString).withDefault([]);

/** The state of the coverage page, most of which its URL holds, and what its parts do to it. */
export function useCoverageState(initial: Packed) {
  const [url, setUrl] = useQueryStates({
    // Both always: a link with one of them alone would be another range.
    start: parseAsString.withDefault(initial.range.start).withOptions({ clearOnDefault: false }),
    end: parseAsString.withDefault(initial.range.end).withOptions({ clearOnDefault: false }),
    zoom: parseAsStringLiteral(ZOOMS).withDefault("day"),
    cell: parseAsString,
    state: parseAsStringLiteral(STATES),
    sources: parseAsBoolean.withDefault(false),
    /** Columns: pinned and hidden tables, folded layers, and a part of a name. */
    pin: names,
    hide: names,
    fold: names,
    find: parseAsString.withDefault(""),
    /** What the grid is compared with: how it was a day or a week ago. */
    since: parseAsStringLiteral(SINCE),
    /** The column whose worst rows stand first. */
    worst: parseAsString,
  });
  const pipeline = usePipeline();
  const mayAccept = useMay("operator");
  const isSource = useCallback((name: string) => pipeline.sources.some(({ id }) => id === name), [pipeline]);
  // A link to a source's cell shows its column.
  const isChosen = url.cell?.split("~").some((one) => isSource(one.split(".")[0] ?? "")) ?? false;
  const range = useMemo(() => ({ start: url.start, end: url.end }), [url.start, url.end]);
  const areSourcesOpen = url.sources || isChosen;
  const { sources, error: sourcesError } = useSources(range, areSourcesOpen);
  const data = useGridPage(initial, range);
  const { page } = data;
  const { data: overview } = useQuery({
    queryKey: ["coverage", "overview"],
    queryFn: () => getJson<Overview>("/api/overview"),
  });
  const today = useFixedToday();
  const { data: past } = useQuery({
    queryKey: ["coverage", "overview", url.since],
    queryFn: () => {
      const days = url.since === "week" ? 7 : 1;
      // Yesterday is that of the demo's own today, where a date stands for it.
      const now = nowFor(today ?? "", Date.now(), today);
      return getJson<Overview>(`/api/overview?at=${new Date(now - days * DAY_MS).toISOString()}`);
    },
    enabled: url.since !== null,
  });
  const { since } = url;
  /** Cells that are not as they were, by date and table; null where nothing is compared. */
  const changed = useMemo(
    () =>
      since && past && overview
        ? new Map(changedCells(past, overview).map((cell) => [`${cell.date} ${cell.table}`, cell]))
        : null,
    [since, past, overview],
  );
  const { tables } = page;
  const { pin, hide, fold, find } = url;
  const layout = useMemo(
    () => columnsOf(pipeline, sources.names, tables, { pinned: pin, hidden: hide, folded: fold, find }),
    [pipeline, sources.names, tables, pin, hide, fold, find],
  );
  /** Names of all columns. */
  const columns = useMemo(() => layout.map(({ id }) => id), [layout]);
  const byTime = useMemo(() => viewRows(page, url.zoom, sources), [page, url.zoom, sources]);
  const sorted = layout.find(({ id }) => id === url.worst);
  const rows = useMemo(() => (sorted ? worstFirst(byTime, sorted) : byTime), [byTime, sorted]);
  const totals = useMemo(() => totalsOf(page.dates, tables), [page, tables]);
  const selection = useMemo(() => readSelection(rows, columns, url.cell), [rows, columns, url.cell]);
  const byDate = useMemo(() => new Map(page.dates.map((one) => [one.date, one.cells])), [page]);
  /** Every cell of the columns that are shown, on the dates on which something is due. */
  const rangeCells = useMemo(
    () =>
      page.dates.flatMap(({ date, cells }) =>
        cells.length === 0
          ? []
          : layout.flatMap(({ kind, tables: own }) => (kind === "source" ? [] : own.map((table) => ({ table, date })))),
      ),
    [page, layout],
  );
  /** What is to be planned, or accepted, in a dialog. */
  const [request, setRequest] = useState<PlanRequest | null>(null);
  const [gaps, setGaps] = useState<CellName[] | null>(null);
  /** First and last row in view. */
  const [view, setView] = useState({ first: 0, last: 0 });
  const details = useRef<HTMLElement>(null);
  // A link to one cell shows its details.
  const [areDetailsOpen, setDetailsOpen] = useState(url.cell !== null && !url.cell.includes("~"));
  const scrollToRow = useRef<(row: number) => void>(null);

  // What a link, a jump or another zoom asks for is shown once the rows are there.
  const wanted = useRef<string | null>(url.cell?.split("~").at(-1)?.split(".")[1] ?? null);
  useEffect(() => {
    const row = wanted.current ? rowIndexOf(rows, wanted.current) : -1;
    if (row < 0) return;
    wanted.current = null;
    scrollToRow.current?.(row);
  }, [rows]);

  const shown: Range = sorted
    ? range
    : {
        start: rows[view.first]?.start ?? range.start,
        end: rows[Math.min(view.last, rows.length - 1)]?.end ?? range.end,
      };
  const select = (next: Selection | null) =>
    void setUrl({ cell: writeSelection(rows, columns, next) }, { throttleMs: 300 });
  const selectAt = (row: number, column: number) => {
    select({ from: { row, column }, to: { row, column } });
    scrollToRow.current?.(row);
  };
  /** Those cells of some that need work. */
  const toDoOf = useCallback(
    (cells: readonly CellName[]) =>
      cells.filter(({ table, date }) => statesNeedWork(codeStates(byDate.get(date)?.[tables.indexOf(table)]))),
    [byDate, tables],
  );
  const outdatedOf = (cells: readonly CellName[]) =>
    cells.filter(({ table, date }) => isOutdated({ states: codeStates(byDate.get(date)?.[tables.indexOf(table)]) }));
  /** Where no date needs work, rows that are outdated are what is left to plan. */
  const planRange = () =>
    setRequest({
      ...requestFor(tables, range),
      ...(page.summary.datesToDo === 0 && page.summary.counts.outdated ? { only: "outdated" } : {}),
    });
  const planCells = (chosen: CellName[]) => {
    const cells = chosen.filter(({ table }) => !isSource(table));
    const dates = cells.map((cell) => cell.date).sort();
    const [start, end] = [dates[0], dates.at(-1)];
    if (!start || !end) return;
    const only = toDoOf(cells).length > 0 ? "bad" : outdatedOf(cells).length > 0 ? "outdated" : "all";
    setRequest({ ...requestFor([...new Set(cells.map(({ table }) => table))], { start, end }), cells, only });
  };
  /** Plans what the job of a source loads of a date, whatever there is of it. */
  const loadAgain = ({ table, date }: CellName) =>
    setRequest({ ...requestFor([table], { start: date, end: date }), only: "all" });
  /** Asks why the gaps among some cells are accepted. */
  const acceptCells = (chosen: CellName[]) => {
    const own = chosen.filter(({ table }) => !isSource(table));
    const gaps = [...toDoOf(own), ...outdatedOf(own)];
    if (gaps.length > 0 && mayAccept) setGaps(gaps);
  };
  /** Shows a date, or a cell of it, and a fortnight around it where it lies outside of the range. */
  const show = (date: string, table?: string) => {
    // Rows of the range before this one have not given way to its own yet.
    const isComing = data.isPlaceholderData && date >= range.start && date <= range.end;
    const row = data.isPlaceholderData ? -1 : rowIndexOf(rows, date);
    const column = table ? columns.indexOf(table) : -1;
    const cell = table ? `${table}.${date}` : null;
    if (row >= 0 && (!table || column >= 0)) return table ? selectAt(row, column) : scrollToRow.current?.(row);
    wanted.current = date;
    // A column that is folded, hidden or not found shows again.
    const shows = { hide: table ? hide.filter((one) => one !== table) : hide, fold: [], find: null };
    if (row >= 0 || isComing) return void setUrl({ cell, ...(table && column < 0 ? shows : {}) });
    void setUrl({ start: addDays(date, -8), end: addDays(date, 7), cell });
  };
  /** Makes these dates the range, even where they lie within the one that is shown. */
  const setExactRange = ({ start, end }: Range) => {
    wanted.current = end;
    void setUrl({ start, end, cell: null });
  };
  /** Goes to these dates: to where they are in the range, or to a range of their own. */
  const setRange = ({ start, end }: Range) => {
    const isWithin = start >= range.start && end <= range.end;
    if (isWithin && (start !== range.start || end !== range.end)) return show(end);
    // Its newest dates first, as on any first view, wherever the grid stood before.
    setExactRange({ start, end });
  };
  const setZoom = (zoom: Zoom) => {
    wanted.current = (selection && rows[selection.to.row]?.end) ?? shown.end;
    void setUrl({ zoom, cell: null });
  };
  /** Goes to the next or previous row that needs work. */
  const jump = (direction: 1 | -1) => {
    const from = selection?.to.row ?? (direction > 0 ? -1 : rows.length);
    for (let row = from + direction; row >= 0 && row < rows.length; row += direction) {
      const column = badColumn(rows[row] as ViewRow, layout);
      if (column >= 0) return selectAt(row, column);
    }
  };
  /** Opens the details of the chosen cell, and goes into them where that is asked for. */
  const openDetails = ({ focus }: { focus: boolean }) => {
    flushSync(() => setDetailsOpen(true));
    if (focus) details.current?.focus();
  };
  const toggled = (list: readonly string[], name: string) =>
    list.includes(name) ? list.filter((one) => one !== name) : [...list, name];
  return {
    ...data,
    layout,
    totals,
    pinned: pin,
    hidden: hide,
    folded: fold,
    find,
    worst: sorted?.id ?? null,
    togglePinned: (table: string) => void setUrl({ pin: toggled(pin, table), cell: null }),
    toggleHidden: (table: string) => void setUrl({ hide: toggled(hide, table), cell: null }),
    showAllColumns: () => void setUrl({ hide: null, pin: null, fold: null, find: null, cell: null }),
    toggleFolded: (layer: string) => void setUrl({ fold: toggled(fold, layer), cell: null }),
    setFind: (text: string) => void setUrl({ find: text || null, cell: null }, { throttleMs: 150 }),
    setWorst: (column: string | null) => void setUrl({ worst: column, cell: null }),
    areDetailsOpen,
    openDetails,
    closeDetails: () => setDetailsOpen(false),
    error: data.error ?? sourcesError,
    rows,
    tables,
    columns,
    isSource,
    areSourcesOpen,
    showSources: (open: boolean) => void setUrl({ sources: open, ...(open || !isChosen ? {} : { cell: null }) }),
    overview,
    range,
    setRange,
    setExactRange,
    zoom: url.zoom,
    setZoom,
    since,
    setSince: (value: typeof since) => void setUrl({ since: value }),
    changed,
    filter: url.state,
    setFilter: (state: typeof url.state) => void setUrl({ state }),
    selection,
    select,
    shown,
    setView,
    show,
    jump,
    scrollToRow,
    details,
    toDoOf,
    byDate,
    rangeCells,
    planRange,
    planCells,
    loadAgain,
    acceptCells,
    request,
    setRequest,
    gaps,
    setGaps,
  };
}

/** The first column of a row that needs work; -1 where none does. */
function badColumn(row: ViewRow, columns: readonly Column[]): number {
  if (row.kind === "gap") return -1;
  const isBad = (at: number) =>
    row.kind === "group" ? (row.cells[at]?.toDo ?? 0) > 0 : codeNeedsWork(row.date.cells[at]);
  return columns.findIndex(({ kind, at }) => kind !== "source" && at.some(isBad));
}

export const CoverageContext = createContext({} as ReturnType<typeof useCoverageState>);

/** What the parts of the coverage page have in common; they stand within its context. */
export const useCoverage = () => useContext(CoverageContext);
