import { FullcourtError } from "@/lib/errors";
import { rangeSchema } from "@/lib/schemas";
import type { Context } from "./context";
import { defaultRange, knownDates } from "./coverage";
import { parsed } from "./http";

/** ?start= and ?end= of a request; the range that the page shows when neither is given. */
export async function readQueryRange(
  context: Context,
  query: URLSearchParams,
): Promise<{ start: string; end: string }> {
  const start = query.get("start") ?? query.get("date");
  const end = query.get("end") ?? query.get("date");
  if (start || end) return parsed(rangeSchema, { start: start ?? end, end: end ?? start });
  const known = await knownDates(context);
  if (!known)
    throw new FullcourtError(
      "no_data",
      "The warehouse has no schedule yet.",
      "Make the demo season or import raw data.",
    );
  return defaultRange(known);
}
