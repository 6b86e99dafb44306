import type { z } from "zod";
import { errorBody, FullcourtError } from "@/lib/errors";
import { type Context, serverContext } from "./context";
import { log } from "./log";
import { limitRate, RETRY_SECONDS } from "./rate";

const CONFLICTS = new Set(["plan_changed", "run_in_progress", "not_running", "not_resumable", "launch_under_way"]);

function statusOf(error: unknown): number {
  if (!(error instanceof FullcourtError)) return 500;
  if (error.code.startsWith("unknown_")) return 404;
  if (CONFLICTS.has(error.code)) return 409;
  if (error.code === "key_reused") return 422;
  if (error.code === "too_many_requests") return 429;
  if (error.code === "read_only" || error.code === "refused") return 403;
  return error.exitCode === 2 ? 400 : 500;
}

const badRequest = (message: string) =>
  new FullcourtError("bad_request", message, "The API is described at /api/openapi.json.");

/** The zero character is in no name, date or reason, and no database takes it. */
function refuseZero(value: unknown): void {
  if (typeof value === "string" && value.includes("\0")) throw badRequest("The request holds a zero character.");
  if (value !== null && typeof value === "object") for (const one of Object.values(value)) refuseZero(one);
}

/** The JSON of a request's body; an error where it is none. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw badRequest("The body is not JSON.");
  }
}

/** A zod fault as an error for a person: which field, and what it must be. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  refuseZero(value);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badRequest(`${issue?.path.join(".") || "request"}: ${issue?.message}`);
}

/** Another site's page must not be able to start runs through a person's browser. */
function refuseForeign(request: Request, takesForms: boolean): void {
  if (request.method === "GET") return;
  const origin = request.headers.get("origin");
  if (origin && new URL(origin).host !== request.headers.get("host")) {
    throw new FullcourtError(
      "foreign_origin",
      "This request comes from another site.",
      "Use the dashboard or the command line.",
    );
  }
  const type = request.headers.get("content-type") ?? "";
  if (takesForms && type.startsWith("multipart/form-data")) return;
  if (!type.startsWith("application/json")) {
    throw new FullcourtError("bad_request", "The body must be JSON.", "Send content-type: application/json.");
  }
}

/** An error as RFC 9457 has it, with the contract's own form beside it. */
function problem(error: unknown, status: number): Response {
  const body = errorBody(error);
  // What a fault of the server says belongs in its log: it may hold a statement or a path.
  if (!(error instanceof FullcourtError)) {
    body.error.message = "Something went wrong in the server.";
    body.error.hint = "Its log says what.";
  }
  const { code, message, hint } = body.error;
  return Response.json(
    { type: `urn:fullcourt:error:${code}`, title: code.replaceAll("_", " "), status, detail: message, hint, ...body },
    {
      status,
      headers: {
        "content-type": "application/problem+json",
        ...(status === 429 ? { "retry-after": String(RETRY_SECONDS) } : {}),
      },
    },
  );
}

/** A part of a path as it was meant; as it came where it is not encoded rightly. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Handler<P> = (context: Context, request: Request, params: P) => Promise<unknown>;

/** A route: opens the context, answers JSON, and turns errors into the contract's form. */
export function route<P = Record<string, never>>(handler: Handler<P>, { takesForms = false } = {}) {
  return async (request: Request, given: { params: Promise<P> }): Promise<Response> => {
    try {
      refuseForeign(request, takesForms);
      limitRate(request);
      const params = await given.params;
      refuseZero(Object.values((params as Record<string, string> | undefined) ?? {}).map(decoded));
      refuseZero([...new URL(request.url).searchParams.values()]);
      const result = await handler(await serverContext(), request, params);
      return result instanceof Response ? result : Response.json(result);
    } catch (error) {
      const status = statusOf(error);
      if (status === 500)
        log.error({ error: error instanceof Error ? error.stack : String(error), url: request.url }, "request failed");
      return problem(error, status);
    }
  };
}
