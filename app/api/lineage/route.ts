import { dateQuery } from "@/lib/schemas";
import { queryOf, route } from "@/server/http";
import { getLineage } from "@/server/lineage";

/** All tables, who reads whom, and their states on ?date=. */
export const GET = route(async (context, request) => getLineage(context, queryOf(request, dateQuery).date));
