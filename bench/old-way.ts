import { topologicalOrder } from "@/lib/pipeline/graph";
import { isRaw, modelOf, type Processor, processor, qualifiedName } from "@/lib/processors";
import { rawTable } from "@/lib/raw";
import type { Context } from "@/server/context";
import { countsByDate, type Params, rangeParams } from "@/server/warehouse";
import { type Figure, toFigure } from "./figures";
import { timed } from "./measure";
import { FIFTEEN } from "./world";

/** The date of which every query is sent; the other 14 are the same again. */
const DATE = "2021-11-28";

const keyOf = (table: Processor) => table.grain.find((column) => column !== table.dateColumn) as string;

/** Counts each input of each table on the date: the dependency check as it was. */
async function checkInputs({ warehouse }: Context): Promise<number> {
  let queries = 0;
  for (const table of topologicalOrder()) {
    for (const input of new Set(table.inputs.map((one) => one.table))) {
      const of = isRaw(input) ? rawTable(input) : processor(input);
      const where = of.dateColumn ? `${of.dateColumn} = @date` : "TRUE";
      await warehouse.query(`SELECT COUNT(*) AS n FROM ${of.dataset}.${of.name} WHERE ${where}`, {
        date: { type: "DATE", value: DATE },
      });
      queries++;
    }
  }
  return queries;
}

/** Builds the date of every table row by row: the model asked for one player, team or game at a time. */
async function buildRowByRow(
  { warehouse }: Context,
  keys: ReadonlyMap<string, string[]>,
): Promise<Map<string, string[]>> {
  const built = new Map<string, string[]>();
  for (const table of topologicalOrder()) {
    const sql = `SELECT * FROM (${modelOf(table)}) AS model WHERE ${keyOf(table)} = @key`;
    const rows: string[] = [];
    for (const key of keys.get(table.short) ?? []) {
      const params: Params = { ...rangeParams(DATE, DATE), key: { type: "STRING", value: key } };
      for (const row of await warehouse.query(sql, params)) rows.push(JSON.stringify(row));
    }
    built.set(table.short, rows.sort());
  }
  return built;
}

/** The rows of the date as the set-based models wrote them. */
async function rowsOf({ warehouse }: Context, table: Processor): Promise<string[]> {
  const names = table.columns.map((column) => column.name).join(", ");
  const sql = `SELECT ${names} FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = @date`;
  const rows = await warehouse.query(sql, { date: { type: "DATE", value: DATE } });
  return rows.map((row) => JSON.stringify(row)).sort();
}

/**
 * old_way: the chain as it once was, a query for each date and input and one for each player. One
 * date is measured, with all its queries, and its rows compared with those of the models; 15 dates
 * take as long as their rows say.
 */
export async function benchOldWay(
  context: Context,
  ourSeconds: number,
  say: (message: string) => void,
): Promise<Figure[]> {
  const keys = new Map<string, string[]>();
  const written = new Map<string, string[]>();
  let share = 0;
  let all = 0;
  for (const table of topologicalOrder()) {
    const key = keyOf(table);
    const found = await context.warehouse.query(
      `SELECT DISTINCT ${key} AS k FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = @date ORDER BY k`,
      { date: { type: "DATE", value: DATE } },
    );
    keys.set(
      table.short,
      found.map((row) => row.k as string),
    );
    written.set(table.short, await rowsOf(context, table));
    const counts = await countsByDate(context.warehouse, table, FIFTEEN.start, FIFTEEN.end);
    share += counts.get(DATE) ?? 0;
    for (const n of counts.values()) all += n;
  }
  let queries = [...keys.values()].reduce((sum, list) => sum + list.length, 0);
  let built = new Map<string, string[]>();
  const ms = await timed(async () => {
    queries += await checkInputs(context);
    built = await buildRowByRow(context, keys);
  });
  for (const [table, rows] of built)
    if (rows.join("\n") !== written.get(table)?.join("\n")) throw new Error(`${table}: the old way gives other rows`);
  say(`the old way sent ${queries} queries for ${DATE} and gave the same ${share} rows`);
  return [toFigure("old_way", ourSeconds, ((ms / 1000) * all) / share)];
}
