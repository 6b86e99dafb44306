import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathItemObject } from "zod-openapi";
import * as coverage from "./api/coverage";
import * as lineage from "./api/lineage";
import * as rows from "./api/rows";
import * as runs from "./api/runs";
import { timings } from "./api/timings";
import { PROCESSORS } from "./processors";
import {
  acceptSchema,
  auditQuery,
  cellQuery,
  dateQuery,
  dateSchema,
  launchSchema,
  loadSchema,
  logsQuery,
  planRequestSchema,
  rowsQuery,
  runsQuery,
} from "./schemas";

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    hint: z.string(),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
  })
  .meta({ id: "Problem" });
const error = {
  description: "What went wrong, and what to do next (RFC 9457), with the command line's own form beside it",
  content: { "application/problem+json": { schema: problem } },
};
const id = z.object({ id: z.string() });
const tables = z.object({
  tables: z
    .string()
    .optional()
    .describe(`Short names by commas; all by default: ${PROCESSORS.map((one) => one.short).join(", ")}`),
});
const range = tables.extend({ start: dateSchema.optional(), end: dateSchema.optional() });

interface Operation extends Pick<ZodOpenApiOperationObject, "requestParams" | "requestBody"> {
  summary: string;
  /** What a good answer is; text where it is no JSON. */
  answer: z.ZodType | "text";
}

const operation = (
  path: string,
  { summary, answer, requestParams, ...rest }: Operation,
): ZodOpenApiOperationObject => ({
  summary,
  ...rest,
  requestParams: path.includes("{id}") ? { ...requestParams, path: id } : requestParams,
  responses: {
    200: {
      description: summary,
      content:
        answer === "text" ? { "text/plain": { schema: z.string() } } : { "application/json": { schema: answer } },
    },
    default: error,
  },
});

const get = (
  summary: string,
  answer: z.ZodType | "text",
  requestParams: Operation["requestParams"] = {},
): Operation => ({
  summary,
  answer,
  requestParams,
});
const post = (
  summary: string,
  answer: z.ZodType,
  schema: z.ZodType = z.object({}),
  requestParams: Operation["requestParams"] = {},
): Operation => ({
  summary,
  answer,
  requestParams,
  requestBody: { required: true, content: { "application/json": { schema } } },
});

/** All routes with what they take and answer: the description is made of them, and a test holds the answers to it. */
export const ROUTES: Record<string, { get?: Operation; post?: Operation }> = {
  "/api/coverage": {
    get: get("The grid of a range", coverage.coverage, {
      query: range.extend({
        look: z.enum(["again"]).optional().describe("Ask the warehouse anew, whatever was seen a minute ago"),
      }),
    }),
  },
  "/api/plans": { post: post("What a backfill would do; launched by its planId", runs.plan, planRequestSchema) },
  "/api/backfills": {
    post: post("Launches a plan exactly as it was shown", runs.launched, launchSchema, {
      header: z.object({
        "Idempotency-Key": z
          .string()
          .optional()
          .describe("The same key again answers with the same run, and launches nothing"),
      }),
    }),
  },
  "/api/runs": { get: get("Runs, newest first", runs.runs, { query: runsQuery }) },
  "/api/runs/{id}": { get: get("One run with its tasks and log", runs.runDetail) },
  "/api/runs/{id}/logs": {
    get: get("Log lines of a run, oldest first; the link `next` leads to those before", runs.logs, {
      query: logsQuery,
    }),
  },
  "/api/runs/{id}/cancel": { post: post("Cancels a run", id) },
  "/api/runs/{id}/resume": {
    post: post("Goes on with a run that was cut off", id),
  },
  "/api/events": {
    get: get("Events of runs as server-sent events", "text", {
      query: z.object({ run: z.string().optional().describe("One run only") }),
    }),
  },
  "/api/cell": { get: get("Inputs and last runs of one cell", coverage.cellDetail, { query: cellQuery }) },
  "/api/overview": { get: get("The state of every known date and table, a letter each", coverage.overview) },
  "/api/gaps": {
    get: get("Accepted gaps, with what has become of them", coverage.gaps),
    post: post("Accepts the gaps among some cells", coverage.acceptances, acceptSchema),
  },
  "/api/gaps/{id}/withdraw": {
    post: post("Takes an acceptance back", z.object({ withdrawn: z.string() })),
  },
  "/api/rows": {
    get: get("The rows of one table on one date; format=csv or parquet as a file", rows.rows, { query: rowsQuery }),
  },
  "/api/lineage": {
    get: get("All tables, who reads whom, and their states on a date", lineage.lineage, { query: dateQuery }),
  },
  "/api/lineage/column": {
    get: get("Where a column comes from, back to the raw tables", lineage.columnLineage, {
      query: z.object({ column: z.string().describe("For example mlfs.features[13]") }),
    }),
  },
  "/api/import": {
    post: {
      summary: "Takes raw files and says what loading them would do",
      answer: rows.upload,
      requestBody: {
        required: true,
        content: { "multipart/form-data": { schema: z.object({ files: z.array(z.file()) }) } },
      },
    },
  },
  "/api/import/{id}/load": {
    post: post("Loads the files of an upload, all or nothing", rows.loaded, loadSchema),
  },
  "/api/timings": { get: get("Durations by table and date", timings, { query: tables }) },
  "/api/freshness": { get: get("Dependency freshness, in one query", coverage.freshness, { query: range }) },
  "/api/schedules": {
    get: get("What runs by itself, when next, and the dates that it has missed", z.array(runs.schedule)),
  },
  "/api/audit": {
    get: get("Who did what, newest first; for administrators", z.array(runs.deed), { query: auditQuery }),
  },
  "/api/activity": { get: get("What runs, and a version that changes with the data", runs.activity) },
  "/api/live": { get: get("The process answers; asks nothing of warehouse or state, and anybody may ask", runs.live) },
  "/api/health": {
    get: get("Live, and ready: warehouse and state answer; 503 where one does not", runs.health),
  },
  "/api/metrics": { get: get("Prometheus metrics", "text") },
  "/api/openapi.json": { get: get("This description", z.looseObject({ openapi: z.string() })) },
};

/** The OpenAPI 3.1 description of /api, made from the schemas of requests and answers. */
export function openApi() {
  const paths = Object.entries(ROUTES).map(([path, { get, post }]): [string, ZodOpenApiPathItemObject] => [
    path,
    { ...(get ? { get: operation(path, get) } : {}), ...(post ? { post: operation(path, post) } : {}) },
  ]);
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Fullcourt",
      version: "1.0.0",
      description: "Coverage, plans and backfills of a sports-statistics pipeline.",
    },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token, where sign-in is set up" },
      },
    },
    security: [{ token: [] }, {}],
    paths: Object.fromEntries(paths),
  });
}
