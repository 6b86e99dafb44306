import { addDays, eachDate } from "../dates";
import { findProcessor, PROCESSORS } from "../processors";
import { NOTHING_TO_READ } from "./observed";
import { type Cell, type CellState, type CoverageFacts, cellKey, needsWork, STATES } from "./types";
import { type Summary, statusWords } from "./words";

/** One date of the grid. */
interface GridDate {
  date: string;
  games: number;
  status: string;
  cells: Record<string, Cell>;
}

/** The grid of a range: what the page, the API and the command line show. */
export interface Grid {
  range: { start: string; end: string };
  tables: string[];
  dates: GridDate[];
  summary: Summary;
  /** When the data were looked at; absent or null where what is shown is always what is there. */
  checkedAt?: string | null;
}

/** The cell of a date of which nothing is known: there are no games. */
export function emptyCell(table: string, date: string): Cell {
  return {
    table,
    date,
    rows: 0,
    distinct: 0,
    copies: 0,
    expected: 0,
    state: "no_games",
    states: ["no_games"],
    reasons: [findProcessor(table)?.observed ? NOTHING_TO_READ : "No games on this date."],
    causes: [],
    rawShort: false,
    oldest: null,
    newest: null,
  };
}

/** Cuts a range and some tables out of all classified cells. */
export function toGrid(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  range: { start: string; end: string },
  tables: readonly string[] = PROCESSORS.map((one) => one.short),
): Grid {
  const dates = eachDate(range.start, range.end).map((date): GridDate => {
    const own = tables.map((table) => cells.get(cellKey(table, date)) ?? emptyCell(table, date));
    return {
      date,
      games: facts.dates.get(date)?.scheduled ?? 0,
      status: statusWords(own),
      cells: Object.fromEntries(own.map((cell) => [cell.table, cell])),
    };
  });
  return { range, tables: [...tables], dates, summary: summarise(facts, cells, dates, tables) };
}

function summarise(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  dates: readonly GridDate[],
  tables: readonly string[],
): Summary {
  const counts: Summary["counts"] = {};
  const worst: Summary["worst"] = {};
  let datesToDo = 0;
  let accepted = 0;
  for (const date of dates) {
    const toDo: Cell[] = [];
    for (const cell of Object.values(date.cells)) {
      if (cell.accepted) accepted++;
      else counts[cell.state] = (counts[cell.state] ?? 0) + 1;
      if (needsWork(cell)) toDo.push(cell);
    }
    if (toDo.length === 0) continue;
    datesToDo++;
    const state = STATES.find((one) => toDo.some((cell) => cell.state === one)) as CellState;
    worst[state] = (worst[state] ?? 0) + 1;
  }
  const wanted = new Set(tables);
  let firstBad: string | null = null;
  for (const cell of cells.values()) {
    if (!wanted.has(cell.table) || !needsWork(cell)) continue;
    if (firstBad === null || cell.date < firstBad) firstBad = cell.date;
  }
  const known = [...facts.dates.keys()].sort();
  const last = dates.at(-1)?.date ?? null;
  const beforeBad = firstBad === null ? last : addDays(firstBad, -1);
  const safeThrough = beforeBad !== null && known[0] !== undefined && beforeBad >= known[0] ? beforeBad : null;
  return {
    counts,
    worst,
    accepted,
    games: dates.reduce((sum, date) => sum + date.games, 0),
    datesWithGames: dates.filter(
      ({ games, cells }) => games > 0 || Object.values(cells).some((cell) => cell.state !== "no_games"),
    ).length,
    datesToDo,
    safeThrough: safeThrough !== null && last !== null && safeThrough > last ? last : safeThrough,
  };
}
