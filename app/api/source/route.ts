import { sourceQuery } from "@/lib/api/schemas";
import { readSource } from "@/server/coverage/sources";
import { queryOf, route } from "@/server/http";

/** What a source serves of a date, how old its rows are, and who reads it: ?table=&date=. */
export const GET = route(async (context, request) => {
  const { table, date } = queryOf(request, sourceQuery);
  return readSource(context, table, date);
});
