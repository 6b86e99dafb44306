import type { Problem } from "./checks/verify";
import { type Cell, type CellState, STATES } from "./coverage/types";
import { stateWord } from "./coverage/words";
import type { Forecast, PastError } from "./planning/estimate";

/** Runs as pages and clients see them; the state's rows have these fields. */
export type RunStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled" | "blocked" | "interrupted";
export type TaskStatus = "waiting" | "running" | "succeeded" | "failed" | "blocked" | "cancelled";

/** Cells of the grid that a run took from one state to another. */
export interface StateChange {
  from: CellState;
  to: CellState;
  cells: number;
}

export interface RunView {
  id: string;
  planId: string;
  status: RunStatus;
  origin: string;
  sample: boolean;
  tables: string[];
  start: string;
  end: string;
  cells: number;
  startedAt: string;
  endedAt: string | null;
  rows: number;
  error: string | null;
  /** Cells that the range check after the run found not complete; null where it was not made. */
  problems: Problem[] | null;
  /** Seconds that were foretold at the launch; null without history. */
  estimate: number | null;
  /** Runs behind which it waits while it is queued. */
  behind: string[];
  changes: StateChange[] | null;
}

export interface TaskView {
  id: number;
  runId: string;
  seq: number;
  table: string;
  start: string;
  end: string;
  dates: string[];
  reason: string;
  status: TaskStatus;
  rows: number;
  startedAt: string | null;
  endedAt: string | null;
  seconds: number | null;
  checkSeconds: number | null;
  readSeconds: number | null;
  computeSeconds: number | null;
  writeSeconds: number | null;
  /** Bytes read and slot seconds used; null where the engine bills neither. */
  bytes: number | null;
  slotSeconds: number | null;
  error: string | null;
}

interface LogView {
  id: number;
  runId: string;
  at: string;
  level: "info" | "warn" | "error";
  message: string;
}

/** A run with its tasks and log. */
export interface RunDetail {
  run: RunView;
  tasks: TaskView[];
  logs: LogView[];
  /** While it runs: seconds left in the middle case and with nine in ten chances, and how far such words were off. */
  left?: (Forecast & { pastError: PastError | null }) | null;
}

/** What happens to runs, as it happens. */
export type RunEvent =
  | { type: "run"; run: RunView }
  | { type: "task"; runId: string; task: TaskView }
  | { type: "log"; runId: string; log: LogView };

/** What the cells of a task are, now that it has ended: the page's code by cell key, see encodeCell. */
export interface CellsEvent {
  type: "cells";
  runId: string;
  codes: Record<string, string>;
}

/** What is running, and a count that grows with every change of the data. */
export interface Pulse {
  active: string[];
  changes: number;
}

/** Cells by their state before and after, where it changed; the worst before first. */
export function stateChanges(before: ReadonlyMap<string, Cell>, after: ReadonlyMap<string, Cell>): StateChange[] {
  const counts = new Map<string, StateChange>();
  for (const [key, { state: to }] of after) {
    const from = before.get(key)?.state ?? "no_games";
    // A cell that the run is just leaving is no change.
    if (from === to || to === "running") continue;
    const found = counts.get(`${from} ${to}`) ?? { from, to, cells: 0 };
    found.cells++;
    counts.set(`${from} ${to}`, found);
  }
  const rank = (change: StateChange) => STATES.indexOf(change.from) * STATES.length + STATES.indexOf(change.to);
  return [...counts.values()].sort((a, b) => rank(a) - rank(b));
}

/** "35 missing now complete, 2 duplicated now complete". */
export const changeWords = (changes: readonly StateChange[]): string =>
  changes.map(({ from, to, cells }) => `${cells} ${stateWord(from)} now ${stateWord(to)}`).join(", ");

/** Seconds that a run took, or has taken until `now` (milliseconds). */
export function runSeconds(run: Pick<RunView, "startedAt" | "endedAt">, now: number): number {
  return Math.max(0, (run.endedAt ? Date.parse(run.endedAt) : now) - Date.parse(run.startedAt)) / 1000;
}

/** "0.4 s", "12 s", "3 min 20 s". */
export function secondsWords(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
