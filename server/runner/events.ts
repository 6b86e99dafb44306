import type { Context } from "../context";
import type { Log, Run, Task } from "../state/runs";

/** What happens to runs, as it happens. */
export type RunEvent =
  | { type: "run"; run: Run }
  | { type: "task"; runId: string; task: Task }
  | { type: "log"; runId: string; log: Log };

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
