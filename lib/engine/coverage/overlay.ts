import type { Acceptance, Cell } from "../../api/coverage";
import { type Reason, reason } from "./reasons";
import { type CellState, cellKey, isOutdated, STATES, statesNeedWork } from "./types";

export interface RunOverlay {
  running: ReadonlySet<string>;
  /** Cell key to the error of its last run, where that failed; null where none is recorded. */
  failed: ReadonlyMap<string, string | null>;
  /** Cell key to the run that built it with pre-flight skipped. */
  unchecked: ReadonlyMap<string, string>;
}

const withState = (cell: Cell, state: CellState, reason: Reason): Cell => {
  const states = STATES.filter((one) => one === state || (cell.states.includes(one) && one !== "complete"));
  return { ...cell, states, state: states[0] as CellState, reasons: [reason, ...cell.reasons] };
};

/** Cells that can be changed without a change of those that were given: copied at the first one only. */
class Overlaid {
  private own: Map<string, Cell> | undefined;

  constructor(private readonly given: ReadonlyMap<string, Cell>) {}

  get cells(): ReadonlyMap<string, Cell> {
    return this.own ?? this.given;
  }

  set(key: string, cell: Cell): void {
    this.own ??= new Map(this.given);
    this.own.set(key, cell);
  }
}

/** Cells with what runs say of them: the given map, which stays as it is, where they say nothing. */
export function overlayRuns(cells: ReadonlyMap<string, Cell>, runs: RunOverlay): ReadonlyMap<string, Cell> {
  const seen = new Overlaid(cells);
  const change = (key: string, how: (cell: Cell) => Cell) => {
    const cell = seen.cells.get(key);
    const changed = cell && how(cell);
    if (changed && changed !== cell) seen.set(key, changed);
  };
  for (const [key, error] of runs.failed) {
    change(key, (cell) =>
      cell.state === "complete" || cell.state === "not_expected"
        ? cell
        : withState(cell, "failed", reason("run_failed", { error })),
    );
  }
  for (const [key, run] of runs.unchecked) {
    change(key, (cell) =>
      cell.rows > 0 ? { ...cell, reasons: [...cell.reasons, reason("preflight_skipped", { run })] } : cell,
    );
  }
  for (const key of runs.running) change(key, (cell) => withState(cell, "running", reason("running", {})));
  return seen.cells;
}

/** True until the acceptance's expiry date has passed. */
export const isInForce = ({ expires }: Pick<Acceptance, "expires">, today: string): boolean =>
  expires === null || expires >= today;

/** States that an accepted hole explains in the cells that read it. */
const EXPLAINED: ReadonlySet<CellState> = new Set(["tainted", "blocked", "missing", "outdated"]);

/** True where a cell has its state of what it reads alone. */
const isOfInputs = ({ reasons }: Cell) =>
  !reasons.some(({ code }) => code === "model_changed" || code === "invalidated");

/** What an acceptance may be of: a gap where the cell needs work, or the age of its rows. */
export const acceptable = (cell: Cell): Acceptance["accepts"] | null =>
  statesNeedWork(cell.states) ? "gap" : isOutdated(cell) ? "outdated" : null;

/**
 * Marks cells whose gap somebody has accepted, and those that need work for accepted gaps
 * alone, back along their causes. `cells` come in an order in which inputs go first. States
 * stay: an accepted gap is still a gap, but nobody is asked to do anything about it. The
 * given map, which stays as it is, where nothing is accepted.
 */
export function overlayAccepted(
  cells: ReadonlyMap<string, Cell>,
  acceptances: readonly Acceptance[],
  today: string,
): ReadonlyMap<string, Cell> {
  const seen = new Overlaid(cells);
  for (const one of acceptances) {
    for (const [date, rows] of Object.entries(one.cells)) {
      const key = cellKey(one.table, date);
      const cell = seen.cells.get(key);
      if (!cell || !isInForce(one, today) || cell.rows !== rows || acceptable(cell) !== one.accepts) continue;
      seen.set(key, { ...cell, accepted: { id: one.id, by: one.by, reason: one.reason, expires: one.expires } });
    }
  }
  if (seen.cells === cells) return cells;
  for (const [key, cell] of seen.cells) {
    // A source that is short explains no state of rows that are there.
    const causes = cell.causes.filter(({ edge }) => edge !== "raw" || cell.rows === 0);
    if (cell.accepted || causes.length === 0 || acceptable(cell) === null) continue;
    if (!cell.states.every((state) => EXPLAINED.has(state)) || !isOfInputs(cell)) continue;
    let first: Cell["accepted"];
    const all = causes.every((cause) =>
      cause.dates.every((date) => {
        const accepted = seen.cells.get(cellKey(cause.table, date))?.accepted;
        first ??= accepted;
        return accepted !== undefined;
      }),
    );
    if (all && first) seen.set(key, { ...cell, accepted: { ...first, inherited: true } });
  }
  return seen.cells;
}
