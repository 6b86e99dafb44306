import { toCsv } from "@/lib/csv";
import { rowsQuery } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { columnsOf, readRows, toParquet } from "@/server/rows";

/** The rows of ?table= on ?date=, as JSON, or as a file with &format=csv or parquet. */
export const GET = route(async (context, request) => {
  const query = parsed(rowsQuery, Object.fromEntries(new URL(request.url).searchParams));
  const { table, date, format } = query;
  const rows = await readRows(context, table, date);
  if (format === "json") return rows;
  const columns = columnsOf(table);
  const body =
    format === "csv"
      ? toCsv(
          rows,
          columns.map((column) => column.name),
        )
      : await toParquet(rows, columns);
  return new Response(body, {
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet",
      "content-disposition": `attachment; filename="${table}-${date}.${format}"`,
    },
  });
});
