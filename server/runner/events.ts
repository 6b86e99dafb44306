import type { RunEvent } from "@/lib/runs";
import type { Context } from "../context";

const CHANNEL = "run-event";

/** Tells whoever watches. */
export function publish(context: Pick<Context, "events">, event: RunEvent): void {
  context.events.emit(CHANNEL, event);
}

/** Calls back for every event until the returned function is called. */
export function watch(context: Pick<Context, "events">, listener: (event: RunEvent) => void): () => void {
  context.events.on(CHANNEL, listener);
  return () => context.events.off(CHANNEL, listener);
}
