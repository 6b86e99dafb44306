import type { Cell, SourceCell } from "@/lib/api/coverage";
import { type Grid, toGrid } from "@/lib/engine/coverage/grid";
import { overlayAccepted, overlayRuns, type RunOverlay } from "@/lib/engine/coverage/overlay";
import { usualSourceCell } from "@/lib/engine/coverage/sources";
import { cellKey } from "@/lib/engine/coverage/types";
import { FullcourtError } from "@/lib/errors";
import { addDays } from "@/lib/util/dates";
import type { Context } from "../context";
import { listAcceptances } from "../state/acceptances";
import { troubledCells } from "../state/finished";
import { runningTasks } from "../state/runs";
import { rangeParams } from "../warehouse";
import { type Coverage, type KnownDates, knownDates, merged, readEpochs, readNewestEpochs } from "./epochs";

export { type Coverage, knownDates } from "./epochs";

type Looker = Pick<Context, "warehouse" | "state" | "today" | "clock" | "pipeline">;

/** What runs say of cells: those being built now, and those whose last run failed. */
async function readRunOverlay(context: Pick<Context, "state">): Promise<RunOverlay> {
  const running = new Set<string>();
  for (const task of await runningTasks(context.state.db)) {
    if (task.status !== "running") continue;
    for (const date of task.dates) running.add(cellKey(task.table, date));
  }
  const failed = new Map<string, string | null>();
  const unchecked = new Map<string, string>();
  for (const { table, date, runId, status, error } of await troubledCells(context.state.db)) {
    const key = cellKey(table, date);
    if (status === "failed") failed.set(key, error);
    else unchecked.set(key, runId);
  }
  return { running, failed, unchecked };
}

/** Classified cells of the epochs that a range touches, with what runs and people say of them. */
export async function readCoverage(context: Looker, start: string, end: string): Promise<Coverage> {
  return merged(await readCoverageByEpoch(context, start, end));
}

/** The epochs of a range, the oldest first, each with what runs and people say of it. */
export const readCoverageByEpoch = (context: Looker, start: string, end: string): Promise<Coverage[]> =>
  overlaid(context, readEpochs(context, start, end));

/** The same without the older ones that are still to be read: see readNewestEpochs. */
export async function readNewestCoverage(context: Looker, start: string, end: string) {
  const { epochs, pending } = await readNewestEpochs(context, start, end);
  return { epochs: await overlaid(context, epochs), pending };
}

/** Epochs with what runs and people say of their cells. Where they say nothing, the cells are the same object. */
async function overlaid(context: Looker, reading: Coverage[] | Promise<Coverage[]>): Promise<Coverage[]> {
  const [epochs, overlay, acceptances] = await Promise.all([
    reading,
    readRunOverlay(context),
    listAcceptances(context.state.db),
  ]);
  const today = context.today();
  return epochs.map((epoch) => ({
    ...epoch,
    cells: overlayAccepted(overlayRuns(epoch.cells, overlay), acceptances, today),
  }));
}

/** What a task has made of a date: the cell of a table, or of a source that its job has loaded. */
export function cellOfTask(
  { pipeline, today }: Pick<Context, "pipeline" | "today">,
  { facts, cells }: Pick<Coverage, "facts" | "cells">,
  { table, date }: { table: string; date: string },
): Cell | SourceCell | undefined {
  const source = pipeline.sourceById.get(table);
  return source ? usualSourceCell(facts, source, date, today()) : cells.get(cellKey(table, date));
}

/** The grid of a range. */
export async function getCoverage(
  context: Looker,
  range: { start: string; end: string },
  tables?: string[],
): Promise<Grid> {
  const { facts, cells } = await readCoverage(context, range.start, range.end);
  return toGrid(facts, cells, range, tables);
}

/** Units of a range that are due. */
export async function countUnits(
  context: Pick<Context, "warehouse" | "pipeline">,
  start: string,
  end: string,
): Promise<number> {
  const rows = await context.warehouse.query(context.pipeline.sql.units, rangeParams(start, end));
  return rows[0]?.units as number;
}

/** The same; an error where nothing is known: nothing in an empty warehouse is complete. */
export async function someKnownDates(context: Pick<Context, "warehouse" | "today" | "pipeline">): Promise<KnownDates> {
  const known = await knownDates(context);
  if (known) return known;
  throw new FullcourtError(
    "no_data",
    "The warehouse has no schedule yet.",
    "Make the demo (fullcourt demo) or load raw data (fullcourt import FILE...).",
  );
}

/** The range to show when none is asked for: 16 days up to the last due date that has passed. */
export function defaultRange({ first, passed }: { first: string; passed: string }): { start: string; end: string } {
  const start = addDays(passed, -15);
  return { start: start < first ? first : start, end: passed };
}
