import type { CellDetail, CellInput } from "@/lib/api/coverage";
import { checkResults } from "@/lib/engine/checks/findings";
import { emptyCell } from "@/lib/engine/coverage/grid";
import { inputGraph } from "@/lib/engine/coverage/input-graph";
import { cellKey, STATES, statesNeedWork } from "@/lib/engine/coverage/types";
import { explainCell } from "@/lib/engine/coverage/why";
import { tableOf } from "@/lib/engine/pipeline/find";
import { calendarsOf, windowWords } from "@/lib/engine/pipeline/windows";
import { formatExplanation, formatReasons } from "@/lib/engine/view/format";
import type { Context } from "../context";
import { changesOfCell } from "../state/cell-changes";
import { finishedTasks } from "../state/finished";
import { readCoverage } from ".";

/** The inputs of one cell over their windows, and the last runs that built it. */
export async function readCell(context: Context, table: string, date: string): Promise<CellDetail> {
  const { facts, cells } = await readCoverage(context, date, date);
  const cell = cells.get(cellKey(table, date)) ?? emptyCell(context.pipeline, table, date);
  const calendar = calendarsOf(facts).get(context.pipeline.epochs.of(date));
  const inputs = tableOf(context.pipeline, table).inputs.map((input): CellInput => {
    const { table: name, edge, window, critical } = input;
    const dates = calendar?.read(input, date) ?? [];
    const shared = { table: name, edge, window: windowWords(window, context.pipeline.calendar.unit), critical };
    if (context.pipeline.sourceById.has(name)) {
      const own = facts.raw.get(name);
      const rows = dates.reduce((sum, one) => sum + (own?.get(one)?.rows ?? 0), 0);
      return { ...shared, rows, expected: null, state: null };
    }
    const read = dates.flatMap((one) => cells.get(cellKey(name, one)) ?? []);
    return {
      ...shared,
      rows: read.reduce((sum, cell) => sum + cell.rows, 0),
      expected: read.reduce((sum, cell) => sum + (cell.expected ?? 0), 0),
      state: STATES.find((state) => read.some((cell) => cell.state === state)) ?? null,
    };
  });
  const runs = (await finishedTasks(context.state.db, { table, limit: 300 }))
    .filter((task) => task.dates.includes(date))
    .slice(0, 8)
    .map(({ runId, status, seconds, endedAt, rows, dates, sample }) => {
      return { runId, status, seconds, endedAt, rows, dates: dates.length, sample };
    });
  const { checks = [] } = tableOf(context.pipeline, table);
  const learned = cell.checks.filter(({ isLearned }) => isLearned);
  const history = await changesOfCell(context.state.db, table, date);
  const { unit } = context.pipeline.calendar;
  const why = statesNeedWork(cell.states) ? formatExplanation(explainCell(facts, cells, cell), unit) : null;
  return {
    cell: { ...cell, reasons: formatReasons(cell.reasons, unit), codes: cell.reasons },
    history,
    why,
    inputs,
    graph: inputGraph(facts, cells, cell),
    checks: [
      ...checkResults(checks, facts.values?.get(table) ?? new Map(), date),
      ...learned.map((one) => ({ ...one, isPassed: false, reason: null })),
    ],
    runs,
  };
}
