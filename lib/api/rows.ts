import { z } from "zod";
import { byName, count, type Value } from "./common";

export const value: z.ZodType<Value> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(value)]),
);
/** Rows, columns by name; a date as YYYY-MM-DD. */
export const rows = z.array(z.record(z.string(), value));

/** What an import did, or would do. */
export const loaded = z.strictObject({
  /** Different rows of the files, by raw table. */
  tables: byName,
  /** Lines that repeat another's key, read once, by raw table. */
  duplicates: byName,
  /** Rules of the raw data that rows break. */
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      table: z.string(),
      count,
      /** Places in the files, or keys where rows were made of several lines. */
      examples: z.array(z.string()),
    }),
  ),
  /** Rows that were new or changed, by raw table; absent in a dry run. */
  written: byName.optional(),
  warnings: z.array(z.string()),
});

/** Uploaded files, checked but not loaded. */
export const upload = loaded.extend({
  id: z.string(),
  files: z.array(z.string()),
  /** The first rows of each table as they would be loaded. */
  preview: z.record(z.string(), rows),
});

export type Loaded = z.output<typeof loaded>;
export type Upload = z.output<typeof upload>;
