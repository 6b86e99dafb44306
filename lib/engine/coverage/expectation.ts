import type { Cell } from "../../api/coverage";
import type { Pipeline } from "../pipeline/compile";
import type { Processor } from "../pipeline/compiled";
import { readersOf } from "../pipeline/find";
import { Baseline, type Usual } from "./baseline";
import { isDueState } from "./cell-states";
import { type CoverageFacts, DEFECTS, isDefect } from "./types";

/** How many rows belong to a cell: fewer than `atLeast` are too few, more than `atMost` too many. */
export interface Expectation {
  /** Null where nobody can say. */
  rows: number | null;
  atLeast: number;
  atMost: number;
  /** False where `rows` may only mean that what is counted is not known. */
  isKnown: boolean;
}

const UNKNOWN: Expectation = { rows: null, atLeast: 0, atMost: Number.POSITIVE_INFINITY, isKnown: false };
const exactly = (rows: number, isKnown = true): Expectation => ({ rows, atLeast: rows, atMost: rows, isKnown });

/** True of a table of which nobody says how many rows belong: what is usual was learned, and condemns no reader. */
const isLearned = ({ expected: { rule } }: Processor): boolean => typeof rule === "object" && "baseline" in rule;

/**
 * True where rows are there and are wrong in nothing but that their number, or what they hold, is not usual: what was
 * learned condemns no reader.
 */
export function isUnusual(
  table: Processor,
  { rows, states, checks }: Pick<Cell, "rows" | "states" | "checks">,
): boolean {
  const isDoubt = (state: Cell["state"]) =>
    state === "invalid"
      ? checks.every((check) => check.isLearned || check.level === "warn")
      : (state === "partial" || state === "surplus") && isLearned(table);
  const defects = states.filter((state) => DEFECTS.has(state));
  return rows > 0 && defects.length > 0 && defects.every(isDoubt);
}

/** True where what is usual of some table or source, rows or values, is learned, and accepted gaps say what that is. */
export const hasBaselines = ({ tables, sources }: Pick<Pipeline, "tables" | "sources">): boolean =>
  tables.some((table) => isLearned(table) || table.learn !== false) ||
  sources.some(({ expected }) => expected !== undefined);

/** What is expected of the dates of one table, which are asked for in ascending order. */
export class Expectations {
  private readonly baseline: Baseline | undefined;

  constructor(
    private readonly table: Processor,
    private readonly facts: CoverageFacts,
  ) {
    const { rule } = table.expected;
    if (typeof rule === "object" && "baseline" in rule) this.baseline = new Baseline(rule.baseline);
  }

  /** `cellOf` gives the cell of another table on the date, of those that come before in the graph. */
  of(date: string, cellOf: (table: string) => Cell | undefined): Expectation {
    const { id, expected } = this.table;
    if (expected.sql !== null) {
      const rows = this.facts.expected.get(id)?.get(date) ?? 0;
      return exactly(rows, rows > 0);
    }
    if (this.baseline) {
      const usual = this.baseline.of(date);
      return usual ? { ...usual, isKnown: true } : UNKNOWN;
    }
    const { rule } = expected;
    if (typeof rule === "object" && "rows" in rule) return exactly(rule.rows, rule.rows > 0);
    const other = typeof rule === "object" && "sameAs" in rule ? cellOf(rule.sameAs) : undefined;
    return other && !isDefect(other) && other.state !== "pending" ? exactly(other.distinct) : UNKNOWN;
  }

  /** Takes in a cell whose rows are those that belong, or that somebody has accepted in their place. */
  learn(cell: Cell): void {
    if (!this.baseline || !isDueState(cell.state)) return;
    const { table, date, rows, distinct, states } = cell;
    if (!isDefect(cell)) this.baseline.learn(date, distinct);
    else if (this.facts.accepted?.get(table)?.get(date) === rows && states.some((state) => MISCOUNTED.has(state)))
      this.baseline.rebase(date, distinct);
  }
}

/** Defects that a baseline finds. */
const MISCOUNTED: ReadonlySet<Cell["state"]> = new Set(["missing", "partial", "surplus"]);

type UsualOn = ReadonlyMap<string, ReadonlyMap<string, Usual>>;

/** What has been worked out of facts, which do not change once they are read: states and sources ask for the same. */
const known = new WeakMap<CoverageFacts, { today: string; usual: UsualOn }>();

/** What is usual on each date that has passed of the sources that are judged by it; nothing of a date of which none can say. */
export function usualOfSources(facts: CoverageFacts, today: string): UsualOn {
  const found = known.get(facts);
  if (found?.today === today) return found.usual;
  const usual = workOut(facts, today);
  known.set(facts, { today, usual });
  return usual;
}

function workOut(facts: CoverageFacts, today: string): UsualOn {
  const dates = [...facts.dates.keys()].filter((date) => date < today).sort();
  const judged = facts.pipeline.sources.flatMap(({ id, expected }) => (expected ? [{ id, expected }] : []));
  // Who accepts the gap of a table accepts what its sources have of the date.
  const isAccepted = (source: string, date: string) =>
    facts.accepted !== undefined &&
    readersOf(facts.pipeline, source).some(({ id }) => facts.accepted?.get(id)?.get(date) !== undefined);
  return new Map(
    judged.map(({ id, expected }) => {
      const baseline = new Baseline(expected.baseline);
      const usualOn = new Map<string, Usual>();
      for (const date of dates) {
        const usual = baseline.of(date);
        const rows = facts.raw.get(id)?.get(date)?.rows ?? 0;
        if (usual) usualOn.set(date, usual);
        if (!usual || (rows >= usual.atLeast && rows <= usual.atMost)) baseline.learn(date, rows);
        else if (isAccepted(id, date)) baseline.rebase(date, rows);
      }
      return [id, usualOn];
    }),
  );
}
