import { calendarsOf } from "../coverage/calendars";
import { type Cell, type CoverageFacts, cellKey } from "../coverage/types";
import type { Calendar } from "../pipeline/windows";
import { isRaw, processor } from "../processors";
import { seasonYear } from "../season";

/** A derived cell that another one reads or waits for. */
export interface Read {
  cell: Cell;
  edge: "same-date" | "gate" | "lookback";
}

/** Which derived cells each cell reads, worked out from windows and the schedule on demand. */
export class ReadIndex {
  private readonly calendars: Map<number, Calendar>;
  private readonly known = new Map<string, Read[]>();

  constructor(
    facts: CoverageFacts,
    private readonly cells: ReadonlyMap<string, Cell>,
  ) {
    this.calendars = calendarsOf(facts);
  }

  /** The derived cells that a cell reads, each with its edge; none for dates without games. */
  inputsOf(cell: Cell): Read[] {
    const key = cellKey(cell.table, cell.date);
    const found = this.known.get(key);
    if (found) return found;
    const calendar = this.calendars.get(seasonYear(cell.date));
    const reads: Read[] = [];
    for (const input of processor(cell.table).inputs) {
      if (isRaw(input.table)) continue;
      for (const date of calendar?.read(input.window, cell.date) ?? []) {
        const read = this.cells.get(cellKey(input.table, date));
        if (read) reads.push({ cell: read, edge: input.edge });
      }
    }
    this.known.set(key, reads);
    return reads;
  }
}
