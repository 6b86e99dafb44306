import type { Cell } from "@/lib/api/coverage";
import type { Problem, StateChange } from "@/lib/api/runs";
import { verifyRange } from "@/lib/checks/verify";
import { cellKey } from "@/lib/coverage/types";
import { type Processor, processor, processorsNamed } from "@/lib/processors";
import { stateChanges } from "@/lib/runs";
import type { Context } from "../context";
import { type Coverage, readCoverage } from "../coverage";
import { readSeasons } from "../coverage/seasons";
import type { Task } from "../state/runs";
import { countDates } from "../warehouse/counts";

type Built = Pick<Task, "table" | "dates">;

/** The range check after a run: of the cells that it was to build, which are not complete, and what changed since `before`. */
export async function verifyRun(
  context: Context,
  before: ReadonlyMap<string, Cell>,
  tasks: readonly Built[],
): Promise<{ cells: number; problems: Problem[]; changes: StateChange[] }> {
  const dates = [...new Set(tasks.flatMap((task) => task.dates))].sort();
  if (dates.length === 0) return { cells: 0, problems: [], changes: [] };
  const ofTable = new Map<Processor, string[]>();
  for (const { table, dates: own } of tasks)
    ofTable.set(processor(table), [...(ofTable.get(processor(table)) ?? []), ...own]);
  const keys = new Set([...ofTable].flatMap(([table, own]) => own.map((date) => cellKey(table.short, date))));
  const { cells } = await lookAtData(context, ofTable, dates);
  const problems = verifyRange(cells, processorsNamed(tasks.map((task) => task.table)), dates).filter(
    (one) => keys.has(cellKey(one.table, one.date)) && one.state !== "running",
  );
  return { cells: keys.size, problems, changes: stateChanges(before, cells) };
}

/** The coverage as the data say it, not what writes have said of themselves. */
async function lookAtData(
  context: Context,
  built: ReadonlyMap<Processor, readonly string[]>,
  dates: readonly string[],
): Promise<Coverage> {
  const [start, end] = [dates[0] as string, dates.at(-1) as string];
  const coverage = await readCoverage(context, start, end);
  // On BigQuery a look counts what was written.
  if (context.warehouse.engine === "bigquery") return coverage;
  const rows = await countDates((sql, params) => context.warehouse.query(sql, params), built);
  const counted = new Map(rows.map((row) => [cellKey(row.name, row.d), row]));
  const isSaid = (key: string) => {
    const [said, found] = [coverage.cells.get(key), counted.get(key)];
    return (said?.rows ?? 0) === (found?.n ?? 0) && (said?.distinct ?? 0) === (found?.m ?? 0);
  };
  const areSaid = ([{ short }, own]: [Processor, readonly string[]]) =>
    own.every((date) => isSaid(cellKey(short, date)));
  if ([...built].every(areSaid)) return coverage;
  await readSeasons(context, start, end, true);
  return readCoverage(context, start, end);
}
