import { addDays, dayNumber, monthName, shortDate } from "../../util/dates";
import { groupBy } from "../../util/group-by";
import { codeNeedsWork, codeState, codeStates, decodeCell, type Page, type PageDate } from "./page";
import { type CellState, worseOf } from "./types";

export const ZOOMS = ["day", "week", "month"] as const;
export type Zoom = (typeof ZOOMS)[number];

/** Several dates of a table in one: the worst state of any, and how many need work. */
export interface GroupCell {
  state: CellState;
  /** Dates on which something is due, and those of them that need work. */
  dates: number;
  toDo: number;
  rows: number;
  states: ReadonlySet<CellState>;
}

/** One row of the grid: a date, a week or month, or a stretch on which nothing is due; `sources` are columns before its cells. */
export type ViewRow =
  | { kind: "date"; start: string; end: string; date: PageDate; sources: readonly string[] }
  | {
      kind: "group";
      start: string;
      end: string;
      label: string;
      units: number;
      cells: GroupCell[];
      sources: readonly GroupCell[];
      status: string;
      dates: string[];
    }
  | { kind: "gap"; start: string; end: string; days: number };

/** So many dates in a row on which nothing is due are one row. */
const GAP_DAYS = 5;

export const rowIndexOf = (rows: readonly ViewRow[], date: string): number =>
  rows.findIndex((row) => date >= row.start && date <= row.end);

/** Codes of the sources by date; without any while their layer is folded. */
export interface SourceCodes {
  names: readonly string[];
  codes: ReadonlyMap<string, readonly string[]>;
}
export const FOLDED: SourceCodes = { names: [], codes: new Map() };
const NO_CODES: readonly string[] = [];

export function viewRows(page: Page, zoom: Zoom, sources: SourceCodes = FOLDED): ViewRow[] {
  return zoom === "day" ? dayRows(page.dates, sources) : groupRows(page, zoom, sources);
}

function dayRows(dates: readonly PageDate[], { codes }: SourceCodes): ViewRow[] {
  const rows: ViewRow[] = [];
  for (let i = 0; i < dates.length; ) {
    let end = i;
    while (end < dates.length && dates[end]?.cells.length === 0) end++;
    const first = dates[i] as PageDate;
    if (end - i >= GAP_DAYS) {
      rows.push({ kind: "gap", start: first.date, end: (dates[end - 1] as PageDate).date, days: end - i });
      i = end;
    } else {
      const sources = codes.get(first.date) ?? NO_CODES;
      rows.push({ kind: "date", start: first.date, end: first.date, date: first, sources });
      i++;
    }
  }
  return rows;
}

/** First day of the week (Monday) or month of a date. */
const startOf = (date: string, zoom: "week" | "month") =>
  zoom === "month" ? `${date.slice(0, 7)}-01` : addDays(date, -((dayNumber(date) + 3) % 7));

function groupRows(page: Page, zoom: "week" | "month", sources: SourceCodes): ViewRow[] {
  const rows: ViewRow[] = [];
  for (const [key, dates] of groupBy(page.dates, ({ date }) => startOf(date, zoom))) {
    const [start, end] = [(dates[0] as PageDate).date, (dates.at(-1) as PageDate).date];
    const last = rows.at(-1);
    if (dates.every((date) => date.cells.length === 0)) {
      if (last?.kind === "gap") rows[rows.length - 1] = { ...last, end, days: last.days + dates.length };
      else rows.push({ kind: "gap", start, end, days: dates.length });
      continue;
    }
    const label =
      zoom === "month" ? `${monthName(key)} ${key.slice(0, 4)}` : `${shortDate(start)} to ${shortDate(end)}`;
    const cells = page.tables.map((_, column) => groupCell(dates.map((one) => one.cells[column])));
    const codes = dates.map(({ date }) => sources.codes.get(date) ?? NO_CODES);
    const toDo = dates.filter((date) => date.cells.some(codeNeedsWork)).length;
    const datesDue = dates.filter((date) => date.cells.length > 0).length;
    rows.push({
      kind: "group",
      start,
      end,
      label,
      units: dates.reduce((sum, date) => sum + date.units, 0),
      cells,
      sources: sources.names.map((_, column) => groupCell(codes.map((one) => one[column]))),
      dates: dates.filter((date) => date.cells.length > 0).map((date) => date.date),
      status: toDo === 0 ? "complete" : `${toDo} of ${datesDue} dates need work`,
    });
  }
  return rows;
}

function groupCell(codes: ReadonlyArray<string | undefined>): GroupCell {
  let state: CellState = "not_expected";
  let [count, toDo, rows] = [0, 0, 0];
  const states = new Set<CellState>();
  for (const code of codes) {
    const own = codeState(code);
    for (const one of codeStates(code)) states.add(one);
    state = worseOf(state, own);
    if (own === "not_expected") continue;
    count++;
    rows += decodeCell(code, "", "").rows;
    if (codeNeedsWork(code)) toDo++;
  }
  return { state, dates: count, toDo, rows, states };
}
