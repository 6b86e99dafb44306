import { toOverview } from "@/lib/coverage/overview";
import { getCoverage, knownDates } from "@/server/coverage";
import { route } from "@/server/http";

export const dynamic = "force-dynamic";

/** The state of every known date and table, a letter each. */
export const GET = route(async (context) => {
  const known = await knownDates(context);
  if (!known) return { start: "", end: "", tables: [], states: [] };
  return toOverview(await getCoverage(context, { start: known.first, end: known.last }));
});
