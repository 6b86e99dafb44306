import { rowIndexOf, type ViewRow } from "@/lib/engine/coverage/zoom";

/** A cell by its place: row of the view, column a table. */
export interface Place {
  row: number;
  column: number;
}

/** A rectangle of cells, from where it began to where it is now. */
export interface Selection {
  from: Place;
  to: Place;
}

export interface CellName {
  table: string;
  date: string;
}

type Rows = readonly ViewRow[];

export const isOneCell = ({ from, to }: Selection): boolean => from.row === to.row && from.column === to.column;

export function bounds({ from, to }: Selection) {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    left: Math.min(from.column, to.column),
    right: Math.max(from.column, to.column),
  };
}

/**
 * The (table, date) pairs of a selection, those of dates on which nothing is due left out; `columns` are the tables that
 * each column shows.
 */
export function selectedCells(rows: Rows, columns: ReadonlyArray<readonly string[]>, selection: Selection): CellName[] {
  const { top, bottom, left, right } = bounds(selection);
  const tables = columns.slice(left, right + 1).flat();
  return rows.slice(top, bottom + 1).flatMap((row) => {
    if (row.kind === "gap") return [];
    const dates = row.kind === "date" ? [row.start] : row.dates;
    return dates.flatMap((date) => tables.map((table) => ({ table, date })));
  });
}

/** Where a key moves the active cell in a grid of that size; undefined for other keys. */
export function moved(key: string, at: Place, rows: number, columns: number, ctrl: boolean): Place | undefined {
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
  const to = (row: number, column: number): Place => ({ row: clamp(row, rows), column: clamp(column, columns) });
  const moves: Record<string, Place> = {
    ArrowUp: to(ctrl ? 0 : at.row - 1, at.column),
    ArrowDown: to(ctrl ? rows - 1 : at.row + 1, at.column),
    ArrowLeft: to(at.row, ctrl ? 0 : at.column - 1),
    ArrowRight: to(at.row, ctrl ? columns - 1 : at.column + 1),
    PageUp: to(at.row - 14, at.column),
    PageDown: to(at.row + 14, at.column),
    Home: to(ctrl ? 0 : at.row, 0),
    End: to(ctrl ? rows - 1 : at.row, columns - 1),
  };
  return moves[key];
}

/** "togs.2021-11-15", or "togs.2021-11-15~tdgs.2021-11-20" for several: a selection in the URL. */
export function writeSelection(rows: Rows, tables: readonly string[], selection: Selection | null): string | null {
  if (!selection) return null;
  const name = ({ row, column }: Place, end: boolean) => {
    const at = rows[row];
    return at ? `${tables[column]}.${end ? at.end : at.start}` : "";
  };
  const { from, to } = selection;
  const down = to.row >= from.row;
  const target = name(to, down && rows[to.row]?.kind === "group");
  if (isOneCell(selection)) return target;
  return `${name(from, !down)}~${target}`;
}

/** The selection that a URL names, in these rows; null where it names none of them. */
export function readSelection(rows: Rows, tables: readonly string[], text: string | null): Selection | null {
  const places = (text?.split("~") ?? []).map((one): Place | null => {
    const [table = "", date = ""] = one.split(".");
    const row = rowIndexOf(rows, date);
    const column = tables.indexOf(table);
    return row < 0 || column < 0 ? null : { row, column };
  });
  const [from, to = from] = places;
  return from && to ? { from, to } : null;
}
