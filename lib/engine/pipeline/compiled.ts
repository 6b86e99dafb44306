import type { ValuesSql } from "../coverage/values-sql";
import type { Expected, Job, Source, Table } from "./types";

/** A table as the program works with it. */
interface Common extends Omit<Table, "expected"> {
  /** How many rows belong to a date: in words, as a query of (d, n) where there is one, and as it was written. */
  expected: { words: string; sql: string | null; countsPossible?: true; rule: Expected };
  /** What its rows hold is counted beside them. */
  values: ValuesSql;
}

interface ModelProcessor extends Common {
  sql: string;
  /** What its rows are marked with: another one when the model gives other rows. Without it nobody says so. */
  modelVersion?: string;
  job?: never;
  observed?: never;
}

export interface JobProcessor extends Common {
  sql?: never;
  job: Job;
  observed?: never;
}

/** A table that another program writes: the grid shows it, nothing here ever writes it. Its job has that program do so. */
export interface ObservedProcessor extends Common {
  sql?: never;
  job?: Job;
  observed: { by: string; builtAt: string | null };
}

/** A table that a job makes, or has another program make. */
export type TableWithJob = JobProcessor | (ObservedProcessor & { job: Job });

/** One table of a pipeline, made by a model, by a job, or by another program. */
export type Processor = ModelProcessor | JobProcessor | ObservedProcessor;

/** A source as the program works with it. */
export interface CompiledSource extends Source {
  name: string;
  values: ValuesSql;
  /** As what its job loads: a table of another program, which reads nothing. */
  loader?: TableWithJob;
}
