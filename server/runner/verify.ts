import type { Cell } from "@/lib/api/coverage";
import type { Problem, StateChange } from "@/lib/api/runs";
import { verifyRange } from "@/lib/engine/checks/verify";
import { cellKey } from "@/lib/engine/coverage/types";
import { tablesNamed } from "@/lib/engine/pipeline/find";
import { stateChanges } from "@/lib/runs";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import type { Task } from "../state/runs";

type Built = Pick<Task, "table" | "dates">;
type Asked = Pick<Cell, "table" | "date">;

/**
 * The range check after a run: of the cells that it was asked for, those that its plan had to leave out included,
 * which are not complete, and what changed since `before`.
 */
export async function verifyRun(
  context: Context,
  before: ReadonlyMap<string, Cell>,
  tasks: readonly Built[],
  leftOut: readonly Asked[],
): Promise<{ cells: number; complete: number; problems: Problem[]; changes: StateChange[] }> {
  const asked = [...tasks.flatMap(({ table, dates }) => dates.map((date) => ({ table, date }))), ...leftOut];
  const dates = [...new Set(asked.map(({ date }) => date))].sort();
  if (dates.length === 0) return { cells: 0, complete: 0, problems: [], changes: [] };
  const keys = new Set(asked.map(({ table, date }) => cellKey(table, date)));
  const { cells } = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
  const problems = verifyRange(
    cells,
    tablesNamed(
      context.pipeline,
      asked.map(({ table }) => table),
    ),
    dates,
  ).filter((one) => keys.has(cellKey(one.table, one.date)) && one.state !== "running");
  const complete = [...keys].filter((key) => cells.get(key)?.state === "complete").length;
  return { cells: keys.size, complete, problems, changes: stateChanges(before, cells) };
}
