import type { Cell, Summary } from "../../api/coverage";
import type { StateChange } from "../../api/runs";
import { addDays } from "../../util/dates";
import { type CellState, type CoverageFacts, needsWork, STATES } from "./types";

/** What is counted of some epochs, so that counts of several can be put together. */
export interface Tally extends Omit<Summary, "safeThrough"> {
  /** First date of the epochs that is known, and first that needs work; null where none is. */
  firstKnown: string | null;
  firstBad: string | null;
}

const earlier = (a: string | null, b: string | null) => (a === null || (b !== null && b < a) ? b : a);

/** Counts some dates of the grid, which are cut out of all of `facts` and `cells`. */
export function tally(
  facts: Pick<CoverageFacts, "dates">,
  cells: ReadonlyMap<string, Cell>,
  dates: ReadonlyArray<{ units: number; cells: Record<string, Cell> }>,
  tables: readonly string[],
): Tally {
  const counts: Tally["counts"] = {};
  const worst: Tally["worst"] = {};
  let [datesToDo, accepted, units, datesDue] = [0, 0, 0, 0];
  for (const date of dates) {
    const own = Object.values(date.cells);
    units += date.units;
    if (date.units > 0 || own.some((cell) => cell.state !== "not_expected")) datesDue++;
    const toDo: Cell[] = [];
    for (const cell of own) {
      if (cell.accepted) accepted++;
      else counts[cell.state] = (counts[cell.state] ?? 0) + 1;
      if (needsWork(cell)) toDo.push(cell);
    }
    if (toDo.length === 0) continue;
    datesToDo++;
    const state = STATES.find((one) => toDo.some((cell) => cell.state === one)) as CellState;
    worst[state] = (worst[state] ?? 0) + 1;
  }
  const wanted = new Set(tables);
  let firstBad: string | null = null;
  for (const cell of cells.values())
    if (wanted.has(cell.table) && needsWork(cell)) firstBad = earlier(firstBad, cell.date);
  let firstKnown: string | null = null;
  for (const date of facts.dates.keys()) firstKnown = earlier(firstKnown, date);
  return { counts, accepted, worst, units, datesDue, datesToDo, firstKnown, firstBad };
}

export function joinTallies(parts: readonly Tally[]): Tally {
  const all = tally({ dates: new Map() }, new Map(), [], []);
  for (const part of parts) {
    for (const name of ["counts", "worst"] as const)
      for (const state of STATES)
        if (part[name][state]) all[name][state] = (all[name][state] ?? 0) + (part[name][state] as number);
    for (const name of ["accepted", "units", "datesDue", "datesToDo"] as const) all[name] += part[name];
    all.firstKnown = earlier(all.firstKnown, part.firstKnown);
    all.firstBad = earlier(all.firstBad, part.firstBad);
  }
  return all;
}

/** What is shown of counts of dates up to `last`. */
export function toSummary({ firstKnown, firstBad, ...counted }: Tally, last: string): Summary {
  const before = firstBad === null || firstBad > last ? last : addDays(firstBad, -1);
  return { ...counted, safeThrough: firstKnown !== null && before >= firstKnown ? before : null };
}

/** Cells by their state before and after, where it changed; the worst before first. */
export function stateChanges(before: ReadonlyMap<string, Cell>, after: ReadonlyMap<string, Cell>): StateChange[] {
  const counts = new Map<string, StateChange>();
  for (const [key, { state: to }] of after) {
    const from = before.get(key)?.state ?? "not_expected";
    // A cell that the run is just leaving is no change.
    if (from === to || to === "running") continue;
    const found = counts.get(`${from} ${to}`) ?? { from, to, cells: 0 };
    found.cells++;
    counts.set(`${from} ${to}`, found);
  }
  const rank = (change: StateChange) => STATES.indexOf(change.from) * STATES.length + STATES.indexOf(change.to);
  return [...counts.values()].sort((a, b) => rank(a) - rank(b));
}
