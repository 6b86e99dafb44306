import { z } from "zod";
import { toCsv } from "@/lib/csv";
import { dateSchema } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { columnsOf, readRows, toParquet } from "@/server/rows";

export const dynamic = "force-dynamic";

const querySchema = z.object({
  table: z.string().min(1),
  date: dateSchema,
  format: z.enum(["json", "csv", "parquet"]).default("json"),
});

/** The rows of ?table= on ?date=, as JSON, or as a file with &format=csv or parquet. */
export const GET = route(async (context, request) => {
  const query = parsed(querySchema, Object.fromEntries(new URL(request.url).searchParams));
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
