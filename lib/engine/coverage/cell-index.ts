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
 * The cells of one epoch's due dates by table and place in its calendar, so that a window is a range
 * of places: looking each date up by name would take most of the time of states and plans.
 */
export class EpochCells {
  private readonly columns = new Map<string, Array<Cell | undefined>>();

  constructor(readonly calendar: Calendar) {}

  /** The first date after so many days at the epoch's start; before every date where nothing is due. */
  warmUpEnd(days: number): string {
    const [first] = this.calendar.dates;
    return first && days > 0 ? addDays(first, days) : "";
  }

  /** Takes a cell in; one on a date on which its table is not due is nobody's input. */
  add(cell: Cell): void {
    const place = this.calendar.placeOf(cell.date);
    if (place < 0 || !this.calendar.isDue(cell.table, cell.date)) return;
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
  eachRead(input: Pick<Input, "table" | "window">, date: string, visit: (cell: Cell) => void): void {
    const column = this.columns.get(input.table);
    if (!column) return;
    const { from, to, only } = this.calendar.reach(input, date);
    if (only) for (const place of only) visitAt(column, place, visit);
    else for (let place = from; place < to; place++) visitAt(column, place, visit);
  }
}

/** Cells by epoch, and which of them each one reads, from windows and the calendar. */
export class CellIndex {
  private readonly epochs = new Map<string, EpochCells>();
  /** The epoch asked for last, and its first and last day: cells come in order, mostly. */
  private latest: { epoch: EpochCells; start: string; end: string } | undefined;

  constructor(
    private readonly facts: CoverageFacts,
    cells: ReadonlyMap<string, Cell> = new Map(),
  ) {
    for (const cell of cells.values()) this.of(cell.date).add(cell);
  }

  all(): Iterable<EpochCells> {
    return this.epochs.values();
  }

  of(date: string): EpochCells {
    if (this.latest && date >= this.latest.start && date <= this.latest.end) return this.latest.epoch;
    const { epochs } = this.facts.pipeline;
    const id = epochs.of(date);
    let epoch = this.epochs.get(id);
    if (!epoch) {
      epoch = new EpochCells(calendarsOf(this.facts).get(id) ?? new Calendar(new Map()));
      this.epochs.set(id, epoch);
    }
    this.latest = { epoch, start: epochs.start(id), end: epochs.end(id) };
    return epoch;
  }
  /** The first cell of a set that a cell reads, or waits for (`gates`), and that is as asked, in the order of its table's inputs. */
  findRead(set: CellSet, cell: Cell, is: (read: Cell) => boolean = () => true, gates = true): Cell | undefined {
    const epoch = this.of(cell.date);
    const tables = set.of(epoch);
    if (!tables) return undefined;
    for (const input of tableOf(this.facts.pipeline, cell.table).inputs) {
      const { table, edge } = input;
      // A raw table has no cells.
      const positions = tables.get(table);
      if (!positions || (edge === "gate" && !gates)) continue;
      const reach = epoch.calendar.reach(input, cell.date);
      const column = epoch.column(table);
      for (let at = positions.next(reach, reach.from); at >= 0; at = positions.next(reach, at + 1)) {
        const read = column[at];
        if (read && is(read)) return read;
      }
    }
    return undefined;
  }

  /** True when a cell that it reads of the same date, or waits for, is as asked. */
  someOfDate(cell: Cell, is: (input: Cell) => boolean): boolean {
    const epoch = this.of(cell.date);
    const place = epoch.calendar.placeOf(cell.date);
    for (const { table, edge } of tableOf(this.facts.pipeline, cell.table).inputs) {
      const input = edge === "lookback" ? undefined : epoch.column(table)[place];
      if (input && is(input)) return true;
    }
    return false;
  }
}

/** Cells of an index: those that a window reaches are found without looking at the others. */
export class CellSet {
  private readonly epochs = new Map<EpochCells, Map<string, PositionSet>>();

  constructor(private readonly index: CellIndex) {}

  add(cell: Cell): void {
    const epoch = this.index.of(cell.date);
    const place = epoch.calendar.placeOf(cell.date);
    if (place < 0) return;
    const tables = this.epochs.get(epoch) ?? new Map<string, PositionSet>();
    this.epochs.set(epoch, tables);
    const positions = tables.get(cell.table) ?? new PositionSet(epoch.calendar.dates.length);
    tables.set(cell.table, positions);
    positions.add(place);
  }

  has(cell: Cell): boolean {
    const epoch = this.index.of(cell.date);
    return this.epochs.get(epoch)?.get(cell.table)?.has(epoch.calendar.placeOf(cell.date)) ?? false;
  }

  /** The set's part of an epoch, by table. */
  of(epoch: EpochCells): ReadonlyMap<string, PositionSet> | undefined {
    return this.epochs.get(epoch);
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
