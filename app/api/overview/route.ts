import { overviewQuery } from "@/lib/api/schemas";
import { getOverview } from "@/server/coverage/page";
import { queryOf, route } from "@/server/http";

/** The state of every known date and table, a letter each; ?at= as the state history has it of that moment. */
export const GET = route((context, request) => getOverview(context, queryOf(request, overviewQuery).at));
