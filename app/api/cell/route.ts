import { requestsOf } from "@/lib/api/schemas";
import { readCell } from "@/server/coverage/cell";
import { queryOf, route } from "@/server/http";

/** The inputs of one cell and the last runs that built it: ?table=&date=. */
export const GET = route(async (context, request) => {
  const { table, date } = queryOf(request, requestsOf(context.pipeline).cellQuery);
  return readCell(context, table, date);
});
