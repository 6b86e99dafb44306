import { tablesNamed } from "@/lib/engine/pipeline/find";
import { getDocument, getPage } from "@/server/coverage/page";
import { getSources } from "@/server/coverage/sources";
import { route } from "@/server/http";
import { readQueryRange } from "@/server/http/api-range";

/** The grid of ?start=&end=&tables=; view=page is the short form that the page reads, view=sources that of the sources; look=again queries the warehouse again. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  const range = await readQueryRange(context, query);
  if (query.get("look") === "again") context.warehouse.changes.lookAgain();
  if (query.get("view") === "sources") return getSources(context, range);
  const tables = tablesNamed(context.pipeline, [query.get("tables") ?? "all"]).map((one) => one.id);
  if (query.get("view") === "page") return getPage(context, range, tables);
  return getDocument(context, range, tables);
});
