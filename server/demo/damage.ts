import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { tableOf } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { columnList } from "@/lib/engine/pipeline/stored";
import type { Damage } from "@/lib/engine/pipeline/types";
import type { Warehouse } from "../warehouse";

const onDates = (dates: readonly string[]) => ({ dates: { type: "ARRAY<DATE>" as const, value: [...dates] } });

async function removeRows(
  warehouse: Warehouse,
  table: Processor,
  dates: readonly string[],
  where = "TRUE",
): Promise<void> {
  await warehouse.execute(
    `DELETE FROM ${qualifiedName(table)} WHERE ${table.dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d) AND ${where}`,
    onDates(dates),
  );
}

export async function applyDamage(pipeline: Pipeline, warehouse: Warehouse, damage: readonly Damage[]): Promise<void> {
  for (const { table: name, dates, copies, where = "TRUE" } of damage) {
    const table = tableOf(pipeline, name);
    if (copies === undefined) {
      await removeRows(warehouse, table, dates, where);
      continue;
    }
    const columns = columnList(table);
    const chosen = `${table.dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d) AND ${where}`;
    // The copies are later than the original, so that a statement does not read what it writes.
    for (let minutes = 1; minutes < copies; minutes++) {
      await warehouse.execute(
        `INSERT INTO ${qualifiedName(table)} (${columns})
         SELECT ${columns} FROM (
           SELECT * REPLACE (TIMESTAMP_ADD(processed_at, INTERVAL ${minutes} MINUTE) AS processed_at)
           FROM ${qualifiedName(table)}
           WHERE ${chosen} AND processed_at = (SELECT MIN(processed_at) FROM ${qualifiedName(table)} WHERE ${chosen})
         ) AS copies`,
        onDates(dates),
      );
    }
  }
}
