import type { Column } from "../pipeline/columns";
import type { Check } from "../pipeline/types";

/** What the rows of a table or source hold on one date. */
export interface ValueFacts {
  rows: number;
  /** Rows that break each declared check, in the definition's order; null where it was not judged. */
  failed: ReadonlyArray<number | null>;
  /** Rows that each of them speaks of: those that its `where` lets through; all where it is absent. */
  judged?: readonly number[];
  /** In the order of the table's columns; absent where they were not looked at, or one was not. */
  columns?: ReadonlyArray<ColumnFigures | undefined>;
}

export interface ColumnFigures {
  nulls: number;
  /** Of numbers only. */
  zeros: number | null;
  /** All rows that have a value have the same: of FLOAT64 any, of INT64 zero, of other types it is not asked for. */
  isConstant: boolean;
  /** Of FLOAT64 the highest value, where most are at it or near it; null where they are spread. */
  ceiling: number | null;
}

/** All columns but the date's are looked at, and arrays: to find one that is NULL all that is in them is read. */
export const isLookedAt = ({ name, type }: Column, dateColumn: string): boolean =>
  name !== dateColumn && !type.startsWith("ARRAY");
export const isNumber = ({ type }: Pick<Column, "type">): boolean => type === "INT64" || type === "FLOAT64";
/** A column of which highest and mean value are asked for: of all columns they would double what a scan costs. */
export const isMeasure = ({ type }: Pick<Column, "type">): boolean => type === "FLOAT64";

/** A list in JSON, without its brackets; null is NaN. */
const numbersOf = (list: string): number[] =>
  list.split(",").map((text) => (text === "null" ? Number.NaN : Number(text)));

/** What the figures of declared checks, as valuesSql gives them, say of a date's rows. */
export function valueFacts(checks: readonly Check[], rows: number, text: string): ValueFacts {
  const numbers = numbersOf(text.slice(1, -1));
  const [failed, judged]: [number[], number[]] = [[], []];
  let at = 0;
  for (const { where } of checks) {
    failed.push(numbers[at++] as number);
    judged.push(where === undefined ? rows : (numbers[at++] as number));
  }
  return { rows, failed, judged };
}

/** The mean of equal values is what they are, but for rounding. */
const ROUNDING = 1e-9;
/** The mean of values most of which are at their highest one is no further below it than so much of it. */
const NEAR = 0.05;

/** What columnFigures has found of the columns of a date's rows, in their order. */
export function columnFacts(
  columns: readonly Column[],
  dateColumn: string,
  rows: number,
  text: string,
): Array<ColumnFigures | undefined> {
  const [counts = [], means = []] = text.slice(1, -1).split("][").map(numbersOf);
  let [at, measure] = [0, 0];
  return columns.map((column) => {
    if (!isLookedAt(column, dateColumn)) return undefined;
    const nulls = counts[at++] as number;
    const zeros = isNumber(column) ? (counts[at++] as number) : null;
    if (!isMeasure(column)) return { nulls, zeros, isConstant: nulls < rows && zeros === rows - nulls, ceiling: null };
    const [highest = Number.NaN, mean = Number.NaN] = [means[measure++], means[measure++]];
    const isWithin = (share: number) => highest - mean <= share * Math.abs(highest);
    return { nulls, zeros, isConstant: isWithin(ROUNDING), ceiling: isWithin(NEAR) ? highest : null };
  });
}
