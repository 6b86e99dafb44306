import { z } from "zod";
import type { Pipeline } from "../engine/pipeline/compile";
import { findTable } from "../engine/pipeline/find";
import { isDate } from "../util/dates";

/** A real calendar date YYYY-MM-DD. */
export const dateSchema = z.string().refine(isDate, { message: "must be a date YYYY-MM-DD" }).meta({ format: "date" });

const isInOrder = ({ start, end }: { start: string; end: string }) => start <= end;
const EMPTY = { message: "the range is empty: its start is after its end", path: ["start"] };

/** Start and end of a range, in order. */
export const rangeSchema = z.object({ start: dateSchema, end: dateSchema }).refine(isInOrder, EMPTY);

/**
 * Requests that name tables, by what a table's name must be, and that of what a plan makes; `all`: the tables of a request
 * that names none.
 */
function requests(table: z.ZodType<string, string>, all: string[], made = table) {
  const cells = z.array(z.object({ table, date: dateSchema }));

  /** What a backfill is asked to do, as the page, the API and the command line send it. */
  const planRequest = z
    .object({
      tables: z.array(made).min(1).default(all),
      start: dateSchema,
      end: dateSchema,
      /** Only these dates of the range, when given. */
      dates: z.array(dateSchema).min(1).optional(),
      /** Only these cells, when given: a selection in the grid. */
      cells: cells.min(1).optional(),
      /** Cells that somebody has taken out of the plan. */
      without: cells.optional(),
      only: z.enum(["missing", "bad", "outdated", "all"]).default("bad"),
      upstream: z.boolean().default(true),
      downstream: z.boolean().default(true),
    })
    .refine(isInOrder, EMPTY);

  /** Gaps that somebody calls known and not to be recovered. */
  const accept = z.object({
    cells: cells.min(1, "names no cell"),
    reason: z.string().trim().min(3, "say why, in a few words").max(500),
    by: z.string().trim().min(1, "say who you are").max(100),
    expires: dateSchema.nullable().default(null),
  });

  /** One table on one date, or from one date to another. */
  const diffQuery = z
    .object({ table, date: dateSchema.optional(), start: dateSchema.optional(), end: dateSchema.optional() })
    .refine(({ date, start, end }) => (date ? !start && !end : start !== undefined && end !== undefined), {
      message: "name a date, or a start and an end",
      path: ["date"],
    })
    .refine(({ start = "", end = start }) => isInOrder({ start, end }), EMPTY);

  /** A table from one date to another, and one of its columns. */
  const columnsQuery = z
    .object({ table, start: dateSchema, end: dateSchema, column: z.string().min(1).optional() })
    .refine(isInOrder, EMPTY);

  /** One table on one date. */
  const cellQuery = z.object({ table, date: dateSchema });
  /** Rows of a table that were written before a time are outdated. */
  const invalidate = z
    .object({
      table,
      before: z.iso.datetime({ offset: true, message: "must be a time such as 2021-11-03T12:00:00Z" }),
      start: dateSchema.nullable().default(null),
      end: dateSchema.nullable().default(null),
      reason: z.string().trim().min(3, "say why, in a few words").max(500),
      by: z.string().trim().min(1, "say who you are").max(100),
    })
    .refine(({ start, end }) => start === null || end === null || start <= end, EMPTY);

  return { planRequest, accept, invalidate, cellQuery, diffQuery, columnsQuery };
}

/** As they are described where no pipeline is known. */
export const {
  planRequest: planRequestSchema,
  accept: acceptSchema,
  cellQuery,
  diffQuery,
  invalidate: invalidateSchema,
  columnsQuery,
} = requests(z.string(), ["all"]);

const known = new WeakMap<Pipeline, ReturnType<typeof requests>>();

/** The requests of a pipeline: a table by its id or full name, given back as its id. */
export function requestsOf(pipeline: Pipeline): ReturnType<typeof requests> {
  const before = known.get(pipeline);
  if (before) return before;
  const ids = pipeline.tables.map(({ id }) => id);
  const table = z
    .string()
    .refine((name) => findTable(pipeline, name) !== undefined, { message: `must be one of ${ids.join(", ")}` })
    .overwrite((name) => findTable(pipeline, name)?.id ?? name);
  const loaded = pipeline.sources.flatMap(({ id, loader }) => (loader ? [z.literal(id)] : []));
  const found = requests(table, ids, z.union([table, ...loaded]));
  known.set(pipeline, found);
  return found;
}
export type AcceptRequest = z.output<typeof acceptSchema>;
export type InvalidateRequest = z.output<typeof invalidateSchema>;

/** Options of a run; all off by default. */
const runOptionsSchema = z.object({
  stopOnFailure: z.boolean().default(false),
  skipPreflight: z.boolean().default(false),
  skipDependencyCheck: z.boolean().default(false),
  production: z.boolean().default(false),
});

/** Launching a plan by its id. */
export const launchSchema = z.object({
  planId: z.string().min(1),
  options: runOptionsSchema.prefault({}),
  /** When another run is at some of its cells: refuse, or wait behind it. */
  ifBusy: z.enum(["refuse", "queue"]).default("refuse"),
});

/** One source, by its id, on one date. */
export const sourceQuery = z.object({ table: z.string().min(1), date: dateSchema });

export const dateQuery = z.object({ date: dateSchema });

/** The rows of one table, raw ones too, on one date. */
export const rowsQuery = z.object({
  table: z.string().min(1),
  date: dateSchema,
  format: z.enum(["json", "csv", "parquet"]).default("json"),
});

/** A page of a list; `before`: the id of the last one on the page before. */
export const runsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  before: z.string().optional(),
});
/** A page of a run's log; `before`: the id of the first line on the page after. */
export const logsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
  before: z.coerce.number().int().positive().optional(),
});
export const auditQuery = z.object({ before: z.coerce.number().int().positive().optional() });

/** The state of everything at a moment; now, where none is named. */
export const overviewQuery = z.object({ at: z.iso.datetime().optional() });

/** Loading an upload; `strict`: warnings are errors. */
export const loadSchema = z.object({ strict: z.boolean().default(false) });
