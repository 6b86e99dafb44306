import { eachDate } from "../../util/dates";
import { type CellState, isDueState } from "./cell-states";
import { codeState } from "./page";
import { NEEDS_WORK, worseOf } from "./types";

/** A table's history in short. */
export interface Standing {
  /** Dates in which rows are due, and those of them that are complete and that need work. */
  due: number;
  complete: number;
  toDo: number;
  /** Dates by their state. */
  counts: Partial<Record<CellState, number>>;
  /** The worst state of a date that needs work; "complete" where none does, null where nothing is due. */
  state: CellState | null;
  /** The last date that is complete. */
  lastComplete: string | null;
}

/** What the states of a table say together: a letter a date from `start` on, of which those of `range` count. */
export function standingOf(letters: string, start: string, range?: { start: string; end: string }): Standing {
  const standing: Standing = { due: 0, complete: 0, toDo: 0, counts: {}, state: null, lastComplete: null };
  let worst: CellState | undefined;
  for (const { date, state } of historyOf(letters, start)) {
    if (range && (date < range.start || date > range.end)) continue;
    standing.counts[state] = (standing.counts[state] ?? 0) + 1;
    if (!isDueState(state)) continue;
    standing.due++;
    if (state === "complete") {
      standing.complete++;
      standing.lastComplete = date;
    }
    if (NEEDS_WORK.has(state)) {
      standing.toDo++;
      worst = worseOf(worst, state);
    }
  }
  standing.state = worst ?? (standing.due > 0 ? "complete" : null);
  return standing;
}

/** The state of each date, ascending. */
export function historyOf(letters: string, start: string): Array<{ date: string; state: CellState }> {
  if (letters === "") return [];
  const first = Date.parse(`${start}T00:00:00Z`);
  const end = new Date(first + (letters.length - 1) * 86_400_000).toISOString().slice(0, 10);
  return eachDate(start, end).map((date, day) => ({ date, state: codeState(letters[day]) }));
}

/** So many bins at most, each a stretch of dates with the worst state of any; what says nothing is null. */
export function binHistory(
  history: ReadonlyArray<{ date: string; state: CellState }>,
  most: number,
): Array<{ start: string; end: string; state: CellState | null }> {
  const count = Math.min(most, history.length);
  return Array.from({ length: count }, (_, bin) => {
    const [from, to] = [bin, bin + 1].map((at) => Math.floor((at * history.length) / count)) as [number, number];
    const own = history.slice(from, to);
    const state = own
      .map((one) => one.state)
      .filter((one) => one !== "not_expected")
      .reduce<CellState | undefined>(worseOf, undefined);
    return { start: own[0]?.date as string, end: own.at(-1)?.date as string, state: state ?? null };
  });
}

/** A range moved by days, or its end alone, within the first and last date; never shorter than a date. */
export function moveRange(
  { start, end }: { start: string; end: string },
  days: number,
  within: { start: string; end: string },
  isEndOnly = false,
): { start: string; end: string } {
  const all = eachDate(within.start, within.end);
  const last = all.length - 1;
  const clamp = (at: number) => Math.max(0, Math.min(last, at));
  const placeOf = (date: string) => clamp(eachDate(within.start, date).length - 1);
  const [from, to] = [placeOf(start), placeOf(end)];
  if (isEndOnly) return { start: all[from] as string, end: all[Math.max(from, clamp(to + days))] as string };
  const step = days < 0 ? Math.max(days, -from) : Math.min(days, last - to);
  return { start: all[from + step] as string, end: all[to + step] as string };
}
