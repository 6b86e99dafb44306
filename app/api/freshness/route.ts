import { eachDate } from "@/lib/dates";
import { tablesNamed } from "@/lib/engine/pipeline/find";
import { readQueryRange } from "@/server/api-range";
import { readFreshness } from "@/server/checks";
import { route } from "@/server/http";

/** Dependency freshness of ?start=&end=&tables=, in one query. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  const { start, end } = await readQueryRange(context, query);
  return readFreshness(context, tablesNamed(context.pipeline, [query.get("tables") ?? "all"]), eachDate(start, end));
});
