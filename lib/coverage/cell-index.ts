import type { Cell } from "../api/coverage";
import { addDays } from "../dates";
import { Calendar } from "../pipeline/windows";
import type { Input } from "../processors";
import { BOOTSTRAP_DAYS, seasonEnd, seasonStart, seasonYear } from "../season";
import { calendarsOf } from "./calendars";
import type { CoverageFacts } from "./types";

const NO_CELLS: readonly undefined[] = [];

function visitAt(column: ReadonlyArray<Cell | undefined>, place: number, visit: (cell: Cell) => void): void {
  const cell = column[place];
  if (cell) visit(cell);
}

/**
 * The cells of one season's game dates by table and place in its calendar, so that a window is a range
 * of places: looking each date up by name would take most of the time of states and plans.
 */
export class SeasonCells {
  private readonly columns = new Map<string, Array<Cell | undefined>>();

  /** The first date after the season's bootstrap days; before every date where there are no games. */
  readonly bootstrapEnd: string;

  constructor(readonly calendar: Calendar) {
    const [first] = calendar.dates;
    this.bootstrapEnd = first ? addDays(first, BOOTSTRAP_DAYS) : "";
  }

  /** Takes a cell in; one on a date without games is nobody's input. */
  add(cell: Cell): void {
    const place = this.calendar.placeOf(cell.date);
    if (place < 0) return;
    const column = this.columns.get(cell.table) ?? new Array<Cell | undefined>(this.calendar.dates.length);
    column[place] = cell;
    this.columns.set(cell.table, column);
  }

  /** A table's cells by place; empty where none was added. */
  column(table: string): ReadonlyArray<Cell | undefined> {
    return this.columns.get(table) ?? NO_CELLS;
  }

  at(table: string, date: string): Cell | undefined {
    return this.columns.get(table)?.[this.calendar.placeOf(date)];
  }

  /** Calls back with the cells of a derived input that a row of `date` reads, ascending by date. */
  eachRead({ table, window }: Pick<Input, "table" | "window">, date: string, visit: (cell: Cell) => void): void {
    const column = this.columns.get(table);
    if (!column) return;
    const { from, to, only } = this.calendar.reach(window, date);
    if (only) for (const place of only) visitAt(column, place, visit);
    else for (let place = from; place < to; place++) visitAt(column, place, visit);
  }
}

export class CellIndex {
  private readonly seasons = new Map<number, SeasonCells>();
  /** The season asked for last, and its first and last day: cells come in order, mostly. */
  private latest: { season: SeasonCells; start: string; end: string } | undefined;

  constructor(private readonly facts: CoverageFacts) {}

  all(): Iterable<SeasonCells> {
    return this.seasons.values();
  }

  of(date: string): SeasonCells {
    if (this.latest && date >= this.latest.start && date <= this.latest.end) return this.latest.season;
    const year = seasonYear(date);
    let season = this.seasons.get(year);
    if (!season) {
      season = new SeasonCells(calendarsOf(this.facts).get(year) ?? new Calendar(new Map()));
      this.seasons.set(year, season);
    }
    this.latest = { season, start: seasonStart(year), end: seasonEnd(year) };
    return season;
  }
}
