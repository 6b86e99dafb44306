import { parseColumn } from "@/lib/lineage";
import { route } from "@/server/http";
import { columnsOfTables, getColumnLineage } from "@/server/lineage";

/** Where ?column=mlfs.features[13] comes from, back to the raw tables. */
export const GET = route(async (_context, request) =>
  getColumnLineage(parseColumn(new URL(request.url).searchParams.get("column") ?? "", columnsOfTables())),
);
