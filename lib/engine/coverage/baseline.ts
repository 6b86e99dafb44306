import { weekday } from "../../util/dates";
import type { BaselineOptions } from "../pipeline/types";

/** Like dates that are looked at, the latest of them, and the fewest that say anything. */
const LIKE_DATES = 8;
const FEWEST = 4;
const PARTIAL_BELOW = 0.5;
const SURPLUS_ABOVE = 2;

/** A product that should be whole may miss it by a hair: 1.15 times 100 is below 115. */
const exact = (product: number) => Number(product.toFixed(9));

/** What is usual on a date like this one, in rows. */
export interface Usual {
  /** The median of the like dates, as a whole number. */
  rows: number;
  /** Fewer rows are too few, more are too many. */
  atLeast: number;
  atMost: number;
}

/**
 * How many rows belong to a date, of a table of which nobody can say: as many as like dates have, those of the same
 * weekday before it. Dates are asked for and learned in ascending order, so that what is said of a date never depends on
 * a later one. Only dates that are complete may be learned: a defect that was learned would become what is usual.
 */
export class Baseline {
  /** Rows of the last like dates, by weekday, oldest first. */
  private readonly rows = new Map<string, number[]>();
  private readonly partialBelow: number;
  private readonly surplusAbove: number;

  constructor({ partialBelow = PARTIAL_BELOW, surplusAbove = SURPLUS_ABOVE }: BaselineOptions = {}) {
    this.partialBelow = partialBelow;
    this.surplusAbove = surplusAbove;
  }

  /**
   * What is usual on a date; null where fewer than four like dates are known. Where nothing is usual (a weekday on which
   * nothing is made) any number of rows is right: a share of nothing has no meaning.
   */
  of(date: string): Usual | null {
    const like = this.rows.get(weekday(date));
    if (!like || like.length < FEWEST) return null;
    const median = medianOf(like);
    return {
      rows: Math.round(median),
      atLeast: Math.ceil(exact(median * this.partialBelow)),
      atMost: median === 0 ? Number.POSITIVE_INFINITY : Math.floor(exact(median * this.surplusAbove)),
    };
  }

  /** Begins again with rows that are not usual and that somebody has accepted: like dates before them say nothing any more. */
  rebase(date: string, rows: number): void {
    this.rows.set(weekday(date), [rows]);
  }

  /** Takes in the rows of a complete date. */
  learn(date: string, rows: number): void {
    const like = this.rows.get(weekday(date)) ?? [];
    this.rows.set(weekday(date), [...like, rows].slice(-LIKE_DATES));
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 > 0 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
