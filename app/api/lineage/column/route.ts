import { parseColumn } from "@/lib/lineage";
import { route } from "@/server/http";
import { columnsOfTables, getColumnLineage } from "@/server/lineage";

/** Where ?column=mlfs.features[13] comes from, back to the raw tables. */
export const GET = route(async (context, request) =>
  getColumnLineage(
    context,
    parseColumn(new URL(request.url).searchParams.get("column") ?? "", columnsOfTables(context.pipeline)),
  ),
);
