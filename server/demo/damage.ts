import { processor, qualifiedName } from "@/lib/engine/pipeline/registry";
import type { Warehouse } from "../warehouse";

const november = (...days: number[]) => days.map((day) => `2021-11-${day}`);

const EMPTY: Record<string, string[]> = {
  pgs: november(16, 18, 21, 23, 28, 30),
  togs: november(16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30),
  tdgs: november(16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30),
  pcf: november(16, 23, 30),
  mlfs: november(16, 21, 23, 24, 28, 30),
};

/** Retries in the night of Nov 15 wrote these tables four times, minutes apart. */
const FOUR_TIMES = ["togs", "tdgs"];

export async function removeRows(warehouse: Warehouse, short: string, dates: string[]): Promise<void> {
  const table = processor(short);
  await warehouse.execute(
    `DELETE FROM ${qualifiedName(table)} WHERE ${table.dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d)`,
    { dates: { type: "ARRAY<DATE>", value: dates } },
  );
}

export async function applyDamage(warehouse: Warehouse): Promise<void> {
  for (const [short, dates] of Object.entries(EMPTY)) await removeRows(warehouse, short, dates);
  for (const short of FOUR_TIMES) {
    const table = processor(short);
    const columns = table.columns.map((column) => column.name).join(", ");
    // The copies are later than the original, so that a statement does not read what it writes.
    for (const minutes of [1, 2, 3]) {
      await warehouse.execute(
        `INSERT INTO ${qualifiedName(table)} (${columns}, processed_at, run_id)
         SELECT ${columns}, TIMESTAMP_ADD(processed_at, INTERVAL ${minutes} MINUTE), run_id
         FROM ${qualifiedName(table)}
         WHERE ${table.dateColumn} = @date
           AND processed_at = (SELECT MIN(processed_at) FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = @date)`,
        { date: { type: "DATE", value: "2021-11-15" } },
      );
    }
  }
}
