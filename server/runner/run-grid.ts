import type { RunView } from "@/lib/api/runs";
import { type Packed, unpackPage } from "@/lib/engine/coverage/page";
import { pageStates, type StateRow, statesBefore } from "@/lib/engine/coverage/run-states";
import { addDays } from "@/lib/util/dates";
import type { Context } from "../context";
import { getPage } from "../coverage/page";
import { changesOfRun } from "../state/cell-changes";
import { findPlan } from "../state/runs";

/** Further dates of a run are left to the grid itself. */
const MAX_DAYS = 45;

/** The grid of a run's dates (of the first ones where they are many), as it is and as it was before it, where that is known. */
export async function getRunGrid(
  context: Context,
  { id, planId, start, end }: Pick<RunView, "id" | "planId" | "start" | "end">,
): Promise<{ page: Packed; before: StateRow[] | null }> {
  const last = addDays(start, MAX_DAYS - 1);
  const { db } = context.state;
  const [page, plan, changes] = await Promise.all([
    getPage(context, { start, end: end < last ? end : last }),
    findPlan(db, planId),
    changesOfRun(db, id),
  ]);
  const planned = (plan?.body.cells ?? []).map(({ table, date, state }) => ({ table, date, from: state }));
  return { page, before: statesBefore(pageStates(unpackPage(page)), page.tables, planned, changes) };
}
