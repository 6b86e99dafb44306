import { cellQuery } from "@/lib/schemas";
import { readCell } from "@/server/cell";
import { parsed, route } from "@/server/http";

/** The inputs of one cell and the last runs that built it: ?table=&date=. */
export const GET = route(async (context, request) => {
  const query = new URL(request.url).searchParams;
  const { table, date } = parsed(cellQuery, Object.fromEntries(query));
  return readCell(context, table, date);
});
