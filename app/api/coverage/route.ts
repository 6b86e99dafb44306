import { toContract } from "@/lib/coverage/contract";
import { processorsNamed } from "@/lib/processors";
import { readQueryRange } from "@/server/api-range";
import { getCoverage } from "@/server/coverage";
import { route } from "@/server/http";

export const dynamic = "force-dynamic";

/** The grid of ?start=&end=&tables=; view=full adds what the page shows besides. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  const range = await readQueryRange(context, query);
  const grid = await getCoverage(
    context,
    range,
    processorsNamed([query.get("tables") ?? "all"]).map((one) => one.short),
  );
  return query.get("view") === "full" ? grid : toContract(grid);
});
