import { addDays } from "../../util/dates";
import { entryOf } from "../../util/group-by";
import { type CellState, isDueState } from "../coverage/cell-states";
import { codeState } from "../coverage/page";
import { cellKey, NEEDS_WORK } from "../coverage/types";
import { median, quantile } from "../planning/estimate";
import { weekOf } from "./statistics";

/** States as they were seen last: a letter a date from `start` on, by table. */
export interface SeenLetters {
  start: string;
  states: Readonly<Record<string, string>>;
}

/** A change of a cell's state at a time (ISO 8601, UTC). */
export interface StateStep {
  table: string;
  date: string;
  from: CellState;
  to: CellState;
  at: string;
}

export interface WeekShare {
  /** Its Monday. */
  week: string;
  /** Cells of dates up to the end of the week in which rows were due then, and those of them that were complete. */
  due: number;
  complete: number;
}

export interface Healing {
  table: string;
  /** Gaps that were healed, from a known beginning. */
  healed: number;
  /** Seconds from the beginning of a gap until it was healed; null where none was. */
  p50: number | null;
  p90: number | null;
  /** Gaps healed that are older than the history. */
  healedOlder: number;
  /** Gaps that are open now, and when the oldest of known beginning began. */
  open: number;
  openSince: string | null;
}

/** The states now by cell. */
function statesNow(seen: readonly SeenLetters[]): Map<string, CellState> {
  const states = new Map<string, CellState>();
  for (const { start, states: tables } of seen)
    for (const [table, letters] of Object.entries(tables))
      for (const [day, letter] of [...letters].entries())
        states.set(cellKey(table, addDays(start, day)), codeState(letter));
  return states;
}

/**
 * The share of complete cells at the end of each week of the history, the present one as it is now; ascending, at
 * most `most`. `changes` are ascending and reach back as far as the first week that is asked for.
 */
export function weeklyShare(
  seen: readonly SeenLetters[],
  changes: readonly StateStep[],
  now: string,
  most = 12,
): WeekShare[] {
  const first = weekOf((changes[0]?.at ?? now).slice(0, 10));
  const states = statesNow(seen);
  const weeks: WeekShare[] = [];
  let at = changes.length - 1;
  for (let week = weekOf(now.slice(0, 10)); week >= first && weeks.length < most; week = addDays(week, -7)) {
    const next = addDays(week, 7);
    for (; at >= 0 && (changes[at] as StateStep).at >= next; at--) {
      const { table, date, from } = changes[at] as StateStep;
      states.set(cellKey(table, date), from);
    }
    const share = { week, due: 0, complete: 0 };
    for (const [key, state] of states) {
      if (!isDueState(state) || key.slice(-10) >= next) continue;
      share.due++;
      if (state === "complete") share.complete++;
    }
    weeks.push(share);
  }
  return weeks.reverse();
}

/** How long gaps were open, by table in the order that is given, from changes in ascending order. */
export function timeToHeal(
  tables: readonly string[],
  seen: readonly SeenLetters[],
  changes: readonly StateStep[],
): Healing[] {
  const openSince = new Map<string, string>();
  const took = new Map<string, number[]>();
  const older = new Map<string, number>();
  for (const { table, date, from, to, at } of changes) {
    // A run is at it: neither the end of a gap nor the beginning of one.
    if (to === "running") continue;
    const key = cellKey(table, date);
    const since = openSince.get(key);
    if (NEEDS_WORK.has(to)) {
      if (since === undefined && !NEEDS_WORK.has(from) && from !== "running") openSince.set(key, at);
      continue;
    }
    openSince.delete(key);
    if (to !== "complete") continue;
    if (since !== undefined)
      entryOf(took, table, () => [] as number[]).push((Date.parse(at) - Date.parse(since)) / 1000);
    else if (NEEDS_WORK.has(from) || from === "running") older.set(table, (older.get(table) ?? 0) + 1);
  }
  const open = [...statesNow(seen)].filter(([, state]) => NEEDS_WORK.has(state)).map(([key]) => key);
  return tables.map((table) => {
    const own = took.get(table) ?? [];
    const left = open.filter((key) => key.slice(0, -11) === table);
    const since = left.flatMap((key) => openSince.get(key) ?? []).sort();
    return {
      table,
      healed: own.length,
      p50: own.length > 0 ? median(own) : null,
      p90: own.length > 0 ? quantile(own, 0.9) : null,
      healedOlder: older.get(table) ?? 0,
      open: left.length,
      openSince: since[0] ?? null,
    };
  });
}
