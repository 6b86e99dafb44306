import { rangeSchema } from "@/lib/api/schemas";
import { clampRange } from "@/lib/engine/pipeline/epochs";
import type { Context } from "../context";
import { defaultRange, knownDates, someKnownDates } from "../coverage";
import { parsed } from ".";

/** ?start= and ?end= of a request, as far as something is known; the range that the page shows when neither is given. */
export async function readQueryRange(
  context: Context,
  query: URLSearchParams,
): Promise<{ start: string; end: string }> {
  const start = query.get("start") ?? query.get("date");
  const end = query.get("end") ?? query.get("date");
  const asked = start || end ? parsed(rangeSchema, { start: start ?? end, end: end ?? start }) : null;
  return asked
    ? clampRange(context.pipeline, asked, await knownDates(context))
    : defaultRange(await someKnownDates(context));
}
