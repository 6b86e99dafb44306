import { z } from "zod";
import { isDate } from "./dates";
import { findProcessor, PROCESSORS } from "./processors";

/** A real calendar date YYYY-MM-DD. */
export const dateSchema = z.string().refine(isDate, { message: "must be a date YYYY-MM-DD" });

/** A derived table by short or full name, given back as its short name. */
export const tableSchema = z
  .string()
  .refine((name) => findProcessor(name) !== undefined, {
    message: `must be one of ${PROCESSORS.map((one) => one.short).join(", ")}`,
  })
  .transform((name) => findProcessor(name)?.short as string);

/** Start and end of a range, in order. */
export const rangeSchema = z
  .object({ start: dateSchema, end: dateSchema })
  .refine((range) => range.start <= range.end, {
    message: "the range is empty: its start is after its end",
    path: ["start"],
  });

/** What a backfill is asked to do, as the page, the API and the command line send it. */
export const planRequestSchema = z
  .object({
    tables: z
      .array(tableSchema)
      .min(1)
      .default(PROCESSORS.map((one) => one.short)),
    start: dateSchema,
    end: dateSchema,
    dates: z.array(dateSchema).min(1).optional(),
    cells: z
      .array(z.object({ table: tableSchema, date: dateSchema }))
      .min(1)
      .optional(),
    only: z.enum(["missing", "bad", "all"]).default("bad"),
    upstream: z.boolean().default(true),
    downstream: z.boolean().default(true),
  })
  .refine((range) => range.start <= range.end, {
    message: "the range is empty: its start is after its end",
    path: ["start"],
  });

/** Options of a run; all off by default. */
const runOptionsSchema = z.object({
  stopOnFailure: z.boolean().default(false),
  skipPreflight: z.boolean().default(false),
  skipDependencyCheck: z.boolean().default(false),
  production: z.boolean().default(false),
});

/** Launching a plan by its id. */
export const launchSchema = z.object({ planId: z.string().min(1), options: runOptionsSchema.prefault({}) });
