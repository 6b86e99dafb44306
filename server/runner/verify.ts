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

/** The range check after a run: of the cells that it was to build, which are not complete, and what changed since `before`. */
export async function verifyRun(
  context: Context,
  before: ReadonlyMap<string, Cell>,
  tasks: readonly Built[],
): Promise<{ cells: number; problems: Problem[]; changes: StateChange[] }> {
  const dates = [...new Set(tasks.flatMap((task) => task.dates))].sort();
  if (dates.length === 0) return { cells: 0, problems: [], changes: [] };
  const keys = new Set(tasks.flatMap(({ table, dates: own }) => own.map((date) => cellKey(table, date))));
  const { cells } = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
  const problems = verifyRange(
    cells,
    tablesNamed(
      context.pipeline,
      tasks.map((task) => task.table),
    ),
    dates,
  ).filter((one) => keys.has(cellKey(one.table, one.date)) && one.state !== "running");
  return { cells: keys.size, problems, changes: stateChanges(before, cells) };
}
