import type { CoverageDocument } from "../api/coverage";
import type { Grid } from "./grid";

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
