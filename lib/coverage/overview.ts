import type { Grid } from "./grid";
import { codeState, stateLetter } from "./page";
import type { CellState } from "./types";

/** Every known date and table by its state alone: the whole history at a glance, a letter a cell. */
export interface Overview {
  start: string;
  end: string;
  tables: string[];
  /** One string a table, a letter a date from start to end. */
  states: string[];
  /** The last date that has not been looked at yet; null where all have. */
  pending: string | null;
}

/** The overview of a grid. */
export function toOverview(grid: Grid): Omit<Overview, "pending"> {
  const letter = (table: string, at: number) => {
    const cell = grid.dates[at]?.cells[table];
    // An accepted gap is quiet here.
    return stateLetter(cell && !cell.accepted ? cell.state : "no_games");
  };
  return {
    ...grid.range,
    tables: grid.tables,
    states: grid.tables.map((table) => grid.dates.map((_, at) => letter(table, at)).join("")),
  };
}

/** The state of a table on the n-th date of an overview. */
export const overviewState = (overview: Overview, column: number, at: number): CellState =>
  codeState(overview.states[column]?.[at]);
