import type { Grid } from "@/lib/coverage/grid";

/** A cell by its place: row is a date, column a table. */
export interface Place {
  row: number;
  column: number;
}

/** A rectangle of cells, from where it began to where it is now. */
export interface Selection {
  from: Place;
  to: Place;
}

/** The selection's bounds in order. */
function bounds({ from, to }: Selection) {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    left: Math.min(from.column, to.column),
    right: Math.max(from.column, to.column),
  };
}

export function contains(selection: Selection | null, row: number, column: number): boolean {
  if (!selection) return false;
  const { top, bottom, left, right } = bounds(selection);
  return row >= top && row <= bottom && column >= left && column <= right;
}

/** The selected (table, date) pairs. */
export function selectedCells(grid: Grid, selection: Selection): Array<{ table: string; date: string }> {
  const { top, bottom, left, right } = bounds(selection);
  return grid.dates
    .slice(top, bottom + 1)
    .flatMap(({ date }) => grid.tables.slice(left, right + 1).map((table) => ({ table, date })));
}

/** Where a key moves the focus in a grid of that size; undefined for other keys. */
export function moved(key: string, at: Place, rows: number, columns: number, ctrl: boolean): Place | undefined {
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
  const to = (row: number, column: number): Place => ({ row: clamp(row, rows), column: clamp(column, columns) });
  switch (key) {
    case "ArrowUp":
      return to(at.row - 1, at.column);
    case "ArrowDown":
      return to(at.row + 1, at.column);
    case "ArrowLeft":
      return to(at.row, at.column - 1);
    case "ArrowRight":
      return to(at.row, at.column + 1);
    case "PageUp":
      return to(at.row - 14, at.column);
    case "PageDown":
      return to(at.row + 14, at.column);
    case "Home":
      return to(ctrl ? 0 : at.row, 0);
    case "End":
      return to(ctrl ? rows - 1 : at.row, columns - 1);
    default:
      return undefined;
  }
}
