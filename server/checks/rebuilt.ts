import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { Context } from "../context";
import { partitionSql, replacementParams, sameKey } from "../warehouse";

/** GoogleSQL that keeps, of a table's rows on @dates, the newest of each grain key. */
export function keepNewestSql(table: Processor): string {
  return `SELECT * FROM ${qualifiedName(table)}
  WHERE ${table.dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ${table.grain.join(", ")} ORDER BY processed_at DESC, run_id) = 1`;
}

/** GoogleSQL that keeps, of a table's rows on @dates, the newest of each grain key that its model gives. */
export function keepBelongingSql(table: Processor): string {
  // Which rows belong, only a model can say.
  if (table.sql === undefined) return keepNewestSql(table);
  return `SELECT t.* FROM (${keepNewestSql(table)}) AS t
  WHERE EXISTS (SELECT 1 FROM (${table.sql}) AS m WHERE ${sameKey(table.grain, "m", "t")})`;
}

/** GoogleSQL that counts, on @dates, the rows that a table's model gives and those of the table that it gives too. */
const rebuiltSql = (table: Processor & { sql: string }): string =>
  `SELECT d, SUM(given) AS given, SUM(kept) AS kept FROM (
  SELECT ${table.dateColumn} AS d, COUNT(*) AS given, 0 AS kept FROM (${partitionSql(table, table.sql)}) AS g GROUP BY 1
  UNION ALL SELECT ${table.dateColumn} AS d, 0 AS given, COUNT(*) AS kept FROM (${keepBelongingSql(table)}) AS k GROUP BY 1
) AS both_counts GROUP BY d`;

/** What building a date again would give. */
export interface Rebuilt {
  /** Rows that the model gives. */
  given: number;
  /** Different keys that are there and that it gives too. */
  kept: number;
}

/** What building some dates of a table again would give, by date, without writing; null where no model says it. */
export async function countRebuilt(
  { warehouse }: Pick<Context, "warehouse">,
  table: Processor,
  dates: readonly string[],
): Promise<((date: string) => Rebuilt) | null> {
  const { sql } = table;
  if (sql === undefined) return null;
  const rows = await warehouse.query(rebuiltSql({ ...table, sql }), replacementParams([...dates].sort(), undefined));
  const found = new Map(
    rows.map(({ d, given, kept }) => [d as string, { given: given as number, kept: kept as number }]),
  );
  return (date) => found.get(date) ?? { given: 0, kept: 0 };
}
