import type { CellsEvent, RunEvent } from "@/lib/runs";
import { identify } from "@/server/access/identify";
import { route } from "@/server/http";
import { onAbort } from "@/server/on-abort";
import { watchWithCells } from "@/server/runner/events";

export const dynamic = "force-dynamic";

/** Keeps proxies and the browser from taking a quiet stream for a dead one. */
const BEAT_MS = 15_000;

const encoder = new TextEncoder();
/** Events as they are sent: written down once, however many listen. */
const written = new WeakMap<RunEvent | CellsEvent, Uint8Array>();

function write(event: RunEvent | CellsEvent): Uint8Array {
  const known = written.get(event) ?? encoder.encode(`data: ${JSON.stringify(event)}\n\n`);
  written.set(event, known);
  return known;
}

/** Events of runs as server-sent events; ?run=ID for one run only. */
export const GET = route(async (context, request) => {
  const only = new URL(request.url).searchParams.get("run");
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const say = (comment: string) => controller.enqueue(encoder.encode(`: ${comment}\n\n`));
      say("connected");
      const stop = watchWithCells(context, (event) => {
        const runId = event.type === "run" ? event.run.id : event.runId;
        if (!only || only === runId) controller.enqueue(write(event));
      });
      const beat = setInterval(async () => {
        say("still here");
        // Whoever has been signed out meanwhile hears nothing more.
        if (!(await identify(context, request.headers, "api"))) end();
      }, BEAT_MS);
      const end = () => {
        stop();
        clearInterval(beat);
        controller.close();
      };
      onAbort(request.signal, end);
    },
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" },
  });
});
