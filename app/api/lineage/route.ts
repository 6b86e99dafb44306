import { z } from "zod";
import { dateSchema } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { getLineage } from "@/server/lineage";

export const dynamic = "force-dynamic";

/** All tables, who reads whom, and their states on ?date=. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  return getLineage(context, parsed(z.object({ date: dateSchema }), Object.fromEntries(query)).date);
});
