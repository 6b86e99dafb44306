import type { CoverageDocument, Overview, Summary } from "@/lib/api/coverage";
import { undoChanges } from "@/lib/engine/coverage/changes";
import { gridDates, toCoverageDate } from "@/lib/engine/coverage/grid";
import { encodeRows, type Packed, stateLetters, toPageDate } from "@/lib/engine/coverage/page";
import { joinTallies, type Tally, tally, toSummary } from "@/lib/engine/coverage/summary";
import { clampRange } from "@/lib/engine/pipeline/epochs";
import type { BackfillEstimate } from "@/lib/engine/planning/estimate";
import { makePlan } from "@/lib/engine/planning/plan";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { dayNumber } from "@/lib/util/dates";
import type { Context } from "../context";
import { forecastOf } from "../runner/history";
import { decidePlan } from "../runner/plans";
import { changesSince } from "../state/cell-changes";
import { merged, oldestLook } from "./epochs";
import { type Coverage, knownDates, readCoverageByEpoch, readNewestCoverage } from "./index";
import { sourcesOn } from "./sources";

/** A longer range is planned when somebody asks for it: the page should not wait for that. */
const LONGEST_OFFER_DAYS = 366;

interface Range {
  start: string;
  end: string;
}

const allOf = ({ pipeline }: Pick<Context, "pipeline">): string[] => pipeline.tables.map(({ id }) => id);

/** The grid of a range as the page gets it. */
export async function getPage(context: Context, range: Range, tables: string[] = allOf(context)): Promise<Packed> {
  return toPage(context, await readCoverageByEpoch(context, range.start, range.end), range, tables);
}

function toPage(
  { pipeline, warehouse }: Context,
  epochs: readonly Coverage[],
  range: Range,
  tables: string[],
  pending: string | null = null,
): Packed {
  const seen = warehouse.seen?.();
  const parts = epochs.map((epoch) => encodeEpoch(epoch, within(epoch, range), tables));
  return {
    range,
    tables,
    none: pipeline.calendar.unit.none,
    rows: parts.map((part) => part.rows).join("\n"),
    summary: toSummary(joinTallies(parts.map((part) => part.tally)), range.end),
    checkedAt: seen?.isBehind ? seen.at : oldestLook(epochs),
    behind: seen?.isBehind ? (seen.isAway ? "away" : "written") : null,
    pending,
  };
}

/** What a range has of an epoch. */
const within = ({ facts }: Coverage, { start, end }: Range): Range => ({
  start: facts.start > start ? facts.start : start,
  end: facts.end < end ? facts.end : end,
});

const encodeEpoch = memoizeByEpoch(({ facts, cells }, range, tables) => {
  const dates = gridDates(facts, cells, range, tables);
  return {
    rows: encodeRows(dates.map(toPageDate), facts.pipeline.calendar.unit.none),
    tally: tally(facts, cells, dates, tables),
  };
});

const overviewRow = memoizeByEpoch(({ cells }, range, tables) => stateLetters(cells, range, tables));

/**
 * Work on an epoch that is kept until its cells change: while a run writes into one epoch, the others
 * of a long history are not gone through again and again. One result an epoch is kept, the last.
 */
function memoizeByEpoch<T>(work: (epoch: Coverage, range: Range, tables: string[]) => T) {
  const done = new WeakMap<Coverage["cells"], { of: string; result: T }>();
  return (epoch: Coverage, range: Range, tables: string[]): T => {
    const of = JSON.stringify([range, tables]);
    const found = done.get(epoch.cells);
    if (found?.of === of) return found.result;
    const result = work(epoch, range, tables);
    done.set(epoch.cells, { of, result });
    return result;
  };
}

/**
 * The grid of a range as the API gives it, to be written an epoch at a time: its dates can be gone through once, its
 * summary is known then.
 */
export async function getDocument(
  context: Context,
  range: Range,
  tables: string[],
): Promise<Omit<CoverageDocument, "dates" | "summary"> & { dates: Iterable<object>; summary: () => Summary }> {
  const epochs = await readCoverageByEpoch(context, range.start, range.end);
  const tallies: Tally[] = [];
  const sources = sourcesOn(context, tables);
  function* dates() {
    for (const epoch of epochs) {
      const own = gridDates(epoch.facts, epoch.cells, within(epoch, range), tables);
      tallies.push(tally(epoch.facts, epoch.cells, own, tables));
      for (const date of own)
        yield toCoverageDate(date, sources(epoch.facts, date.date), context.pipeline.calendar.unit);
    }
  }
  const { one, many } = context.pipeline.calendar.unit;
  return {
    unit: { one, many },
    range,
    tables,
    dates: dates(),
    summary: () => toSummary(joinTallies(tallies), range.end),
  };
}

/** The page's grid of a range, without older epochs that are still to be read, and what one click would do. */
export async function getPageWithOffer(
  context: Context,
  range: Range,
): Promise<{ page: Packed; offer: BackfillEstimate | null }> {
  const { epochs, pending } = await readNewestCoverage(context, range.start, range.end);
  const page = toPage(context, epochs, range, allOf(context), pending);
  if (pending || dayNumber(range.end) - dayNumber(range.start) > LONGEST_OFFER_DAYS) return { page, offer: null };
  const coverage = merged(epochs);
  const request = wholeChain(range, context.pipeline);
  // Where reading is billed no model is asked for a page.
  const isFree = context.warehouse.engine === "duckdb";
  const plan = await (isFree
    ? decidePlan(context, coverage, request)
    : makePlan(coverage.facts, coverage.cells, request));
  const { seconds } = await forecastOf(context, plan.tasks);
  return { page, offer: { cells: plan.cells.length, seconds } };
}

/** The state of every known date and table: now, or at a moment (ISO 8601, UTC) as the state history has it. */
export async function getOverview(context: Context, at?: string): Promise<Overview> {
  const known = await knownDates(context);
  if (!known) return { start: "", end: "", tables: [], states: [], epochs: [] };
  const range = clampRange(context.pipeline, { start: known.first, end: known.last }, known);
  const epochs = await readCoverageByEpoch(context, range.start, range.end);
  const tables = allOf(context);
  const parts = epochs.map((epoch) => overviewRow(epoch, within(epoch, range), tables));
  const { pipeline } = context;
  const now = {
    ...range,
    tables,
    states: tables.map((_, column) => parts.map((part) => part[column]).join("")),
    epochs: (pipeline.definition.epochs ? epochs : []).map(({ facts: { start } }) => ({
      label: pipeline.epochs.label(pipeline.epochs.of(start)),
      start,
    })),
  };
  return at === undefined ? now : undoChanges(now, await changesSince(context.state.db, new Date(at).toISOString()));
}
