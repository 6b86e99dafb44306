import { dateList } from "../dates";
import type { Cause } from "./types";

/** One step of the way from a cell back to what made it so. */
export interface Why {
  table: string;
  date: string;
  /** How the cell above reads it; absent for the cell itself. */
  edge?: Cause["edge"];
  words: string;
  /** More dates of the same table with the same effect. */
  more: number;
  /** Nothing upstream explains it: the chain begins here. */
  isRoot: boolean;
  because: Why[];
}

/** The ends of the chain: what has to be mended first, "pgs of Nov 16". */
export function rootCauses(why: Why): string[] {
  const dates = new Map<string, string[]>();
  const visit = (at: Why) => {
    if (at.isRoot) dates.set(at.table, [...(dates.get(at.table) ?? []), at.date]);
    for (const one of at.because) visit(one);
  };
  visit(why);
  return [...dates].map(([table, list]) => `${table} of ${dateList(list.sort(), 3)}`);
}
