import type { Cell } from "../api/coverage";
import { CellIndex, type SeasonCells } from "../coverage/cell-index";
import type { CoverageFacts } from "../coverage/types";
import { processor } from "../processors";
import { Marks } from "./marks";

export class MarkedCells {
  private readonly seasons = new Map<SeasonCells, Map<string, Marks>>();

  constructor(private readonly index: CellIndex) {}

  add(cell: Cell): void {
    const season = this.index.of(cell.date);
    const place = season.calendar.placeOf(cell.date);
    if (place < 0) return;
    const tables = this.seasons.get(season) ?? new Map<string, Marks>();
    this.seasons.set(season, tables);
    let marks = tables.get(cell.table);
    if (!marks) {
      marks = new Marks(season.calendar.dates.length);
      tables.set(cell.table, marks);
    }
    marks.add(place);
  }

  has(cell: Cell): boolean {
    const season = this.index.of(cell.date);
    return this.seasons.get(season)?.get(cell.table)?.has(season.calendar.placeOf(cell.date)) ?? false;
  }

  of(season: SeasonCells): ReadonlyMap<string, Marks> | undefined {
    return this.seasons.get(season);
  }
}

/** Which derived cells each cell reads, from windows and the schedule. Cells of dates without games read none. */
export class ReadIndex {
  readonly index: CellIndex;

  constructor(facts: CoverageFacts, cells: ReadonlyMap<string, Cell>) {
    this.index = new CellIndex(facts);
    for (const cell of cells.values()) this.index.of(cell.date).add(cell);
  }

  /** The first marked cell that a cell reads, in the order of its table's inputs. */
  firstOf(marked: MarkedCells, cell: Cell): Cell | undefined {
    let found: Cell | undefined;
    this.visit(marked, cell, (read) => {
      found = read;
      return true;
    });
    return found;
  }

  allOf(marked: MarkedCells, cell: Cell): Cell[] {
    const all: Cell[] = [];
    this.visit(marked, cell, (read) => {
      all.push(read);
      return false;
    });
    return all;
  }

  private visit(marked: MarkedCells, cell: Cell, see: (read: Cell) => boolean): void {
    const season = this.index.of(cell.date);
    const ofTable = marked.of(season);
    if (!ofTable) return;
    for (const { table, window } of processor(cell.table).inputs) {
      // A raw table has no cells, so no marks.
      const marks = ofTable.get(table);
      if (!marks) continue;
      const reach = season.calendar.reach(window, cell.date);
      const column = season.column(table);
      for (let at = marks.next(reach, reach.from); at >= 0; at = marks.next(reach, at + 1)) {
        const read = column[at];
        if (read && see(read)) return;
      }
    }
  }

  /** True when a cell that it reads of the same date, or waits for, is as asked. */
  someOfDate(cell: Cell, is: (input: Cell) => boolean): boolean {
    const season = this.index.of(cell.date);
    const place = season.calendar.placeOf(cell.date);
    if (place < 0) return false;
    for (const { table, edge } of processor(cell.table).inputs) {
      // A raw table has no cells.
      const input = edge === "lookback" ? undefined : season.column(table)[place];
      if (input && is(input)) return true;
    }
    return false;
  }
}
