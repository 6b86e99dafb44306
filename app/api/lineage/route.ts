import { dateQuery } from "@/lib/api/schemas";
import { getLineage } from "@/server/coverage/lineage";
import { queryOf, route } from "@/server/http";

/** All tables, their dependencies, and their states on ?date=. */
export const GET = route(async (context, request) => getLineage(context, queryOf(request, dateQuery).date));
