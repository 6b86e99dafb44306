import type { Cell } from "@/lib/api/coverage";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { Unit } from "@/lib/engine/pipeline/types";
import { formatReasons } from "@/lib/engine/view/format";
import { dateList } from "@/lib/util/dates";
import { auditedWork } from "../access/audit";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { sameKey } from "../warehouse";

const KINDS = ["corrupt", "surplus", "duplicated"] as const;

/** Rows of one cell that must not be there. */
export interface Superfluous extends Pick<Cell, "table" | "date" | "rows"> {
  state: (typeof KINDS)[number];
  reason: string;
}

function superfluous(cell: Cell, unit: Unit): Superfluous | undefined {
  const { table, date, states, rows, distinct, expected } = cell;
  // A corrupt cell goes whole, doubled or not.
  const state = KINDS.find((one) => states.includes(one));
  if (rows === 0 || !state) return undefined;
  const stay = { corrupt: 0, surplus: expected ?? 0, duplicated: distinct }[state];
  return { table, date, state, rows: rows - stay, reason: formatReasons(cell.reasons, unit)[0] ?? "" };
}

/** Finds the rows that must not be there: corrupt cells whole, copies beyond the first, keys that do not belong. */
export async function findSuperfluous(context: Context, tables: Processor[], dates: string[]): Promise<Superfluous[]> {
  const { cells } = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
  // What another program writes is not ours to delete.
  const wanted = new Set(tables.filter((table) => !table.observed).map((table) => table.id));
  const chosen = new Set(dates);
  return [...cells.values()]
    .filter((cell) => wanted.has(cell.table) && chosen.has(cell.date))
    .flatMap((cell) => superfluous(cell, context.pipeline.calendar.unit) ?? []);
}

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

/**
 * Deletes what findSuperfluous shows, one transaction a table and kind; gives the rows deleted.
 * Corrupt partitions end empty, the others keep their right rows.
 */
export async function deleteSuperfluous(
  context: Context,
  tables: Processor[],
  found: readonly Superfluous[],
): Promise<number> {
  let deleted = 0;
  for (const table of tables) {
    for (const state of KINDS) {
      const dates = found
        .filter((one) => one.table === table.id && one.state === state)
        .map((one) => one.date)
        .sort();
      if (dates.length === 0) continue;
      const all = `SELECT * FROM ${qualifiedName(table)}`;
      const select = {
        corrupt: `${all} WHERE FALSE`,
        surplus: keepBelongingSql(table),
        duplicated: keepNewestSql(table),
      }[state];
      const subject = `${table.id} ${dateList(dates)}`;
      const done = await auditedWork(
        context,
        "repair",
        `${subject}: ${state} rows`,
        () => context.warehouse.replacePartitions({ table, dates, select }),
        ({ deleted, rows }) => `${subject}: ${deleted - rows} ${state} rows deleted`,
      );
      deleted += done.deleted - done.rows;
    }
  }
  return deleted;
}
