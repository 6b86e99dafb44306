import type { Cell } from "@/lib/api/coverage";
import type { Problem, StateChange } from "@/lib/api/runs";
import { condemns } from "@/lib/engine/checks/findings";
import { doubtsOf, verifyRange } from "@/lib/engine/checks/verify";
import { stateChanges } from "@/lib/engine/coverage/summary";
import { cellKey, statesNeedWork } from "@/lib/engine/coverage/types";
import type { Context } from "../context";
import { cellOfTask, readCoverage } from "../coverage";
import type { Task } from "../state/runs";

type Built = Pick<Task, "table" | "dates">;
type Asked = Pick<Cell, "table" | "date">;

/** What a range check found. */
interface Verified {
  cells: number;
  complete: number;
  /** Cells that were asked for and are not complete. */
  problems: Problem[];
  /** Cells that were built and whose rows fail a declared check. */
  failing: Cell[];
  /** Cells that were asked for and whose values are not usual: no problem of the run. */
  doubts: Cell[];
  /** How many of the others, built as they read or are read by those, are not complete: older gaps may keep them from it. */
  others: number;
  changes: StateChange[];
}

/**
 * The range check after a run: of the cells that it built and those that it was asked for, its plan may have left them
 * out, which are not complete, and what changed since `before`.
 */
export async function verifyRun(
  context: Context,
  before: ReadonlyMap<string, Cell>,
  tasks: readonly Built[],
  asked: readonly Asked[],
): Promise<Verified> {
  const checked = [...tasks.flatMap(({ table, dates }) => dates.map((date) => ({ table, date }))), ...asked];
  const dates = [...new Set(checked.map(({ date }) => date))].sort();
  if (dates.length === 0)
    return { cells: 0, complete: 0, problems: [], failing: [], doubts: [], others: 0, changes: [] };
  const keys = new Set(checked.map(({ table, date }) => cellKey(table, date)));
  const coverage = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
  const { cells } = coverage;
  const { tables, sourceById } = context.pipeline;
  const names = new Set(checked.map(({ table }) => table));
  const built = verifyRange(
    cells,
    tables.filter(({ id }) => names.has(id)),
    dates,
  ).filter((one) => keys.has(cellKey(one.table, one.date)) && one.state !== "running");
  const loads = tasks
    .filter(({ table }) => sourceById.has(table))
    .flatMap(({ table, dates }) => dates.flatMap((date) => cellOfTask(context, coverage, { table, date }) ?? []));
  const short = loads.filter(({ states }) => statesNeedWork(states));
  const found = [
    ...built,
    ...short.map(({ table, date, state, rows, expected }) => ({ table, date, state, rows, expected })),
  ];
  const complete = [...keys].filter((key) => cells.get(key)?.state === "complete").length + loads.length - short.length;
  const own = new Set(asked.map(({ table, date }) => cellKey(table, date)));
  const isDoubted = doubtsOf(cells);
  // None for a source: its cells stand apart.
  const cellOf = ({ table, date }: Asked) => cells.get(cellKey(table, date));
  const ofAsked = found.filter((one) => own.has(cellKey(one.table, one.date)));
  const doubted = (cell: Cell | undefined): cell is Cell => cell !== undefined && isDoubted(cell);
  const problems = ofAsked.filter((one) => !doubted(cellOf(one)));
  const doubts = ofAsked.map(cellOf).filter((cell): cell is Cell => doubted(cell) && cell.states.includes("invalid"));
  const others = found.length - ofAsked.length;
  const failing = tasks
    .flatMap(({ table, dates }) => dates.flatMap((date) => cells.get(cellKey(table, date)) ?? []))
    .filter((cell) => !cell.accepted && cell.checks.some(condemns));
  return { cells: keys.size, complete, problems, failing, doubts, others, changes: stateChanges(before, cells) };
}
