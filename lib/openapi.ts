import { z } from "zod";
import { STATES } from "./coverage/types";
import { PROCESSORS } from "./processors";
import { acceptSchema, launchSchema, planRequestSchema } from "./schemas";

const text = { type: "string" } as const;
const date = { type: "string", format: "date" } as const;
const json = (schema: unknown, description: string) => ({ description, content: { "application/json": { schema } } });
const query = (name: string, schema: unknown, description: string) => ({ name, in: "query", schema, description });
const error = {
  description: "What went wrong, and what to do next (RFC 9457), with the command line's own form beside it",
  content: {
    "application/problem+json": {
      schema: {
        type: "object",
        properties: {
          type: text,
          title: text,
          status: { type: "integer" },
          detail: text,
          hint: text,
          error: { type: "object", properties: { code: text, message: text, hint: text } },
        },
      },
    },
  },
};
const TABLE_NAMES = PROCESSORS.map((one) => one.short);
const PAGE = [
  query("limit", { type: "integer", minimum: 1, maximum: 500 }, "So many at once; 200 by default"),
  query("before", text, "A run's id: those that began before it. The Link header rel=next has it"),
];
const KEY = {
  name: "Idempotency-Key",
  in: "header",
  schema: text,
  description: "The same key again answers with the same run, and launches nothing",
};
const RANGE = [
  query("start", date, "First date"),
  query("end", date, "Last date"),
  query("tables", text, `Short names by commas; all by default: ${TABLE_NAMES.join(", ")}`),
];
const id = { name: "id", in: "path", required: true, schema: text };

function get(summary: string, parameters: unknown[] = [], schema: unknown = { type: "object" }) {
  return { get: { summary, parameters, responses: { 200: json(schema, summary), default: error } } };
}

function post(summary: string, schema: unknown, parameters: unknown[] = []) {
  return {
    post: {
      summary,
      parameters,
      requestBody: { required: true, content: { "application/json": { schema } } },
      responses: { 200: json({ type: "object" }, summary), default: error },
    },
  };
}

const cell = {
  type: "object",
  properties: {
    rows: { type: "integer" },
    distinct: { type: "integer" },
    expected: { type: ["integer", "null"] },
    state: { enum: [...STATES] },
    states: { type: "array", items: { enum: [...STATES] } },
    reasons: { type: "array", items: text },
  },
};
const coverage = {
  type: "object",
  properties: {
    range: { type: "object", properties: { start: date, end: date } },
    tables: { type: "array", items: { type: "string", enum: TABLE_NAMES } },
    dates: {
      type: "array",
      items: {
        type: "object",
        properties: {
          date,
          games: { type: "integer" },
          status: text,
          cells: { type: "object", additionalProperties: cell },
        },
      },
    },
  },
};

/** The OpenAPI 3.1 description of /api, made from the schemas that check requests. */
export function openApi() {
  return {
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
    paths: {
      "/api/coverage": get(
        "The grid of a range",
        [...RANGE, query("look", { enum: ["again"] }, "Ask the warehouse anew, whatever was seen a minute ago")],
        coverage,
      ),
      "/api/plans": post(
        "What a backfill would do; launched by its planId",
        z.toJSONSchema(planRequestSchema, { io: "input" }),
      ),
      "/api/backfills": {
        ...get("Runs, newest first", PAGE, { type: "array", items: { type: "object" } }),
        ...post("Launches a plan exactly as it was shown", z.toJSONSchema(launchSchema, { io: "input" }), [KEY]),
      },
      "/api/runs": get("Runs, newest first", PAGE, { type: "array", items: { type: "object" } }),
      "/api/runs/{id}": get("One run with its tasks and log", [id]),
      "/api/runs/{id}/cancel": post("Cancels a run", { type: "object" }, [id]),
      "/api/runs/{id}/resume": post("Goes on with a run that was cut off", { type: "object" }, [id]),
      "/api/events": get("Events of runs as server-sent events", [query("run", text, "One run only")], text),
      "/api/cell": get("Inputs and last runs of one cell", [
        query("table", text, "Short name"),
        query("date", date, "Date"),
      ]),
      "/api/overview": get("The state of every known date and table, a letter each"),
      "/api/gaps": {
        ...get("Accepted gaps, with what has become of them", [], { type: "array", items: { type: "object" } }),
        ...post("Accepts the gaps among some cells", z.toJSONSchema(acceptSchema, { io: "input" })),
      },
      "/api/gaps/{id}/withdraw": post("Takes an acceptance back", { type: "object" }, [id]),
      "/api/rows": get("The rows of one table on one date; format=csv or parquet as a file", [
        query("table", text, "Short or raw table's name"),
        query("date", date, "Date"),
        query("format", { enum: ["json", "csv", "parquet"] }, "json by default"),
      ]),
      "/api/lineage": get("All tables, who reads whom, and their states on a date", [query("date", date, "Date")]),
      "/api/lineage/column": get("Where a column comes from, back to the raw tables", [
        query("column", text, "For example mlfs.features[13]"),
      ]),
      "/api/import": {
        post: {
          summary: "Takes raw files and says what loading them would do",
          requestBody: {
            required: true,
            content: {
              "multipart/form-data": {
                schema: {
                  type: "object",
                  properties: { files: { type: "array", items: { type: "string", format: "binary" } } },
                },
              },
            },
          },
          responses: { 200: json({ type: "object" }, "What was found"), default: error },
        },
      },
      "/api/import/{id}/load": post(
        "Loads the files of an upload, all or nothing",
        { type: "object", properties: { strict: { type: "boolean" } } },
        [id],
      ),
      "/api/timings": get("Durations by table and date", [query("tables", text, "Short names by commas")]),
      "/api/freshness": get("Dependency freshness, in one query", RANGE),
      "/api/schedules": get("What runs by itself, when next, and the dates that it has missed", [], {
        type: "array",
        items: { type: "object" },
      }),
      "/api/audit": get("Who did what, newest first; for administrators", [
        query("before", { type: "integer" }, "A deed's id: those before it"),
      ]),
      "/api/pulse": get("What is running, and a count of changes"),
      "/api/health": get("Live, and ready: warehouse and state answer; 503 where one does not"),
      "/api/metrics": get("Prometheus metrics", [], text),
      "/api/openapi.json": get("This description"),
    },
  };
}
