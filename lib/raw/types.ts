import type { Column } from "../columns";

/** A raw table: written by importers and other programs, read by the models. */
export interface RawTable {
  name: string;
  dataset: "nba_raw";
  about: string;
  dateColumn: string;
  /** Columns that identify a row; the newest processed_at of a grain key wins. */
  grain: string[];
  /** All columns but processed_at, which every raw table has. */
  columns: Column[];
  /** Columns that a file must bring for this table to be recognised and loaded. */
  required: string[];
}
