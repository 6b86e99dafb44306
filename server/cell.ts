import type { CellDetail, CellInput } from "@/lib/cell";
import { calendarsOf } from "@/lib/coverage/calendars";
import { type CellState, cellKey, STATES } from "@/lib/coverage/types";
import { windowWords } from "@/lib/pipeline/windows";
import { isRaw, processor } from "@/lib/processors";
import { seasonYear } from "@/lib/season";
import type { Context } from "./context";
import { readCoverage } from "./coverage";
import { finishedTasks, listRuns } from "./state/runs";

/** The inputs of one cell over their windows, and the last runs that built it. */
export async function readCell(context: Context, table: string, date: string): Promise<CellDetail> {
  const { facts, cells } = await readCoverage(context, date, date);
  const calendar = calendarsOf(facts).get(seasonYear(date));
  const inputs = processor(table).inputs.map((input): CellInput => {
    const { table: name, edge, window, critical } = input;
    const dates = calendar?.read(window, date) ?? [];
    const shared = { table: name, edge, window: windowWords(window), critical };
    if (isRaw(name)) {
      const own = facts.raw.get(name);
      const rows = dates.reduce((sum, one) => sum + (own?.get(one)?.rows ?? 0), 0);
      return { ...shared, rows, expected: null, state: null };
    }
    const read = dates.flatMap((one) => cells.get(cellKey(name, one)) ?? []);
    const worst = STATES.find((state) => read.some((cell) => cell.state === state)) ?? null;
    return {
      ...shared,
      rows: read.reduce((sum, cell) => sum + cell.rows, 0),
      expected: read.reduce((sum, cell) => sum + (cell.expected ?? 0), 0),
      state: worst as CellState | null,
    };
  });
  const sample = new Set((await listRuns(context.state.db, 1000)).filter((run) => run.sample).map((run) => run.id));
  const runs = (await finishedTasks(context.state.db, { table, limit: 300 }))
    .filter((task) => task.dates.includes(date))
    .slice(0, 8)
    .map((task) => ({
      runId: task.runId,
      status: task.status,
      seconds: task.seconds,
      endedAt: task.endedAt,
      rows: task.rows,
      dates: task.dates.length,
      sample: sample.has(task.runId),
    }));
  return { inputs, runs };
}
