import { requestsOf } from "@/lib/api/schemas";
import { identify } from "@/server/access/identify";
import { checkCell } from "@/server/checks";
import type { Context } from "@/server/context";
import { asWhoMay, queryOf, route } from "@/server/http";
import { checkReadiness } from "@/server/platform/ready";

/** When a table that is not ready is to be asked for again, in seconds: a question is answered from memory. */
const RETRY_AFTER_SECONDS = 10;

/** Readiness: 503 if the server is not ready. Only viewers see why. */
async function ofServer(context: Context, request: Request): Promise<Response> {
  const { ok, status, ...details } = await checkReadiness(context);
  const mayKnow = (await identify(context, request.headers, "api").catch(() => null)) !== null;
  return Response.json({ ok, status, ...(mayKnow ? details : {}) }, { status: ok ? 200 : 503 });
}

/** Whether a table may be read for a date; 503 until it may. For viewers. */
async function ofCell(context: Context, request: Request): Promise<Response> {
  const { table, date } = queryOf(request, requestsOf(context.pipeline).cellQuery);
  const actor = await identify(context, request.headers, "api");
  const answer = await asWhoMay(context, actor, "viewer", "/api/ready", () => checkCell(context, table, date));
  if (answer.ready) return Response.json(answer);
  return Response.json(answer, { status: 503, headers: { "retry-after": `${RETRY_AFTER_SECONDS}` } });
}

/** Of the server, or of one table on one date: ?table=&date=. */
export const GET = route(
  (context, request) => {
    const query = new URL(request.url).searchParams;
    return query.has("table") || query.has("date") ? ofCell(context, request) : ofServer(context, request);
  },
  { needs: "nobody" },
);
