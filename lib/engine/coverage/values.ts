import type { Column } from "../pipeline/columns";
import type { Check } from "../pipeline/types";

/** What the rows of a table or source hold on one date. */
export interface ValueFacts {
  rows: number;
  /** Rows that break each declared check, in the definition's order; null where it was not judged. */
  failed: ReadonlyArray<number | null>;
  /** Rows that each of them speaks of: those that its `where` lets through; all where it is absent. */
  judged?: readonly number[];
  /** In the order of the table's columns. */
  columns: readonly ColumnFigures[];
}

interface ColumnFigures {
  nulls: number;
  /** Of numbers only. */
  zeros: number | null;
  /** All rows that have a value have the same: of FLOAT64 any, of INT64 zero, of other types it is not asked for. */
  isConstant: boolean;
}

/** What is looked at of a table or source: its columns but the date's, and its checks. */
export interface Valued {
  columns: readonly Column[];
  dateColumn: string;
  checks?: readonly Check[];
}

export const isNumber = ({ type }: Pick<Column, "type">): boolean => type === "INT64" || type === "FLOAT64";
/** A column of which lowest and highest value are asked for: of all columns they would double what a scan costs. */
export const isMeasure = ({ type }: Pick<Column, "type">): boolean => type === "FLOAT64";

/** Figures of a row of valuesSql, which are read when somebody asks for them: most columns of most dates are not. */
class Figures implements ValueFacts {
  readonly failed: number[] = [];
  readonly judged: number[] = [];
  private readonly rest: string;

  constructor(
    private readonly of: Valued,
    readonly rows: number,
    text: string,
  ) {
    let at = 0;
    const next = (): number => {
      const end = text.indexOf(",", at);
      const number = Number(text.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? text.length : end + 1;
      return number;
    };
    for (const { where } of of.checks ?? []) {
      this.failed.push(next());
      this.judged.push(where === undefined ? rows : next());
    }
    this.rest = text.slice(at);
  }

  get columns(): ColumnFigures[] {
    const numbers = this.rest.split(",");
    let at = 0;
    return this.of.columns.map((column) => {
      if (column.name === this.of.dateColumn) return { nulls: 0, zeros: null, isConstant: false };
      const nulls = Number(numbers[at++]);
      const zeros = isNumber(column) ? Number(numbers[at++]) : null;
      const isZero = nulls < this.rows && zeros === this.rows - nulls;
      return { nulls, zeros, isConstant: isMeasure(column) ? numbers[at++] === "1" : isZero };
    });
  }
}

/** What valuesOf has found of a date's rows. */
export const valueFacts = (of: Valued, rows: number, text: string): ValueFacts =>
  // A list, without its brackets.
  new Figures(of, rows, text.slice(1, -1));
