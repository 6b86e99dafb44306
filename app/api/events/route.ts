import { identify } from "@/server/access/identify";
import { route } from "@/server/http";
import { eventStream } from "@/server/http/event-stream";
import { currentContext } from "@/server/platform/request-context";
import { watchAll } from "@/server/runner/events";

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" };

/** What happens to runs and cells, on all servers of one state, as server-sent events; ?run=ID for one run only. */
export const GET = route(async (context, request) => {
  // Nobody reads a stream that HEAD began, and nothing would end it.
  if (request.method === "HEAD") return new Response(null, { headers: HEADERS });
  const only = new URL(request.url).searchParams.get("run");
  const stream = eventStream(
    context.config.auth && (currentContext().actor?.name ?? null),
    (send) =>
      watchAll(context, (event) => {
        const runId = event.type === "run" ? event.run.id : event.type === "cells" ? null : event.runId;
        if (!only || only === runId) send(event);
      }),
    // The session may have ended meanwhile.
    async () => (await identify(context, request.headers, "api")) !== null,
    request.signal,
  );
  return new Response(stream, { headers: HEADERS });
});
