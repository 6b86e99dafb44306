/** What the browser knows of a table: no SQL, no job, no address of one. */
export interface TableManifest {
  /** Short name, as operators use it. */
  id: string;
  /** Full table name. */
  name: string;
  description: string;
  phase: 3 | 4 | null;
  /** Columns that identify a row. */
  grain: readonly string[];
  /** How many rows are expected, in words. */
  expects: string;
  inputs: ReadonlyArray<{ table: string; edge: "same-date" | "gate" | "lookback" }>;
  /** Ids of the tables that it reads or waits for, and of those that do so with it. */
  upstream: readonly string[];
  downstream: readonly string[];
}

/** The pipeline as plain JSON, for the browser. */
export interface PipelineManifest {
  /** In the order in which the grid shows them. */
  tables: readonly TableManifest[];
}
