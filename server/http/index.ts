import { RateLimiterMemory } from "rate-limiter-flexible";
import type { z } from "zod";
import { type Actor, hasRole, type Role } from "@/lib/access/roles";
import { type ErrorKind, FullcourtError, kindOf, publicErrorBody } from "@/lib/errors";
import { audit } from "../access/audit";
import { assertAllowedCaller } from "../access/host";
import { identify } from "../access/identify";
import { clientAddress } from "../access/peer";
import { type Context, serverContext } from "../context";
import { log } from "../platform/log";
import { runWithContext } from "../platform/request-context";
import { MAX_JSON_BYTES, readBytes } from "./body";
import { jsonAnswer } from "./json-stream";
import { limitRate, TooManyRequests } from "./rate";

const STATUS: Readonly<Record<ErrorKind, number>> = {
  usage: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  refused: 422,
  too_many: 429,
  failed: 500,
  unavailable: 503,
};

/** An error's HTTP status, by its kind alone. */
export const statusOf = (error: unknown): number => STATUS[kindOf(error)];

const badRequest = (message: string) =>
  new FullcourtError("bad_request", message, "The API is described at /api/openapi.json.");

/** The zero character is in no name, date or reason, and no database takes it. */
function assertNoNullBytes(value: unknown): void {
  if (typeof value === "string" && value.includes("\0")) throw badRequest("The request must not contain NUL bytes.");
  if (value !== null && typeof value === "object") for (const one of Object.values(value)) assertNoNullBytes(one);
}

/** The JSON of a request's body, at most 1 MiB; an error where it is none, unless `empty` stands for no body at all. */
export async function readJson(request: Request, empty?: unknown): Promise<unknown> {
  const text = (await readBytes(request, MAX_JSON_BYTES)).toString("utf8");
  if (text === "" && empty !== undefined) return empty;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("The body is not JSON.");
  }
}

/** A zod fault as an error for a person: which field, and what it must be. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  assertNoNullBytes(value);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badRequest(`${issue?.path.join(".") || "request"}: ${issue?.message}`);
}

/** What stands behind the question mark of a request, by its schema. */
export const queryOf = <T extends z.ZodType>(request: Request, schema: T): z.output<T> =>
  parsed(schema, Object.fromEntries(new URL(request.url).searchParams));

/** An error where a request comes from another site's page. */
export function assertSameOrigin(origin: string, host: string | null): void {
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new FullcourtError(
    "foreign_origin",
    "This request comes from another site.",
    "Use the dashboard or the command line.",
  );
}

/** HEAD is GET without the body, which is left out by Next. */
const isReading = ({ method }: Request): boolean => method === "GET" || method === "HEAD";

/** Another site's page must not be able to start runs through a person's browser. */
function assertSameOriginRequest(request: Request, takesForms: boolean): void {
  if (isReading(request)) return;
  const origin = request.headers.get("origin");
  if (origin) assertSameOrigin(origin, request.headers.get("host"));
  const type = request.headers.get("content-type") ?? "";
  if (takesForms && type.startsWith("multipart/form-data")) return;
  if (!type.startsWith("application/json")) {
    throw new FullcourtError("bad_request", "The body must be JSON.", "Send content-type: application/json.");
  }
}

/** An error as RFC 9457 has it, with the contract's own form beside it. */
function problem(error: unknown, status: number): Response {
  const body = publicErrorBody(error);
  const { code, message, hint } = body.error;
  return Response.json(
    { type: `urn:fullcourt:error:${code}`, title: code.replaceAll("_", " "), status, detail: message, hint, ...body },
    {
      status,
      headers: {
        "content-type": "application/problem+json",
        ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
        ...(error instanceof TooManyRequests ? { "retry-after": String(error.seconds) } : {}),
      },
    },
  );
}

/** An error as an answer; what is a fault of the server goes to its log. */
export function answerError(error: unknown, request: Request): Response {
  const status = statusOf(error);
  if (status >= 500)
    log.error({ error: error instanceof Error ? error.stack : String(error), url: request.url }, "request failed");
  return problem(error, status);
}

/** A part of a path as it was meant; as it came where it is not encoded rightly. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An error if nobody is signed in, or the caller lacks the role. */
function assertRole(actor: Actor | null, needed: Role): asserts actor is Actor {
  if (!actor)
    throw new FullcourtError(
      "sign_in_needed",
      "Nobody is signed in, or the token is not valid any more.",
      "Sign in, or send a token of yours: Authorization: Bearer TOKEN.",
    );
  if (!hasRole(actor.role, needed))
    throw new FullcourtError(
      "not_allowed",
      `This needs the role ${needed}; ${actor.name} has ${actor.role} here.`,
      "An administrator can change the role, or make a token with a wider scope.",
    );
}

/** Does work as the caller of a request, if allowed. */
async function asActor<T>(context: Context, request: Request, needed: Role, work: () => Promise<T>): Promise<T> {
  const actor = await identify(context, request.headers, "api");
  return asWhoMay(context, actor, needed, new URL(request.url).pathname, work);
}

/** Once a minute for each of them: who asks again and again fills no log. */
const refusals = new RateLimiterMemory({ points: 1, duration: 60 });

async function recordRefusal(context: Context, { name, token }: Actor, what: string): Promise<void> {
  const isNew = await refusals.consume(`${name} ${token} ${what}`).then(
    () => true,
    () => false,
  );
  if (isNew) await audit(context, "refused", what);
}

/** Does work as somebody who may; a refusal of somebody who is known is recorded. `what` says of what. */
export async function asWhoMay<T>(
  context: Context,
  actor: Actor | null,
  needed: Role,
  what: string,
  work: (actor: Actor) => Promise<T>,
): Promise<T> {
  return runWithContext(actor ? { actor } : {}, async () => {
    if (actor && !hasRole(actor.role, needed)) await recordRefusal(context, actor, `${what}, which needs ${needed}`);
    assertRole(actor, needed);
    return work(actor);
  });
}

interface RouteOptions {
  takesForms?: boolean;
  /** The role that it needs: viewer to look, operator to change, unless it says otherwise. "nobody" where all may. */
  needs?: Role | "nobody";
  /** It asks for a secret of its own: the server's key is not asked for, where there is one. */
  withoutKey?: boolean;
}

type Handler<P> = (context: Context, request: Request, params: P) => Promise<unknown>;

/** A route: opens the context, sees who asks, answers JSON, and turns errors into the contract's form. */
export function route<P = Record<string, never>>(
  handler: Handler<P>,
  { takesForms = false, needs, withoutKey }: RouteOptions = {},
) {
  return async (request: Request, given: { params: Promise<P> }): Promise<Response> => {
    try {
      const context = await serverContext();
      await limitRate(request.headers, context.config);
      assertSameOriginRequest(request, takesForms);
      const params = await given.params;
      assertNoNullBytes(Object.values((params as Record<string, string> | undefined) ?? {}).map(decoded));
      assertNoNullBytes([...new URL(request.url).searchParams.values()]);
      assertAllowedCaller(context.config, request.headers, { withoutKey });
      const address = clientAddress(request.headers, context.config.trustedProxies);
      const work = () => handler(context, request, params);
      const role = needs ?? (isReading(request) ? "viewer" : "operator");
      const result = await runWithContext({ address }, () =>
        role === "nobody" ? work() : asActor(context, request, role, work),
      );
      return result instanceof Response ? result : jsonAnswer(result);
    } catch (error) {
      return answerError(error, request);
    }
  };
}
