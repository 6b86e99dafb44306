import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import type { OlderEpochs } from "@/lib/engine/pipeline/types";
import { addDays, eachDate } from "@/lib/util/dates";
import { rangeParams, type Warehouse } from "../warehouse";
import { applyDamage } from "./damage";
import { buildInNights } from "./nights";

/** Days to the same part of an epoch so many years before: whole weeks, so that a date keeps its weekday. */
const daysBack = (years: number) => Math.ceil((365.25 * years) / 7) * 7;

/** Where copies go: so many days and years earlier, under other keys. */
interface Move {
  days: number;
  years: number;
  mark: string;
}

async function copy(
  warehouse: Warehouse,
  { column, undated }: OlderEpochs,
  table: StoredTable,
  [start, end]: readonly [start: string, end: string],
  { days, years, mark }: Move,
): Promise<void> {
  const moved = table.columns.map(({ name, type }) => {
    const own = column(name, years, mark);
    if (own !== undefined) return own;
    if (type === "DATE") return `DATE_SUB(${name}, INTERVAL ${days} DAY)`;
    if (type === "TIMESTAMP") return `TIMESTAMP_SUB(${name}, INTERVAL ${days * 24} HOUR)`;
    return name;
  });
  const names = table.columns.map(({ name }) => name).join(", ");
  const isDated = table.columns.some(({ name }) => name === table.dateColumn);
  const where = isDated ? `${table.dateColumn} BETWEEN @start_date AND @end_date` : undated;
  await warehouse.execute(
    `INSERT INTO ${table.qualified} (${names}) SELECT ${moved.join(", ")} FROM ${table.qualified} WHERE ${where}`,
    rangeParams(start, end),
  );
}

/**
 * Adds so many older epochs, a year apart, to try the product at scale: one made of copies of what was drawn and built
 * by the tables, the others copied from it.
 */
export async function addOlderEpochs(
  pipeline: Pipeline,
  warehouse: Warehouse,
  older: OlderEpochs,
  { count, isDamaged }: { count: number; isDamaged: boolean },
  say: (message: string) => void,
): Promise<void> {
  const { tiles, tileDays } = older;
  const drawn = pipeline.definition.demo?.start ?? "";
  const first = addDays(drawn, -daysBack(1));
  say("drawing an older epoch");
  const tileEnd = addDays(drawn, tileDays - 1);
  for (let tile = 0; tile < tiles; tile++) {
    const move = { days: daysBack(1) - tile * tileDays, years: 1, mark: `t${tile}-` };
    for (const table of pipeline.own.filter((one) => one.isRaw))
      await copy(warehouse, older, table, [drawn, tileEnd], move);
  }
  const last = addDays(first, tiles * tileDays - 1);
  for (const [seq, table] of pipeline.order.entries()) {
    say(`building ${table.id} of an older epoch`);
    const from = addDays(first, table.warmUpDays ?? 0);
    await buildInNights(warehouse, table, seq, eachDate(from, last));
  }
  for (let years = 1; years < count; years++) {
    say(`copying epoch ${years + 1} of ${count}`);
    for (const table of pipeline.own)
      await copy(warehouse, older, table, [first, last], { days: daysBack(years), years, mark: `s${years}-` });
  }
  if (!isDamaged) return;
  const dayOf = (epoch: number, day: number) => addDays(first, day - daysBack(epoch));
  await applyDamage(pipeline, warehouse, older.damage(count, dayOf));
}
