import type { EventEmitter } from "node:events";
import type { RunEvent } from "@/lib/api/runs";
import type { Written } from "../warehouse/changes";

interface Events {
  events: EventEmitter;
}

const EVENT = "event";

/** Sends an event to all who watch. */
export function publish({ events }: Events, event: RunEvent): void {
  events.emit(EVENT, event);
}

/** Calls back for every event until the returned function is called. */
export function watch({ events }: Events, listener: (event: RunEvent) => void): () => void {
  events.on(EVENT, listener);
  return () => events.off(EVENT, listener);
}

/** Says that cells have changed: these dates by table; null where it may be any. */
export function publishCells(context: Events & { revision: number }, written: Written | null): void {
  context.revision++;
  publish(context, {
    type: "cells",
    tables: written && [...written.keys()],
    dates: written && [...new Set([...written.values()].flat())].sort(),
  });
}
