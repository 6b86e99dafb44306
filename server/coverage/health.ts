import { type Healing, timeToHeal, type WeekShare, weeklyShare } from "@/lib/engine/timings/health";
import { weekOf } from "@/lib/engine/timings/statistics";
import { addDays } from "@/lib/util/dates";
import type { Context } from "../context";
import { changesSince, seenStates } from "../state/cell-changes";

/** So far back it looks. */
const WEEKS = 12;

/** How complete the data was week by week and how long gaps stayed open, from the history of cells' states. */
export async function getHealth(
  { state, pipeline }: Pick<Context, "state" | "pipeline">,
  now = new Date().toISOString(),
): Promise<{ weeks: WeekShare[]; healing: Healing[] }> {
  const since = addDays(weekOf(now.slice(0, 10)), -7 * (WEEKS - 1));
  const [seen, changes] = await Promise.all([seenStates(state.db), changesSince(state.db, since)]);
  const tables = pipeline.order.map(({ id }) => id);
  return { weeks: weeklyShare(seen, changes, now, WEEKS), healing: timeToHeal(tables, seen, changes) };
}
