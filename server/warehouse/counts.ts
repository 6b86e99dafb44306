import type { FactRow } from "@/lib/coverage/facts";
import { countsSql } from "@/lib/coverage/sql";
import type { Processor } from "@/lib/processors";
import type { Params, Row } from "./types";

/** Rows, keys and times of some tables on dates of their own, in one query; none where no date is asked for. */
export async function countDates(
  query: (sql: string, params: Params) => Promise<Row[]>,
  dates: ReadonlyMap<Processor, readonly string[]>,
): Promise<FactRow[]> {
  if (dates.size === 0) return [];
  const params: Params = {};
  for (const [{ short }, list] of dates) {
    const sorted = [...list].sort();
    params[`first_${short}`] = { type: "DATE", value: sorted[0] as string };
    params[`last_${short}`] = { type: "DATE", value: sorted.at(-1) as string };
    params[`dates_${short}`] = { type: "ARRAY<DATE>", value: sorted };
  }
  return (await query(countsSql([...dates.keys()]), params)) as unknown as FactRow[];
}
