import { findProcessor, processor, qualifiedName } from "@/lib/processors";
import { RAW_TABLES } from "@/lib/raw";
import type { Context } from "./context";
import type { Row } from "./warehouse";

/** The rows of one table, derived or raw, on one date, ordered by grain. */
export async function readRows(context: Pick<Context, "warehouse">, name: string, date: string): Promise<Row[]> {
  const raw = findProcessor(name) ? undefined : RAW_TABLES.find((table) => table.name === name);
  const table = raw ?? processor(name);
  return context.warehouse.query(
    `SELECT * FROM ${raw ? `nba_raw.${raw.name}` : qualifiedName(processor(name))}
     WHERE ${table.dateColumn} = @date ORDER BY ${table.grain.join(", ")}, processed_at`,
    { date: { type: "DATE", value: date } },
  );
}
