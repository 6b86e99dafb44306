import { tablesNamed } from "@/lib/engine/pipeline/find";
import { eachDate } from "@/lib/util/dates";
import { readFreshness } from "@/server/checks";
import { route } from "@/server/http";
import { readQueryRange } from "@/server/http/api-range";

/** Dependency freshness of ?start=&end=&tables=, in one query. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  const { start, end } = await readQueryRange(context, query);
  return readFreshness(context, tablesNamed(context.pipeline, [query.get("tables") ?? "all"]), eachDate(start, end));
});
