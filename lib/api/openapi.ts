import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathItemObject } from "zod-openapi";
import type { Pipeline } from "../engine/pipeline/compile";
import * as checks from "./checks";
import { columns } from "./columns";
import * as coverage from "./coverage";
import * as lineage from "./lineage";
import * as rows from "./rows";
import * as runs from "./runs";
import {
  acceptSchema,
  cellQuery as anyCell,
  columnsQuery as anyColumns,
  diffQuery as anyDiff,
  auditQuery,
  dateQuery,
  dateSchema,
  invalidateSchema,
  launchSchema,
  loadSchema,
  logsQuery,
  overviewQuery,
  planRequestSchema,
  requestsOf,
  rowsQuery,
  runsQuery,
  sourceQuery,
} from "./schemas";
import { timings } from "./timings";

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
  description: "An error (RFC 9457), with the code, message and hint of the command line as `error`",
  content: { "application/problem+json": { schema: problem } },
};
const id = z.object({ id: z.string() });
interface Takes {
  query?: z.ZodObject;
  header?: z.ZodObject;
  /** The JSON that a POST takes, or files. */
  body?: z.ZodType | "files";
}

interface Route extends Takes {
  summary: string;
  /** What a good answer is; text where it is no JSON. */
  answer: z.ZodType | "text";
}

const route = (summary: string, answer: Route["answer"], takes: Takes = {}): Route => ({ summary, answer, ...takes });

const contentOf = (body: Route["body"] = z.object({})) =>
  body === "files"
    ? { "multipart/form-data": { schema: z.object({ files: z.array(z.file()) }) } }
    : { "application/json": { schema: body } };

const operation = (name: string, { summary, answer, query, header, body }: Route): ZodOpenApiOperationObject => ({
  summary,
  requestParams: {
    ...(name.includes("{id}") ? { path: id } : {}),
    ...(query ? { query } : {}),
    ...(header ? { header } : {}),
  },
  ...(name.startsWith("POST") ? { requestBody: { required: true, content: contentOf(body) } } : {}),
  responses: {
    200: {
      description: summary,
      content:
        answer === "text" ? { "text/plain": { schema: z.string() } } : { "application/json": { schema: answer } },
    },
    default: error,
  },
});

/** All routes with what they take and answer: the description is made of them, and a test holds the answers to it. */
const routes = (
  { planRequest, accept, invalidate, cellQuery, diffQuery, columnsQuery }: ReturnType<typeof requestsOf>,
  names: string,
): Record<`${"GET" | "POST"} /${string}`, Route> => {
  const tables = z.object({ tables: z.string().optional().describe(`Short names by commas; all by default${names}`) });
  const range = tables.extend({ start: dateSchema.optional(), end: dateSchema.optional() });
  return {
    "GET /api/coverage": route("The grid of a range", coverage.coverage, {
      query: range.extend({
        look: z
          .enum(["again"])
          .optional()
          .describe("Query the warehouse again, even if its data is less than a minute old"),
      }),
    }),
    "POST /api/plans": route("Creates a plan; launch it by its planId", runs.plan, { body: planRequest }),
    "POST /api/backfills": route("Launches a plan exactly as shown", runs.launched, {
      body: launchSchema,
      header: z.object({
        "Idempotency-Key": z
          .string()
          .optional()
          .describe("The same key again answers with the same run, and launches nothing"),
      }),
    }),
    "GET /api/runs": route("Runs, newest first", runs.runs, { query: runsQuery }),
    "GET /api/runs/{id}": route("One run with its tasks and log", runs.runDetail),
    "GET /api/runs/{id}/logs": route(
      "Log lines of a run, oldest first; the link `next` returns earlier lines",
      runs.logs,
      { query: logsQuery },
    ),
    "POST /api/runs/{id}/cancel": route("Cancels a run", id),
    "POST /api/runs/{id}/resume": route("Resumes an interrupted run", id),
    "GET /api/events": route("Events of runs as server-sent events", "text", {
      query: z.object({ run: z.string().optional().describe("One run only") }),
    }),
    "GET /api/cell": route("Inputs and recent runs of a cell", coverage.cellDetail, { query: cellQuery }),
    "GET /api/source": route(
      "A source on one date: its rows, their age, and the tables that read it",
      coverage.sourceDetail,
      { query: sourceQuery },
    ),
    "GET /api/overview": route(
      "State of every partition, one character each; with `at`, as the state history has it of that moment",
      coverage.overview,
      { query: overviewQuery },
    ),
    "GET /api/gaps": route("Accepted gaps and their current status", coverage.gaps),
    "POST /api/gaps": route("Accepts gaps", coverage.acceptances, { body: accept }),
    "POST /api/gaps/{id}/withdraw": route("Withdraws an acceptance", z.object({ withdrawn: z.string() })),
    "GET /api/invalidations": route("Invalidations in force, oldest first", coverage.invalidations),
    "POST /api/invalidations": route("Marks rows written before a time as outdated", coverage.invalidation, {
      body: invalidate,
    }),
    "POST /api/invalidations/{id}/withdraw": route("Withdraws an invalidation", z.object({ withdrawn: z.string() })),
    "GET /api/rows": route("The rows of one table on one date; format=csv or parquet as a file", rows.rows, {
      query: rowsQuery,
    }),
    "GET /api/columns": route("NULL, zero and checks by column and date of one table", columns, {
      query: columnsQuery,
    }),
    "GET /api/diff": route(
      "Runs the table's model over a date, or up to 31, without writing, and compares its rows with those that are there; operators only",
      checks.diff,
      { query: diffQuery },
    ),
    "GET /api/lineage": route("Tables, their dependencies, and their states on a date", lineage.lineage, {
      query: dateQuery,
    }),
    "GET /api/lineage/column": route("Lineage of a column, back to the raw tables", lineage.columnLineage, {
      query: z.object({ column: z.string().describe("For example mlfs.features[13]") }),
    }),
    "POST /api/import": route("Uploads raw files and previews their contents", rows.upload, { body: "files" }),
    "POST /api/import/{id}/load": route("Loads an upload, all or nothing", rows.loaded, {
      body: loadSchema,
    }),
    "GET /api/timings": route("Durations by table and date", timings, { query: tables }),
    "GET /api/freshness": route("Dependency freshness, in one query", coverage.freshness, { query: range }),
    "GET /api/schedules": route("Schedules, their next runs and the dates they missed", z.array(runs.schedule)),
    "GET /api/audit": route("The audit log, newest first; administrators only", z.array(runs.deed), {
      query: auditQuery,
    }),
    "GET /api/activity": route("Active runs, and a version that changes with the data", runs.activity),
    "GET /api/live": route(
      "Liveness: the process responds; checks neither warehouse nor state; no token needed",
      runs.live,
    ),
    "GET /api/ready": route(
      "Readiness of the server, 503 if not ready; details for viewers. With table and date: whether the partition is ready, 503 until it is; viewers only",
      z.union([runs.ready, coverage.cellReadiness]),
      { query: cellQuery.partial() },
    ),
    "GET /api/health": route("The same as /api/ready", z.union([runs.ready, coverage.cellReadiness]), {
      query: cellQuery.partial(),
    }),
    "GET /api/metrics": route("Prometheus metrics", "text"),
    "GET /api/openapi.json": route("This description", z.looseObject({ openapi: z.string() })),
  };
};

/** The routes of any pipeline. */
export const ROUTES = routes(
  {
    planRequest: planRequestSchema,
    accept: acceptSchema,
    invalidate: invalidateSchema,
    cellQuery: anyCell,
    diffQuery: anyDiff,
    columnsQuery: anyColumns,
  },
  "",
);

/** The version of the program. */
export const VERSION = "2.0.0";

/** The OpenAPI 3.1 description of /api, made from the schemas of requests and answers. */
export function openApi(pipeline: Pipeline) {
  const names = pipeline.tables.map(({ id }) => id).join(", ");
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  for (const [name, route] of Object.entries(routes(requestsOf(pipeline), `: ${names}`))) {
    const [method = "", path = ""] = name.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Fullcourt",
      version: VERSION,
      description: "Coverage, plans and backfills of a pipeline.",
    },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token, if sign-in is on" },
      },
    },
    security: [{ token: [] }, {}],
    paths,
  });
}
