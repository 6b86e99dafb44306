import type { CatalogTable, DateFigures, KeyFigures } from "@/lib/connect/propose";

/** What is asked of tables that are there, whatever engine has them. Nothing of it writes. */
export interface Catalog {
  tables(): Promise<CatalogTable[]>;
  /** Rows in all, and what the columns that may be the date hold. */
  dates(table: CatalogTable, candidates: readonly string[]): Promise<{ rows: number; figures: DateFigures[] }>;
  /** Rows of the last dates, and how many different values each combination of columns has in them. */
  keys(table: CatalogTable, dateColumn: string, candidates: readonly string[][]): Promise<KeyFigures>;
  close(): Promise<void>;
}
