import { requestsOf } from "@/lib/api/schemas";
import { readColumns } from "@/server/coverage/columns";
import { queryOf, route } from "@/server/http";

/** What the columns of ?table= hold by date, from ?start= to ?end=; one of them with &column=. */
export const GET = route(async (context, request) => {
  const { table, start, end, column } = queryOf(request, requestsOf(context.pipeline).columnsQuery);
  return readColumns(context, table, { start, end }, column);
});
