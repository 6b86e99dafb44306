import { type Acceptance, isInForce } from "./accepted";
import { type Cell, type CellState, cellKey, STATES, statesNeedWork } from "./types";

/** What the run history adds to the data: cells that a run is at, and those whose last run failed. */
export interface RunOverlay {
  running: ReadonlySet<string>;
  /** Cell key to the error of its last run, where that failed. */
  failed: ReadonlyMap<string, string>;
  /** Cell key to the run that built it with pre-flight skipped. */
  unchecked: ReadonlyMap<string, string>;
}

const withState = (cell: Cell, state: CellState, reason: string): Cell => {
  const states = STATES.filter((one) => one === state || (cell.states.includes(one) && one !== "complete"));
  return { ...cell, states, state: states[0] as CellState, reasons: [reason, ...cell.reasons] };
};

/** Cells with what runs say of them; the given map stays as it is. */
export function overlayRuns(cells: ReadonlyMap<string, Cell>, runs: RunOverlay): Map<string, Cell> {
  const seen = new Map(cells);
  const change = (key: string, how: (cell: Cell) => Cell) => {
    const cell = seen.get(key);
    if (cell) seen.set(key, how(cell));
  };
  for (const [key, error] of runs.failed) {
    change(key, (cell) =>
      cell.state === "complete" || cell.state === "no_games"
        ? cell
        : withState(cell, "failed", `The last run failed: ${error}`),
    );
  }
  for (const [key, run] of runs.unchecked) {
    change(key, (cell) =>
      cell.rows > 0 ? { ...cell, reasons: [...cell.reasons, `Built by run ${run} with pre-flight skipped.`] } : cell,
    );
  }
  for (const key of runs.running) change(key, (cell) => withState(cell, "running", "A run is at this cell."));
  return seen;
}

/** States that an accepted hole explains in the cells that read it. */
const EXPLAINED: ReadonlySet<CellState> = new Set(["tainted", "blocked", "missing"]);

/**
 * Marks cells whose gap somebody has accepted, and those that need work for accepted gaps
 * alone, back along their causes. `cells` come in an order in which inputs go first. States
 * stay: an accepted gap is still a gap, but nobody is asked to do anything about it.
 */
export function overlayAccepted(
  cells: ReadonlyMap<string, Cell>,
  acceptances: readonly Acceptance[],
  today: string,
): Map<string, Cell> {
  const seen = new Map(cells);
  let some = false;
  for (const one of acceptances) {
    for (const [date, rows] of Object.entries(one.cells)) {
      const key = cellKey(one.table, date);
      const cell = seen.get(key);
      if (!cell || !isInForce(one, today) || cell.rows !== rows || !statesNeedWork(cell.states)) continue;
      seen.set(key, { ...cell, accepted: { id: one.id, by: one.by, reason: one.reason, expires: one.expires } });
      some = true;
    }
  }
  if (!some) return seen;
  for (const [key, cell] of seen) {
    if (cell.accepted || cell.causes.length === 0 || !statesNeedWork(cell.states)) continue;
    if (!cell.states.every((state) => EXPLAINED.has(state))) continue;
    let first: Cell["accepted"];
    const all = cell.causes.every((cause) =>
      cause.dates.every((date) => {
        const accepted = seen.get(cellKey(cause.table, date))?.accepted;
        first ??= accepted;
        return accepted !== undefined;
      }),
    );
    if (all && first) seen.set(key, { ...cell, accepted: { ...first, inherited: true } });
  }
  return seen;
}
