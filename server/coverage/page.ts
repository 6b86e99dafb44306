import { toGrid } from "@/lib/coverage/grid";
import { type Overview, toOverview } from "@/lib/coverage/overview";
import { type Packed, packPage, toPage } from "@/lib/coverage/page";
import { addDays, dayNumber } from "@/lib/dates";
import type { Offer } from "@/lib/planning/estimate";
import { makePlan } from "@/lib/planning/plan";
import { wholeChain } from "@/lib/planning/request";
import type { Context } from "../context";
import { forecastOf } from "../runner/history";
import { knownDates, readNewestCoverage } from "./index";

/** A longer range is planned when somebody asks for it: the page should not wait for that. */
const LONGEST_OFFER_DAYS = 366;
/** How long an answer waits for older seasons that nobody has looked at yet; the page asks again for the rest. */
const PATIENCE_MS = 400;

interface Range {
  start: string;
  end: string;
}

/** The grid of a range as the page gets it, without the older dates that are still to be looked at. */
export async function getPage(context: Context, range: Range, tables?: string[]): Promise<Packed> {
  return (await readPage(context, range, tables)).page;
}

async function readPage(context: Context, range: Range, tables?: string[]) {
  const coverage = await readNewestCoverage(context, range.start, range.end, PATIENCE_MS);
  const { facts, cells, checkedAt, pending } = coverage;
  const shown = { start: pending ? addDays(pending, 1) : range.start, end: range.end };
  const grid = toGrid(facts, cells, shown, tables);
  return { page: packPage({ ...toPage({ ...grid, checkedAt }), range, pending }), coverage };
}

/** The page's grid of a range, and what one click would do. */
export async function getPageWithOffer(context: Context, range: Range): Promise<{ page: Packed; offer: Offer | null }> {
  const { page, coverage } = await readPage(context, range);
  if (page.pending || dayNumber(range.end) - dayNumber(range.start) > LONGEST_OFFER_DAYS) return { page, offer: null };
  const plan = makePlan(coverage.facts, coverage.cells, wholeChain(range));
  const { seconds } = await forecastOf(context, plan.tasks);
  return { page, offer: { cells: plan.cells.length, seconds } };
}

/** The state of every known date and table; dates that are still to be looked at have none. */
export async function getOverview(context: Context): Promise<Overview> {
  const known = await knownDates(context);
  if (!known) return { start: "", end: "", tables: [], states: [], pending: null };
  const range = { start: known.first, end: known.last };
  const { facts, cells, pending } = await readNewestCoverage(context, range.start, range.end, PATIENCE_MS);
  return { ...toOverview(toGrid(facts, cells, range)), pending };
}
