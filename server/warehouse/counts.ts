import type { FactRow } from "@/lib/engine/coverage/facts";
import { columnsSql, countsSql, exactCountsSql } from "@/lib/engine/coverage/sql";
import { cellKey } from "@/lib/engine/coverage/types";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { groupBy } from "@/lib/util/group-by";
import type { Params, Row } from "./types";

type Query = (sql: string, params: Params) => Promise<Row[]>;

/** Rows, keys and times of some tables on dates of their own, and what they hold where it `hasValues`, in one query, and one more where keys are doubled; none where no date is asked for. */
export async function countDates(
  query: Query,
  dates: ReadonlyMap<Processor, readonly string[]>,
  hasValues = true,
): Promise<FactRow[]> {
  if (dates.size === 0) return [];
  return exact(query, [...dates.keys()], await query(countsSql([...dates.keys()], hasValues), datesParams(dates)));
}

/** The counts given, but for dates on which some key may be there twice: of these a second query's. */
async function exact(query: Query, tables: readonly Processor[], counted: Row[]): Promise<FactRow[]> {
  const rows = counted as unknown as FactRow[];
  const byName = groupBy(
    rows.filter(({ n, m }) => n !== m),
    ({ name }) => name,
  );
  if (byName.size === 0) return rows;
  const doubtful = new Map(
    tables.flatMap((table) => {
      const own = byName.get(table.id);
      return own ? [[table, own.map(({ d }) => d)] as const] : [];
    }),
  );
  const found = (await query(exactCountsSql([...doubtful.keys()]), datesParams(doubtful))) as unknown as FactRow[];
  const byCell = new Map(found.map((row) => [cellKey(row.name, row.d), row]));
  return rows.map((row) => ({ ...row, ...byCell.get(cellKey(row.name, row.d)), figures: row.figures }));
}

/** What the columns of some tables hold on dates of their own, in one query; none where no date is asked for. */
export async function readFigures(query: Query, dates: ReadonlyMap<Processor, readonly string[]>): Promise<FactRow[]> {
  if (dates.size === 0) return [];
  return (await query(columnsSql([...dates.keys()]), datesParams(dates))) as unknown as FactRow[];
}

export function datesParams(dates: ReadonlyMap<Processor, readonly string[]>): Params {
  const params: Params = {};
  for (const [{ id }, list] of dates) {
    const sorted = [...list].sort();
    params[`first_${id}`] = { type: "DATE", value: sorted[0] as string };
    params[`last_${id}`] = { type: "DATE", value: sorted.at(-1) as string };
    params[`dates_${id}`] = { type: "ARRAY<DATE>", value: sorted };
  }
  return params;
}
