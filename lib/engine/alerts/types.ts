import type { RunView } from "../../api/runs";

export interface Alert {
  event:
    | "run.failed"
    | "run.blocked"
    | "run.incomplete"
    | "run.interrupted"
    | "run.slow"
    | "gap.old"
    | "schedule.failed"
    | "schedule.missed"
    | "backup.failed"
    | "recovered";
  /** The same for every delivery of it. */
  id: string;
  /** What it is in words, for a chat or an e-mail. */
  text: string;
  at: string;
  /** Tables that it is about: their owners hear of it. */
  tables: string[];
  /** Other tables that need work for the same cause. */
  affected?: string[];
  run?: Pick<RunView, "id" | "status" | "origin" | "tables" | "start" | "end" | "cells" | "rows" | "error">;
  gaps?: Array<{ table: string; dates: string[] }>;
  slow?: Slow[];
  /** Of `recovered`: the alert that is over. */
  recovers?: string;
}

/** A task that took far longer than its table's tasks of that size do, in seconds a date. */
export interface Slow {
  table: string;
  seconds: number;
  usual: number;
}
