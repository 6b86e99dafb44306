import { parseColumn } from "@/lib/engine/pipeline/lineage";
import { columnsOfTables, getColumnLineage } from "@/server/coverage/lineage";
import { route } from "@/server/http";

/** Where ?column=mlfs.features[13] comes from, back to the raw tables. */
export const GET = route(async (context, request) =>
  getColumnLineage(
    context,
    parseColumn(new URL(request.url).searchParams.get("column") ?? "", columnsOfTables(context.pipeline)),
  ),
);
