import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { type Replaced, rangeParams, type Warehouse } from "../warehouse";

export const BUILD_RUN = "demo-build";

/** Minutes after midnight (UTC) of the next day at which the night's first table is built; five for each next. */
const FIRST_BUILD_MINUTE = 1_800;
const MINUTES_A_TABLE = 5;

/** Builds a table, the `seq`-th of the chain, on some dates (ascending), as if each had been built in its own night. */
export async function buildInNights(
  warehouse: Warehouse,
  table: Processor,
  seq: number,
  dates: readonly string[],
): Promise<Replaced> {
  const done = await warehouse.replacePartitions({
    table,
    dates,
    stamp: { processedAt: new Date().toISOString(), runId: BUILD_RUN },
  });
  const minute = FIRST_BUILD_MINUTE + MINUTES_A_TABLE * seq;
  await warehouse.execute(
    `UPDATE ${qualifiedName(table)}
     SET processed_at = TIMESTAMP_ADD(CAST(${table.dateColumn} AS TIMESTAMP), INTERVAL ${minute} MINUTE)
     WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date`,
    rangeParams(dates[0] as string, dates.at(-1) as string),
  );
  return done;
}
