import { rowsQuery } from "@/lib/api/schemas";
import { toCsv } from "@/lib/util/csv";
import { audit } from "@/server/access/audit";
import { columnsOf, readRows, toParquet } from "@/server/coverage/rows";
import { queryOf, route } from "@/server/http";

/** The rows of ?table= on ?date=, as JSON, or as a file with &format=csv or parquet. */
export const GET = route(async (context, request) => {
  const { table, date, format } = queryOf(request, rowsQuery);
  const rows = await readRows(context, table, date);
  if (format === "json") return rows;
  await audit(context, "download", `${table} ${date} ${format}`);
  const columns = columnsOf(context.pipeline, table);
  const names = columns.map(({ name }) => name);
  const body = format === "csv" ? toCsv(rows, names) : await toParquet(rows, columns);
  return new Response(body, {
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet",
      "content-disposition": `attachment; filename="${table}-${date}.${format}"`,
    },
  });
});
