import { toContract } from "@/lib/coverage/contract";
import { packPage, toPage } from "@/lib/coverage/page";
import { processorsNamed } from "@/lib/processors";
import { readQueryRange } from "@/server/api-range";
import { getCoverage } from "@/server/coverage";
import { route } from "@/server/http";

export const dynamic = "force-dynamic";

/** The grid of ?start=&end=&tables=; view=page is the short form that the page reads, look=again asks the warehouse anew. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  const range = await readQueryRange(context, query);
  if (query.get("look") === "again") context.warehouse.lookAgain();
  const grid = await getCoverage(
    context,
    range,
    processorsNamed([query.get("tables") ?? "all"]).map((one) => one.short),
  );
  return query.get("view") === "page" ? packPage(toPage(grid)) : toContract(grid);
});
