import type { CatalogTable, DateFigures, KeyFigures, ValueFigures } from "@/lib/connect/propose";

/** What is asked of tables that are there, whatever engine has them. Nothing of it writes. */
export interface Catalog {
  tables(): Promise<CatalogTable[]>;
  /** Rows in all, and what the columns that may be the date hold; both estimated from a sample where it `isSample`. */
  dates(
    table: CatalogTable,
    candidates: readonly string[],
  ): Promise<{ rows: number; figures: DateFigures[]; isSample?: boolean }>;
  /** Rows of the last dates, and how many different values each combination of columns has in them. */
  keys(table: CatalogTable, dateColumn: string, candidates: readonly string[][]): Promise<KeyFigures>;
  /** What columns hold in the same rows; without it no checks are proposed. */
  values?(table: CatalogTable, dateColumn: string, columns: readonly string[]): Promise<ValueFigures>;
  /** Tables that it looks at at once; one after another where it does not say. */
  readonly parallel?: number;
  close(): Promise<void>;
}
