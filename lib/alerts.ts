import { type RunView, runSeconds, secondsWords } from "./runs";

/** What is told of a run that did not succeed. */
export interface Alert {
  event: "run.failed" | "run.blocked";
  run: Pick<RunView, "id" | "status" | "origin" | "tables" | "start" | "end" | "cells" | "rows" | "error">;
  /** The same in words, for a chat. */
  text: string;
  at: string;
}

/** The alert of a run that has ended; null where nobody need be woken: it succeeded, or a person ended it. */
export function alertOf(run: RunView): Alert | null {
  if (run.sample || (run.status !== "failed" && run.status !== "blocked")) return null;
  const { id, status, origin, tables, start, end, cells, rows, error } = run;
  const range = start === end ? start : `${start} to ${end}`;
  const took = secondsWords(runSeconds(run, Date.parse(run.endedAt ?? run.startedAt)));
  return {
    event: `run.${status}`,
    run: { id, status, origin, tables, start, end, cells, rows, error },
    text: `Backfill ${id} ${status} after ${took}: ${tables.join(", ")}, ${range}. ${error ?? "No reason is on record."}`,
    at: run.endedAt ?? run.startedAt,
  };
}
