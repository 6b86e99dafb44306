import type { Cell } from "../../api/coverage";
import type { RunView, TaskView } from "../../api/runs";
import { findRootCauses, type RootCause } from "../coverage/causes";
import { cellKey } from "../coverage/types";
import { median, runSeconds } from "../planning/estimate";
import { formatProblems } from "../view/format";
import {
  formatGapAlert,
  formatInterruptedAlert,
  formatRecovery,
  formatRunAlert,
  formatSlowAlert,
  type Recovery,
} from "../view/format-alerts";
import type { Alert, Slow } from "./types";

export type { Alert };

/** Something that somebody was alerted of and that is not over. */
export interface Incident {
  /** The alert that told of it last. */
  alert: Pick<Alert, "id" | "event" | "tables">;
  /** Cells ("table date") that need work for it: over once none of them does. Empty: what opened it says when it is over. */
  cells: string[];
}

/** A recipient: an address for POST, or the addresses of one email. */
export type Receiver = { kind: "webhook"; url: string } | { kind: "email"; to: string[] };

/** Whom the alerts of an owner's tables go to. */
export interface AlertRoute {
  owner: string;
  receiver: Receiver;
}

/**
 * The recipients of an alert about tables of these owners: the routes of each; the default ones where a table has no
 * owner or its owner no route, or where there is no table at all.
 */
export function receiversFor(
  owners: ReadonlyArray<string | undefined>,
  routes: readonly AlertRoute[],
  defaults: readonly Receiver[],
): Receiver[] {
  const ofOwners = (owners.length > 0 ? owners : [undefined]).flatMap((owner) => {
    const own = routes.filter((route) => route.owner === owner).map((route) => route.receiver);
    return own.length > 0 ? own : defaults;
  });
  return [...new Map(ofOwners.map((one) => [JSON.stringify(one), one])).values()];
}

/** Pause before the second try, and the longest one, in seconds. */
const FIRST_PAUSE_S = 5;
const MAX_PAUSE_S = 3_600;
/** How long an alert is tried for. */
const TRIED_FOR_S = 86_400;

/** Seconds until the next try after so many that failed; null where a day of tries is over. */
export function pauseAfter(tries: number): number | null {
  const pause = (nth: number) => Math.min(FIRST_PAUSE_S * 2 ** (nth - 1), MAX_PAUSE_S);
  let waited = 0;
  for (let nth = 1; nth < tries; nth++) waited += pause(nth);
  return waited < TRIED_FOR_S ? pause(tries) : null;
}

/** Slow tables by the seconds a date that were told last, so that they are not told again. */
export type ToldSlow = Record<string, number>;

/** Fewer tasks of its size before it, and nothing can be said of a task. */
const FEWEST_BEFORE = 5;
/** Nobody minds less, in seconds for the whole task. */
const LEAST_SECONDS = 1;
/** A table that was reported as slow is reported again once it has become this much slower still. */
const WORSE_AGAIN = 1.5;

const shortRun = ({ id, status, origin, tables, start, end, cells, rows, error }: RunView) => ({
  id,
  status,
  origin,
  tables,
  start,
  end,
  cells,
  rows,
  error,
});

/** A cause as far as some of its cells have it: what was told before is not told again. */
export function withCells(cause: RootCause, cells: readonly string[]): RootCause {
  const dates = cause.dates.filter((date) => cells.some((cell) => cell.endsWith(date)));
  return { ...cause, dates: dates.length > 0 ? dates : cause.dates, cells: [...cells] };
}

/**
 * True where a run's end is to be told: it failed or was blocked, or a schedule's left cells that are not complete, and
 * is no invented history. What a person ended is not, and who accepts a plan has read what it leaves out.
 */
export const isAlarming = ({ sample, status, origin }: Pick<RunView, "sample" | "status" | "origin">): boolean =>
  !sample && (status === "failed" || status === "blocked" || (status === "incomplete" && origin === "schedule"));

/**
 * Root causes of a run that failed, or left cells that are not complete: from the grid where it can be read (`cells`);
 * else the first of its tables that failed stands for those after it.
 */
export function runCauses(
  run: RunView,
  tasks: ReadonlyArray<Pick<TaskView, "table" | "status" | "dates">>,
  cells: ReadonlyMap<string, Cell> | null,
): RootCause[] {
  const left = tasks.filter((task) => task.status !== "succeeded");
  const problems = run.problems ?? [];
  const keys = [
    ...left.flatMap(({ table, dates }) => dates.map((date) => cellKey(table, date))),
    ...problems.map(({ table, date }) => cellKey(table, date)),
  ];
  const asked = keys.flatMap((key) => cells?.get(key) ?? []);
  const found = cells ? findRootCauses(asked, cells) : [];
  if (found.length > 0) return found;
  const first = left.find((task) => task.status === "failed") ?? left[0];
  const table = first?.table ?? problems[0]?.table ?? run.tables[0] ?? "";
  const affected = [...new Set([...left, ...problems].map((one) => one.table))].filter((name) => name !== table);
  const dates = first?.dates ?? problems.filter((one) => one.table === table).map(({ date }) => date);
  return [{ table, dates: dates.length > 0 ? dates : [run.start], affected, cells: [...new Set(keys)] }];
}

const EVENTS: Partial<Record<RunView["status"], Alert["event"]>> = {
  blocked: "run.blocked",
  incomplete: "run.incomplete",
};

/** The alert of one root cause of a run that has ended. */
export function runAlert(run: RunView, cause: RootCause, error: string | null): Alert {
  const at = run.endedAt ?? run.startedAt;
  const event = EVENTS[run.status] ?? "run.failed";
  const left = run.status === "incomplete" && run.problems ? `${formatProblems(run.problems)}.` : run.error;
  return {
    event,
    id: `${run.id} ${event} ${cause.table} ${at}`,
    text: formatRunAlert(run, { took: runSeconds(run, Date.parse(at)), cause, error: error ?? left }),
    at,
    tables: [cause.table],
    affected: cause.affected,
    run: shortRun(run),
  };
}

/** The alert of a run that was cut off and that nobody has resumed. */
export const interruptedAlert = (run: RunView, at: string): Alert => ({
  event: "run.interrupted",
  id: `${run.id} run.interrupted ${at}`,
  text: formatInterruptedAlert(run),
  at,
  tables: run.tables,
  run: shortRun(run),
});

/** The alert of a root cause of gaps that are so many days old. */
export const gapAlert = (cause: RootCause, days: number, at: string): Alert => ({
  event: "gap.old",
  id: `gap.old ${cause.table} ${at}`,
  text: formatGapAlert(cause, days),
  at,
  tables: [cause.table],
  affected: cause.affected,
  gaps: [{ table: cause.table, dates: cause.dates }],
});

/** The alert that something is over. */
export const recoveredAlert = ({ alert }: Incident, recovery: Recovery, at: string): Alert => ({
  event: "recovered",
  id: `recovered ${alert.id}`,
  text: formatRecovery(recovery),
  at,
  tables: alert.tables,
  recovers: alert.id,
});

type Timed = Pick<TaskView, "table" | "status" | "seconds" | "dates">;
const perDate = (task: Timed): number => (task.seconds ?? 0) / task.dates.length;

/** Tasks that took `factor` times what the tasks of their table and size before them did, in the median. */
export function slowTasks(tasks: readonly Timed[], before: readonly Timed[], factor: number): Slow[] {
  return tasks.flatMap((task) => {
    if (task.status !== "succeeded" || task.dates.length === 0) return [];
    const n = task.dates.length;
    // A single date bears what many share: only tasks of a like size compare.
    const like = before.filter(
      (one) =>
        one.table === task.table &&
        one.status === "succeeded" &&
        one.dates.length >= n / 2 &&
        one.dates.length <= n * 2,
    );
    if (like.length < FEWEST_BEFORE) return [];
    const usual = median(like.map(perDate));
    const seconds = perDate(task);
    const isSlow = seconds > usual * factor && (seconds - usual) * n >= LEAST_SECONDS;
    return isSlow ? [{ table: task.table, seconds, usual }] : [];
  });
}

/**
 * The alert of a run's slow tasks (null where nothing is new), what is reported from now on, and tables that were reported
 * and are as quick as ever again.
 */
export function slowAlert(
  run: RunView,
  slow: readonly Slow[],
  told: ToldSlow,
): { alert: Alert | null; told: ToldSlow; recovered: string[] } {
  const isSlow = new Set(slow.map((one) => one.table));
  // A table that is as quick as ever again is forgotten.
  const kept = Object.fromEntries(
    Object.entries(told).filter(([table]) => isSlow.has(table) || !run.tables.includes(table)),
  );
  const fresh = slow.filter((one) => one.seconds > (kept[one.table] ?? 0) * WORSE_AGAIN);
  const recovered = Object.keys(told).filter((table) => !(table in kept));
  if (fresh.length === 0) return { alert: null, told: kept, recovered };
  return {
    alert: {
      event: "run.slow",
      id: `${run.id} run.slow`,
      tables: fresh.map((one) => one.table),
      text: formatSlowAlert(run, fresh),
      at: run.endedAt ?? run.startedAt,
      run: shortRun(run),
      slow: [...fresh],
    },
    told: { ...kept, ...Object.fromEntries(fresh.map((one) => [one.table, one.seconds])) },
    recovered,
  };
}
