/** What the rows of a table or source hold on one date. */
export interface ValueFacts {
  rows: number;
  /** Rows that break each declared check, in the definition's order; null where it was not judged. */
  failed: ReadonlyArray<number | null>;
  /** In the order of the table's columns. */
  columns: readonly ColumnFigures[];
}

interface ColumnFigures {
  nulls: number;
  /** Of numbers only. */
  zeros: number | null;
  /** All rows that have a value have the same. */
  isConstant: boolean;
}
