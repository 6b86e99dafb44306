import type { Cell } from "../../api/coverage";
import { cellKey, needsWork } from "./types";

/** Why some cells need work: one table, and what waits for it. */
export interface RootCause {
  /** A derived table, or the raw table that is short. */
  table: string;
  /** Dates of that table on which it is so. */
  dates: string[];
  /** Other tables that have cells which need work for it. */
  affected: string[];
  /** Cells ("table date") to look at again: once none of them needs work, it is over. */
  cells: string[];
}

interface Root {
  table: string;
  date: string;
  /** The derived cell that stands for it. */
  cell: string;
}

/** The causes that keep a cell from being built; where there are none, all that it needs work for. */
function blockersOf({ causes }: Cell): Cell["causes"] {
  const blockers = causes.filter(({ edge, what }) => edge !== "lookback" && what === "missing");
  return blockers.length > 0 ? blockers : causes;
}

/**
 * Root causes of cells, by table. A cell that failed, or that nothing upstream explains, is its own; others are
 * followed along their causes. `all` has every cell of the range, also those that only read the others.
 */
export function findRootCauses(cells: readonly Cell[], all: ReadonlyMap<string, Cell>): RootCause[] {
  const blockers = follow(all, blockersOf);
  const asked = new Set(cells.filter(needsWork).flatMap((cell) => [...blockers(cell).keys()]));
  const rootsOf = follow(all, ({ causes }) => causes);
  const found = new Map<string, Record<"dates" | "affected" | "cells", Set<string>>>();
  for (const cell of all.values()) {
    if (!needsWork(cell)) continue;
    for (const [name, root] of rootsOf(cell)) {
      if (!asked.has(name)) continue;
      const own = found.get(root.table) ?? { dates: new Set(), affected: new Set(), cells: new Set() };
      found.set(root.table, own);
      own.dates.add(root.date);
      own.cells.add(root.cell);
      if (cell.table !== root.table) own.affected.add(cell.table);
    }
  }
  return [...found].map(([table, { dates, affected, cells: own }]) => ({
    table,
    dates: [...dates].sort(),
    affected: [...affected],
    cells: [...own].sort(),
  }));
}

/** Roots of a cell, by name, along some of its causes. */
function follow(all: ReadonlyMap<string, Cell>, causesOf: (cell: Cell) => Cell["causes"]) {
  const known = new Map<string, ReadonlyMap<string, Root>>();
  const rootsOf = (cell: Cell): ReadonlyMap<string, Root> => {
    const key = cellKey(cell.table, cell.date);
    const done = known.get(key);
    if (done) return done;
    const roots = new Map<string, Root>();
    // A cell that is met again on the way to its own roots adds none.
    known.set(key, roots);
    const add = (table: string, date: string) => roots.set(cellKey(table, date), { table, date, cell: key });
    if (!cell.states.includes("failed"))
      for (const cause of causesOf(cell)) {
        if (cause.edge === "raw" && cause.what === "missing") for (const date of cause.dates) add(cause.table, date);
        for (const date of cause.edge === "raw" ? [] : cause.dates) {
          const next = all.get(cellKey(cause.table, date));
          if (next && needsWork(next)) for (const [name, root] of rootsOf(next)) roots.set(name, root);
        }
      }
    if (roots.size === 0) add(cell.table, cell.date);
    return roots;
  };
  return rootsOf;
}
