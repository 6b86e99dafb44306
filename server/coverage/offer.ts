import { toGrid } from "@/lib/coverage/grid";
import { type Packed, packPage, toPage } from "@/lib/coverage/page";
import { dayNumber } from "@/lib/dates";
import type { Offer } from "@/lib/planning/estimate";
import { makePlan } from "@/lib/planning/plan";
import { wholeChain } from "@/lib/planning/request";
import type { Context } from "../context";
import { forecastOf } from "../runner/history";
import { readCoverage } from "./index";

/** A longer range is planned when somebody asks for it: the page should not wait for that. */
const LONGEST_OFFER_DAYS = 366;

/** The page's grid of a range, and what one click would do. */
export async function getPageWithOffer(
  context: Context,
  range: { start: string; end: string },
): Promise<{ page: Packed; offer: Offer | null }> {
  const { facts, cells, checkedAt } = await readCoverage(context, range.start, range.end);
  const page = packPage(toPage({ ...toGrid(facts, cells, range), checkedAt }));
  if (dayNumber(range.end) - dayNumber(range.start) > LONGEST_OFFER_DAYS) return { page, offer: null };
  const plan = makePlan(facts, cells, wholeChain(range));
  const { seconds } = await forecastOf(context, plan.tasks);
  return { page, offer: { cells: plan.cells.length, seconds } };
}
