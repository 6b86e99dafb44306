import type { RunEvent } from "@/lib/runs";
import { identify } from "@/server/access/identify";
import { route } from "@/server/http";
import { watch } from "@/server/runner/events";

export const dynamic = "force-dynamic";

/** Keeps proxies and the browser from taking a quiet stream for a dead one. */
const BEAT_MS = 15_000;

/** Events of runs as server-sent events; ?run=ID for one run only. */
export const GET = route(async (context, request) => {
  const only = new URL(request.url).searchParams.get("run");
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      send(": connected\n\n");
      const stop = watch(context, (event: RunEvent) => {
        const runId = event.type === "run" ? event.run.id : event.runId;
        if (!only || only === runId) send(`data: ${JSON.stringify(event)}\n\n`);
      });
      const beat = setInterval(async () => {
        send(": still here\n\n");
        // Whoever has been signed out meanwhile hears nothing more.
        if (!(await identify(context, request.headers, "api"))) end();
      }, BEAT_MS);
      const end = () => {
        stop();
        clearInterval(beat);
        controller.close();
      };
      request.signal.addEventListener("abort", end, { once: true });
    },
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" },
  });
});
