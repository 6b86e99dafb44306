import type { Summary } from "../../api/coverage";
import { dateList, shortDate } from "../../util/dates";
import type { Unit } from "../pipeline/types";
import { capitalized } from "../view/format";
import { type CellState, STATES } from "./types";

export function stateWord(state: CellState): string {
  return state.replace("_", " ");
}

/** "12 of 15 dates need work", or that nothing does. */
export function headline(summary: Summary, { none }: Unit): string {
  if (summary.datesDue === 0) return `${capitalized(none)} in this range`;
  if (summary.datesToDo === 0) return "Everything is there and right";
  return `${summary.datesToDo} of ${summary.datesDue} dates need${summary.datesToDo === 1 ? "s" : ""} work`;
}

/** "9 missing, 2 duplicated, 1 corrupt": the dates that need work, by the worst of each. */
export function worstWords(summary: Summary): string {
  return STATES.filter((state) => summary.worst[state])
    .map((state) => `${summary.worst[state]} ${stateWord(state)}`)
    .join(", ");
}

/** "safe to use through Nov 14, 2021", or why not. */
export function safeWords(summary: Summary): string {
  return summary.safeThrough
    ? `safe to use through ${shortDate(summary.safeThrough, true)}`
    : "no date is safe to use yet";
}

interface Chain {
  table: string;
  date: string;
  isRoot: boolean;
  because: readonly Chain[];
}

/** The ends of the chain: what has to be mended first, "orders of Nov 16". */
export function rootCauses(why: Chain): string[] {
  const dates = new Map<string, string[]>();
  const visit = (at: Chain) => {
    if (at.isRoot) dates.set(at.table, [...(dates.get(at.table) ?? []), at.date]);
    for (const one of at.because) visit(one);
  };
  visit(why);
  return [...dates].map(([table, list]) => `${table} of ${dateList(list.sort(), 3)}`);
}
