import type { Cell } from "@/lib/api/coverage";
import { cellKey } from "@/lib/engine/coverage/types";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { Unit } from "@/lib/engine/pipeline/types";
import { formatReasons } from "@/lib/engine/view/format";
import { dateList } from "@/lib/util/dates";
import { groupBy } from "@/lib/util/group-by";
import { auditedWork } from "../access/audit";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { countRebuilt, keepBelongingSql, keepNewestSql } from "./rebuilt";

const KINDS = ["corrupt", "surplus", "duplicated"] as const;

/** Rows of one cell that must not be there. */
export interface Superfluous extends Pick<Cell, "table" | "date" | "rows"> {
  state: (typeof KINDS)[number];
  reason: string;
}

function superfluous(cell: Cell, stays: Map<string, number>, unit: Unit): Superfluous | undefined {
  const { table, date, states, rows, distinct } = cell;
  // A corrupt cell goes whole, doubled or not.
  const state = KINDS.find((one) => states.includes(one));
  if (rows === 0 || !state) return undefined;
  const stay = { corrupt: 0, surplus: stays.get(cellKey(table, date)) ?? distinct, duplicated: distinct }[state];
  // More rows than are usual, all of which belong, are nobody's to delete.
  if (stay === rows) return undefined;
  return { table, date, state, rows: rows - stay, reason: formatReasons(cell.reasons, unit)[0] ?? "" };
}

/** Finds the rows that must not be there: corrupt cells whole, copies beyond the first, keys that do not belong. */
export async function findSuperfluous(context: Context, tables: Processor[], dates: string[]): Promise<Superfluous[]> {
  const { cells } = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
  // What another program writes is not ours to delete.
  const wanted = new Set(tables.filter((table) => !table.observed).map((table) => table.id));
  const chosen = new Set(dates);
  const found = [...cells.values()].filter((cell) => wanted.has(cell.table) && chosen.has(cell.date));
  const stays = await belonging(context, tables, found);
  return found.flatMap((cell) => superfluous(cell, stays, context.pipeline.calendar.unit) ?? []);
}

/** How many rows stay of cells with too many, by cell: those that the model gives, whatever was expected. */
async function belonging(
  context: Context,
  tables: readonly Processor[],
  cells: readonly Cell[],
): Promise<Map<string, number>> {
  const stays = new Map<string, number>();
  const byTable = groupBy(
    cells.filter((cell) => cell.states.includes("surplus")),
    (cell) => cell.table,
  );
  for (const table of tables) {
    const dates = (byTable.get(table.id) ?? []).map(({ date }) => date);
    const rebuilt = dates.length > 0 ? await countRebuilt(context, table, dates) : null;
    if (rebuilt) for (const date of dates) stays.set(cellKey(table.id, date), rebuilt(date).kept);
  }
  return stays;
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
