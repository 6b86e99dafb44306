import type { RunEvent } from "@/lib/api/runs";
import type { CellsEvent } from "@/lib/runs";
import type { Context } from "../context";

type Events = Pick<Context, "events">;

const RUNS = "run-event";
const CELLS = "cells-event";

/** Tells whoever watches runs. */
export function publish({ events }: Events, event: RunEvent): void {
  events.emit(RUNS, event);
}

/** Calls back for every event of runs until the returned function is called. */
export function watch({ events }: Events, listener: (event: RunEvent) => void): () => void {
  events.on(RUNS, listener);
  return () => events.off(RUNS, listener);
}

/** True where somebody watches cells: what they are is worked out for them alone. */
export const areCellsWatched = ({ events }: Events): boolean => events.listenerCount(CELLS) > 0;

/** Tells whoever watches cells. */
export function publishCells({ events }: Events, event: CellsEvent): void {
  events.emit(CELLS, event);
}

/** As watch, for what runs make of cells too. */
export function watchWithCells(context: Events, listener: (event: RunEvent | CellsEvent) => void): () => void {
  const stop = watch(context, listener);
  context.events.on(CELLS, listener);
  return () => {
    stop();
    context.events.off(CELLS, listener);
  };
}
