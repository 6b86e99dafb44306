import type { Cell } from "../../api/coverage";
import { addDays } from "../../util/dates";
import { tableOf } from "../pipeline/find";
import type { Input } from "../pipeline/types";
import { Calendar, calendarsOf } from "../pipeline/windows";
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

  constructor(readonly calendar: Calendar) {}

  /** The first date after so many days at the season's start; before every date where nothing is due. */
  warmUpEnd(days: number): string {
    const [first] = this.calendar.dates;
    return first && days > 0 ? addDays(first, days) : "";
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

/** Cells by season, and which of them each one reads, from windows and the schedule. */
export class CellIndex {
  private readonly seasons = new Map<string, SeasonCells>();
  /** The season asked for last, and its first and last day: cells come in order, mostly. */
  private latest: { season: SeasonCells; start: string; end: string } | undefined;

  constructor(
    private readonly facts: CoverageFacts,
    cells: ReadonlyMap<string, Cell> = new Map(),
  ) {
    for (const cell of cells.values()) this.of(cell.date).add(cell);
  }

  all(): Iterable<SeasonCells> {
    return this.seasons.values();
  }

  of(date: string): SeasonCells {
    if (this.latest && date >= this.latest.start && date <= this.latest.end) return this.latest.season;
    const { epochs } = this.facts.pipeline;
    const epoch = epochs.of(date);
    let season = this.seasons.get(epoch);
    if (!season) {
      season = new SeasonCells(calendarsOf(this.facts).get(epoch) ?? new Calendar(new Map()));
      this.seasons.set(epoch, season);
    }
    this.latest = { season, start: epochs.start(epoch), end: epochs.end(epoch) };
    return season;
  }
  /** The first cell of a set that a cell reads, or waits for (`gates`), and that is as asked, in the order of its table's inputs. */
  findRead(set: CellSet, cell: Cell, is: (read: Cell) => boolean = () => true, gates = true): Cell | undefined {
    const season = this.of(cell.date);
    const tables = set.of(season);
    if (!tables) return undefined;
    for (const { table, edge, window } of tableOf(this.facts.pipeline, cell.table).inputs) {
      // A raw table has no cells.
      const positions = tables.get(table);
      if (!positions || (edge === "gate" && !gates)) continue;
      const reach = season.calendar.reach(window, cell.date);
      const column = season.column(table);
      for (let at = positions.next(reach, reach.from); at >= 0; at = positions.next(reach, at + 1)) {
        const read = column[at];
        if (read && is(read)) return read;
      }
    }
    return undefined;
  }

  /** True when a cell that it reads of the same date, or waits for, is as asked. */
  someOfDate(cell: Cell, is: (input: Cell) => boolean): boolean {
    const season = this.of(cell.date);
    const place = season.calendar.placeOf(cell.date);
    for (const { table, edge } of tableOf(this.facts.pipeline, cell.table).inputs) {
      const input = edge === "lookback" ? undefined : season.column(table)[place];
      if (input && is(input)) return true;
    }
    return false;
  }
}

/** Cells of an index: those that a window reaches are found without looking at the others. */
export class CellSet {
  private readonly seasons = new Map<SeasonCells, Map<string, PositionSet>>();

  constructor(private readonly index: CellIndex) {}

  add(cell: Cell): void {
    const season = this.index.of(cell.date);
    const place = season.calendar.placeOf(cell.date);
    if (place < 0) return;
    const tables = this.seasons.get(season) ?? new Map<string, PositionSet>();
    this.seasons.set(season, tables);
    const positions = tables.get(cell.table) ?? new PositionSet(season.calendar.dates.length);
    tables.set(cell.table, positions);
    positions.add(place);
  }

  has(cell: Cell): boolean {
    const season = this.index.of(cell.date);
    return this.seasons.get(season)?.get(cell.table)?.has(season.calendar.placeOf(cell.date)) ?? false;
  }

  /** The set's part of a season, by table. */
  of(season: SeasonCells): ReadonlyMap<string, PositionSet> | undefined {
    return this.seasons.get(season);
  }
}

/** Some places of a calendar, such that the next one is known at once, wherever one looks from. */
class PositionSet {
  private readonly flags: Uint8Array;
  /** The first place of the set at or after each; worked out when it is asked for. */
  private following: Int32Array | null = null;

  constructor(private readonly size: number) {
    this.flags = new Uint8Array(size);
  }

  add(place: number): void {
    this.flags[place] = 1;
    this.following = null;
  }

  has(place: number): boolean {
    return this.flags[place] === 1;
  }

  /** The first place of the set within a window's reach that is not below `from`; -1 where there is none. */
  next({ to, only }: ReturnType<Calendar["reach"]>, from: number): number {
    this.following ??= this.follow();
    const place = this.following[from] ?? this.size;
    if (place >= to) return -1;
    if (!only) return place;
    return only.find((one) => one >= place && this.flags[one] === 1) ?? -1;
  }

  private follow(): Int32Array {
    const following = new Int32Array(this.size + 1).fill(this.size);
    for (let place = this.size - 1; place >= 0; place--)
      following[place] = this.flags[place] === 1 ? place : (following[place + 1] as number);
    return following;
  }
}
