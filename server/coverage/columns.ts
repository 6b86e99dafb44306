import type { ColumnsDocument } from "@/lib/api/columns";
import { toColumns } from "@/lib/engine/coverage/columns";
import { tableOf } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { readCoverage } from ".";

/** NULL and zero among the rows of each column of a table, and its checks, by date; of one column where it is named. */
export async function readColumns(
  context: Context,
  name: string,
  range: { start: string; end: string },
  column?: string,
): Promise<ColumnsDocument> {
  const table = tableOf(context.pipeline, name);
  if (column !== undefined && !table.columns.some((one) => one.name === column))
    throw new FullcourtError(
      "bad_column",
      `${table.id} has no column "${column}".`,
      `Its columns are ${table.columns.map((one) => one.name).join(", ")}.`,
    );
  const { facts, cells } = await readCoverage(context, range.start, range.end);
  return toColumns(facts, cells, table, range, column);
}
