import type { RunView } from "../../api/runs";
import { dateList, formatRange } from "../../util/dates";
import { few } from "../../util/few";
import type { Alert, Slow } from "../alerts/types";
import type { RootCause } from "../coverage/causes";
import { formatSeconds } from "./format-time";

type NamedRun = Pick<RunView, "id" | "status" | "tables" | "start" | "end">;

const formatWaiting = ({ affected }: Pick<RootCause, "affected">): string =>
  affected.length === 0
    ? ""
    : ` ${affected.length === 1 ? "1 table waits" : `${affected.length} tables wait`} for it: ${affected.join(", ")}.`;

const formatAsked = (run: NamedRun): string => `${run.tables.join(", ")}, ${formatRange(run)}`;

/** A run that ended in `status`, with one of its root causes; `took` in seconds. */
export function formatRunAlert(
  run: NamedRun,
  { took, cause, error }: { took: number; cause: Omit<RootCause, "cells">; error: string | null },
): string {
  const at = `${cause.table} of ${dateList(cause.dates)}`;
  return `Backfill ${run.id} ${run.status} at ${at} after ${formatSeconds(took)}: ${formatAsked(run)}. ${error ?? "No reason is on record."}${formatWaiting(cause)}`;
}

export const formatInterruptedAlert = (run: NamedRun): string =>
  `Backfill ${run.id} was interrupted and waits to be resumed or cancelled: ${formatAsked(run)}.`;

export const formatGapAlert = (cause: Omit<RootCause, "cells">, days: number): string =>
  `${cause.table} has gaps that are ${days} days old or more: ${dateList(cause.dates)}.${formatWaiting(cause)}`;

/** Tables that took far longer than they do, in seconds a date. */
export function formatSlowAlert(run: NamedRun, slow: readonly Slow[]): string {
  const tables = slow.map(
    ({ table, seconds, usual }) =>
      `${table} took ${seconds.toFixed(2)} s a date, ${(seconds / Math.max(usual, 0.001)).toFixed(1)} times the usual ${usual.toFixed(2)} s`,
  );
  return `Backfill ${run.id} was slow: ${tables.join("; ")}. ${formatRange(run)}.`;
}

export const formatBackupAlert = (error: string): string => `A backup failed: ${error}`;

export const formatScheduleAlert = (schedule: string, error: string): string =>
  `The schedule ${schedule} failed to start: ${error}`;

/** Runs of a schedule that were missed from `first` to `last`, which are moments in UTC. */
export function formatMissedAlert(
  schedule: string,
  { runs, first, last }: { runs: number; first: string; last: string },
): string {
  const times = runs === 1 ? `a run of ${first} UTC` : `${runs} runs between ${first} and ${last} UTC`;
  return `The schedule ${schedule} missed ${times} that it does not catch up. Look at the grid, and backfill what is missing.`;
}

/** What is over, by what it was. */
export type Recovery =
  | { of: "backup" }
  | { of: "schedule"; schedule: string }
  | { of: "interrupted"; run: string; status: string | null }
  | { of: "data"; table: string }
  | { of: "slow"; table: string; run: string };

export function formatRecovery(recovery: Recovery): string {
  switch (recovery.of) {
    case "backup":
      return "Backups work again.";
    case "schedule":
      return `The schedule ${recovery.schedule} begins again.`;
    case "interrupted":
      return `Backfill ${recovery.run} is not interrupted any more: ${recovery.status ?? "removed"}.`;
    case "data":
      return `${recovery.table} has recovered: none of its cells needs work any more.`;
    case "slow":
      return `${recovery.table} is as fast as usual again: backfill ${recovery.run}.`;
  }
}

const SUBJECTS: Record<Alert["event"], (run: string) => string> = {
  "run.failed": (run) => `Backfill ${run} failed`,
  "run.blocked": (run) => `Backfill ${run} blocked`,
  "run.incomplete": (run) => `Backfill ${run} incomplete`,
  "run.interrupted": (run) => `Backfill ${run} interrupted`,
  "run.slow": (run) => `Backfill ${run} was slow`,
  "gap.old": () => "Old gaps",
  "schedule.failed": () => "A schedule failed to start",
  "schedule.missed": () => "A schedule missed runs",
  "backup.failed": () => "A backup failed",
  recovered: () => "Recovered",
};

/** The subject of an alert's e-mail: what happened, and to which tables. */
export function formatSubject({ event, run, tables }: Pick<Alert, "event" | "run" | "tables">): string {
  return `Fullcourt: ${SUBJECTS[event](run?.id ?? "")}${tables.length > 0 ? `: ${few(tables, 3)}` : ""}`;
}
