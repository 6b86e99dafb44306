import type { ColumnsDocument } from "@/lib/api/columns";
import { toColumns } from "@/lib/engine/coverage/columns";
import { withColumns } from "@/lib/engine/coverage/facts";
import type { CoverageFacts } from "@/lib/engine/coverage/types";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { tableOf } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { readFigures } from "../warehouse/counts";
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
  return toColumns(await withRest(context, facts, table, range), cells, table, range, column);
}

/** Facts with what a look leaves out: older dates of this one table. None of a warehouse that bills what is read. */
async function withRest(
  { warehouse, pipeline }: Context,
  facts: CoverageFacts,
  table: Processor,
  { start, end }: { start: string; end: string },
): Promise<CoverageFacts> {
  const known = facts.values?.get(table.id);
  const rest = [...(facts.tables.get(table.id)?.keys() ?? [])].filter(
    (date) => date >= start && date <= end && !known?.get(date)?.columns,
  );
  if (rest.length === 0 || warehouse.engine !== "duckdb") return facts;
  const rows = await readFigures((sql, params) => warehouse.query(sql, params), new Map([[table, rest]]));
  const own = new Map(known);
  for (const row of rows) own.set(row.d, withColumns(pipeline, own.get(row.d), row));
  return { ...facts, values: new Map(facts.values).set(table.id, own) };
}
