import { dateQuery } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { getLineage } from "@/server/lineage";

/** All tables, who reads whom, and their states on ?date=. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  return getLineage(context, parsed(dateQuery, Object.fromEntries(query)).date);
});
