import type { Cause, Cell, Finding } from "../../api/coverage";
import { checkReason } from "../checks/findings";
import { type ParamsOf, type Reason, type ReasonCode, reason } from "./reasons";
import { type CellState, STATES, type TableFacts } from "./types";

const NOTHING: TableFacts = { rows: 0, distinct: 0, copies: 0, oldest: null, newest: null };
const RANK = new Map(STATES.map((state, index) => [state, index]));
const rankOf = (state: CellState | "note") => (state === "note" ? STATES.length : (RANK.get(state) as number));

/** What most cells are; one list for all of them. */
const COMPLETE: readonly CellState[] = ["complete"];
const NO_REASONS: readonly Reason[] = [];
const NO_CHECKS: Cell["checks"] = [];

export class CellDraft {
  readonly counts: TableFacts;
  private readonly states: CellState[] = [];
  /** Reasons with the state that they explain; notes explain none. */
  private readonly reasons: Array<[CellState | "note", Reason]> = [];
  readonly causes: Cause[] = [];
  expected: number | null = null;
  rawShort = false;
  checks: Cell["checks"] = NO_CHECKS;

  constructor(
    private readonly id: string,
    readonly date: string,
    counts: TableFacts | undefined,
  ) {
    this.counts = counts ?? NOTHING;
  }

  /** Notes a state, which one reason or more explain. */
  add<Code extends ReasonCode>(state: CellState, code: Code, params: ParamsOf<Code>): void {
    this.mark(state);
    this.explain(state, code, params);
  }

  /** Notes a state that other reasons explain. */
  mark(state: CellState): void {
    if (!this.states.includes(state)) this.states.push(state);
  }

  has(state: CellState): boolean {
    return this.states.includes(state);
  }

  /** Adds a reason to a state that the cell has, or may come to have. */
  explain<Code extends ReasonCode>(state: CellState | "note", code: Code, params: ParamsOf<Code>): void {
    this.reasons.push([state, reason(code, params)]);
  }

  note<Code extends ReasonCode>(code: Code, params: ParamsOf<Code>): void {
    this.explain("note", code, params);
  }

  /** Duplicated, where a grain key is there more than once. */
  countCopies(): void {
    const { rows, distinct, copies } = this.counts;
    if (rows > distinct) this.add("duplicated", "copies", { rows, distinct, copies });
  }

  /** Invalid, where rows do not pass a check that is no mere warning. */
  judgeValues(findings: readonly Finding[]): void {
    if (this.counts.rows === 0 || findings.length === 0) return;
    this.checks = findings;
    for (const finding of findings) {
      const isFault = finding.level === "fail";
      if (isFault) this.mark("invalid");
      this.reasons.push([isFault ? "invalid" : "note", checkReason(finding)]);
    }
  }

  /** The cell, its states and reasons worst first; complete where nothing was found. */
  toCell(): Cell {
    const { counts, date } = this;
    const states = this.states.length > 0 ? this.states.sort((a, b) => rankOf(a) - rankOf(b)) : COMPLETE;
    const reasons = this.reasons.sort((a, b) => rankOf(a[0]) - rankOf(b[0]));
    return {
      table: this.id,
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
      checks: this.checks,
      oldest: counts.oldest,
      newest: counts.newest,
    };
  }
}
