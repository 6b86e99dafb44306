import type { Overview } from "../../api/coverage";
import { addDays, dayNumber } from "../../util/dates";
import { codeState, stateLetter } from "./page";
import type { CellState } from "./types";

/** A change of a cell's state. */
interface Step {
  table: string;
  date: string;
  from: CellState;
}

/** An overview as it was before some changes, which come in order. */
export function undoChanges(overview: Overview, changes: readonly Step[]): Overview {
  const columns = new Map(overview.tables.map((table, at) => [table, [...(overview.states[at] ?? "")]]));
  const start = overview.start === "" ? 0 : dayNumber(overview.start);
  for (const { table, date, from } of changes.toReversed()) {
    const letters = columns.get(table);
    const day = dayNumber(date) - start;
    if (letters && day >= 0 && day < letters.length) letters[day] = stateLetter(from);
  }
  return { ...overview, states: overview.tables.map((table) => (columns.get(table) ?? []).join("")) };
}

/** A cell whose state is not what it was. */
export interface ChangedCell {
  table: string;
  date: string;
  from: CellState;
  to: CellState;
}

/** Cells that differ between two overviews, by date and table; dates that only one of them has are left out. */
export function changedCells(before: Overview, now: Overview): ChangedCell[] {
  if (before.states.length === 0 || now.states.length === 0) return [];
  const shift = dayNumber(now.start) - dayNumber(before.start);
  const found = now.tables.flatMap((table, at): ChangedCell[] => {
    const old = before.states[before.tables.indexOf(table)] ?? "";
    const letters = now.states[at] ?? "";
    // Most tables are as they were.
    if (shift === 0 && old === letters) return [];
    return [...letters].flatMap((letter, day) => {
      const was = old[day + shift];
      if (was === undefined || was === letter) return [];
      return [{ table, date: addDays(now.start, day), from: codeState(was), to: codeState(letter) }];
    });
  });
  return found.sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
}
