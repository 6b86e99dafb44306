import type { Cause, Cell } from "../../api/coverage";
import { type CellState, STATES, type TableFacts } from "./types";

const NOTHING: TableFacts = { rows: 0, distinct: 0, copies: 0, oldest: null, newest: null };
const TIMES = ["no times", "once", "twice", "three times", "four times", "five times"];
const RANK = new Map(STATES.map((state, index) => [state, index]));
const rankOf = (state: CellState | "note") => (state === "note" ? STATES.length : (RANK.get(state) as number));

export const plural = (n: number, one: string) => `${n.toLocaleString("en-US")} ${one}${n === 1 ? "" : "s"}`;

/** What most cells are; one list for all of them. */
const COMPLETE: readonly CellState[] = ["complete"];
const NO_REASONS: readonly string[] = [];

export class CellDraft {
  readonly counts: TableFacts;
  private readonly states: CellState[] = [];
  /** Reasons with the state that they explain; notes explain none. */
  private readonly reasons: Array<[CellState | "note", string]> = [];
  readonly causes: Cause[] = [];
  expected: number | null = null;
  rawShort = false;

  constructor(
    private readonly short: string,
    readonly date: string,
    counts: TableFacts | undefined,
  ) {
    this.counts = counts ?? NOTHING;
  }

  /** Notes a state, which one reason or more explain. */
  add(state: CellState, reason?: string): void {
    if (!this.states.includes(state)) this.states.push(state);
    if (reason !== undefined) this.explain(state, reason);
  }

  has(state: CellState): boolean {
    return this.states.includes(state);
  }

  /** Adds a reason to a state that the cell has, or may come to have. */
  explain(state: CellState, reason: string): void {
    this.reasons.push([state, reason]);
  }

  note(reason: string): void {
    this.reasons.push(["note", reason]);
  }

  /** Duplicated, where a grain key is there more than once. */
  countCopies(): void {
    const { rows, distinct, copies } = this.counts;
    if (rows <= distinct) return;
    const every = rows === distinct * copies;
    const often = TIMES[copies] ?? `${copies} times`;
    this.add(
      "duplicated",
      every
        ? `Every row is there ${often}: ${plural(rows, "row")}, ${distinct} different ones.`
        : `${plural(rows - distinct, "row")} too many: some are there ${often}.`,
    );
  }

  /** The cell, its states and reasons worst first; complete where nothing was found. */
  toCell(): Cell {
    const { counts, date } = this;
    const states = this.states.length > 0 ? this.states.sort((a, b) => rankOf(a) - rankOf(b)) : COMPLETE;
    const reasons = this.reasons.sort((a, b) => rankOf(a[0]) - rankOf(b[0]));
    return {
      table: this.short,
      date,
      rows: counts.rows,
      distinct: counts.distinct,
      copies: counts.copies,
      expected: this.expected,
      state: states[0] as CellState,
      states,
      reasons: reasons.length > 0 ? reasons.map(([, reason]) => reason) : NO_REASONS,
      causes: this.causes,
      rawShort: this.rawShort,
      oldest: counts.oldest,
      newest: counts.newest,
    };
  }
}
