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

/** A zod fault as an error for a person: which field, and what it must be. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new FullcourtError(
    "bad_request",
    `${issue?.path.join(".") || "request"}: ${issue?.message}`,
    "The API is described at /api/openapi.json.",
  );
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

type Handler<P> = (context: Context, request: Request, params: P) => Promise<unknown>;

/** A route: opens the context, answers JSON, and turns errors into the contract's form. */
export function route<P = Record<string, never>>(handler: Handler<P>, { takesForms = false } = {}) {
  return async (request: Request, given: { params: Promise<P> }): Promise<Response> => {
    try {
      refuseForeign(request, takesForms);
      limitRate(request);
      const result = await handler(await serverContext(), request, await given.params);
      return result instanceof Response ? result : Response.json(result);
    } catch (error) {
      const status = statusOf(error);
      if (status === 500)
        log.error({ error: error instanceof Error ? error.stack : String(error), url: request.url }, "request failed");
      return problem(error, status);
    }
  };
}
