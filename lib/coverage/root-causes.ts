import type { Why } from "../api/coverage";
import { dateList } from "../dates";

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
