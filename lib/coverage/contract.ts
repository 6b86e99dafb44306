import type { Grid } from "./grid";
import type { Cell } from "./types";

/** The coverage document of contract.md. */
export interface CoverageDocument {
  range: { start: string; end: string };
  tables: string[];
  dates: Array<{
    date: string;
    games: number;
    status: string;
    cells: Record<string, Pick<Cell, "rows" | "distinct" | "expected" | "state" | "states" | "reasons">>;
  }>;
  summary: Grid["summary"];
}

/** A grid as the command line and the API give it. */
export function toContract(grid: Grid): CoverageDocument {
  return {
    range: { start: grid.range.start, end: grid.range.end },
    tables: grid.tables,
    dates: grid.dates.map(({ date, games, status, cells }) => ({
      date,
      games,
      status,
      cells: Object.fromEntries(
        Object.entries(cells).map(([table, { rows, distinct, expected, state, states, reasons }]) => [
          table,
          { rows, distinct, expected, state, states, reasons },
        ]),
      ),
    })),
    summary: grid.summary,
  };
}
