import { type Cell, type CoverageFacts, cellKey, isDefect, needsWork } from "../coverage/types";
import { shortDate } from "../dates";
import { topologicalOrder } from "../pipeline/graph";
import { seasonYear } from "../season";
import { ReadIndex } from "./reads";

/** What a backfill was asked to do. */
export interface PlanRequest {
  tables: string[];
  start: string;
  end: string;
  /** Only these dates of the range, when given. */
  dates?: string[];
  /** Only these cells, when given: a selection in the grid. */
  cells?: Array<{ table: string; date: string }>;
  /** Cells that somebody has taken out of the plan. */
  without?: Array<{ table: string; date: string }>;
  only: "missing" | "bad" | "all";
  upstream: boolean;
  downstream: boolean;
}

/** One (table, date) that a plan builds, and why it is in. */
export interface PlanCell {
  table: string;
  date: string;
  role: "selected" | "upstream" | "downstream";
  /** Its state before, or what it is needed for. */
  reason: string;
  state: Cell["state"];
  /** Rows that are there now and will be replaced. */
  rows: number;
  expected: number | null;
}

/** A cell that was asked for and is not in the plan, and why. */
interface LeftOut {
  table: string;
  date: string;
  reason: string;
}

/** One statement to run: a table and the dates that it replaces, within one season. */
export interface PlanTask {
  table: string;
  start: string;
  end: string;
  dates: string[];
  reason: string;
}

export interface PlanBody {
  tasks: PlanTask[];
  cells: PlanCell[];
  leftOut: LeftOut[];
}

/** Game dates between two planned ones that are read along rather than splitting a task. */
const MOST_BETWEEN = 10;

function selected(cells: ReadonlyMap<string, Cell>, request: PlanRequest): Cell[] {
  const tables = new Set(request.tables);
  const dates = request.dates ? new Set(request.dates) : undefined;
  const only = request.cells ? new Set(request.cells.map((one) => cellKey(one.table, one.date))) : undefined;
  return [...cells.values()].filter((cell) => {
    if (!tables.has(cell.table) || cell.date < request.start || cell.date > request.end) return false;
    if (dates && !dates.has(cell.date)) return false;
    if (only && !only.has(cellKey(cell.table, cell.date))) return false;
    if (request.only === "missing") return cell.states.some((state) => state === "missing" || state === "partial");
    if (request.only === "bad") return needsWork(cell);
    return (cell.expected ?? 0) > 0;
  });
}

/**
 * What a backfill would do: the cells asked for that need work, what they need upstream,
 * and what becomes stale downstream, as tasks in an order in which they can run. Pure:
 * the preview and the run come from this one function.
 *
 * A cell that nothing can complete (its raw source is short, or waits for such a cell) is
 * left out and says so, and so is a tainted one whose holes the plan cannot fill.
 */
export function makePlan(facts: CoverageFacts, cells: ReadonlyMap<string, Cell>, request: PlanRequest): PlanBody {
  const reads = new ReadIndex(facts, cells);
  const planned = new Map<string, PlanCell>();
  const leftOut = new Map<string, LeftOut>();
  const without = new Set(request.without?.map((one) => cellKey(one.table, one.date)));
  const add = (cell: Cell, role: PlanCell["role"], reason: string): boolean => {
    const key = cellKey(cell.table, cell.date);
    if (planned.has(key) || without.has(key)) return false;
    const { table, date, state, rows, expected } = cell;
    planned.set(key, { table, date, role, reason, state, rows, expected });
    return true;
  };

  const queue = selected(cells, request);
  for (const cell of queue) add(cell, "selected", cell.reasons[0] ?? cell.state);
  if (request.upstream) {
    for (let cell = queue.pop(); cell; cell = queue.pop()) {
      for (const input of reads.inputsOf(cell)) {
        if (!needsWork(input.cell)) continue;
        if (
          add(
            input.cell,
            "upstream",
            `needed by ${cell.table} of ${shortDate(cell.date)}: ${input.cell.reasons[0] ?? ""}`,
          )
        ) {
          queue.push(input.cell);
        }
      }
    }
  }
  leaveOutHopeless(cells, reads, planned, leftOut, request);
  if (request.downstream) addDownstream(cells, reads, planned, add);
  const list = [...planned.values()];
  return { cells: sorted(list), tasks: toTasks(facts, list), leftOut: [...leftOut.values()] };
}

const sorted = (list: PlanCell[]) => {
  const rank = new Map(topologicalOrder().map((table, index) => [table.short, index]));
  return list.sort(
    (a, b) => (rank.get(a.table) as number) - (rank.get(b.table) as number) || a.date.localeCompare(b.date),
  );
};

/** True when a same-date or gate input stays incomplete after the plan. */
function isStuck(cell: Cell, reads: ReadIndex, planned: ReadonlyMap<string, PlanCell>): boolean {
  return reads
    .inputsOf(cell)
    .some(
      (input) =>
        input.edge !== "lookback" && isDefect(input.cell) && !planned.has(cellKey(input.cell.table, input.cell.date)),
    );
}

function leaveOutHopeless(
  cells: ReadonlyMap<string, Cell>,
  reads: ReadIndex,
  planned: Map<string, PlanCell>,
  leftOut: Map<string, LeftOut>,
  request: PlanRequest,
): void {
  const drop = (key: string, reason: string) => {
    const { table, date } = planned.get(key) as PlanCell;
    planned.delete(key);
    leftOut.set(key, { table, date, reason });
  };
  for (const key of [...planned.keys()]) {
    const cell = cells.get(key) as Cell;
    // Raw rows are short: no build can complete it. Where other states can be cured, it stays.
    if (!cell.rawShort) continue;
    const curable = cell.states.some((state) => ["duplicated", "surplus", "corrupt", "stale"].includes(state));
    const short = cell.states.includes("blocked") || cell.states.includes("partial");
    if (short && !curable)
      drop(key, cell.reasons.find((reason) => /short of|no final/.test(reason)) ?? "Its raw source is short.");
  }
  // Without upstream the inputs are somebody else's: pre-flight names them and blocks.
  if (!request.upstream) return;
  for (let again = true; again; ) {
    again = false;
    for (const key of [...planned.keys()]) {
      const cell = cells.get(key) as Cell;
      if (isStuck(cell, reads, planned)) {
        drop(key, "It waits for an input that no backfill can complete.");
        again = true;
      } else if (onlyTainted(cell) && !someCausePlanned(cell, planned)) {
        drop(key, "It is tainted by holes that no backfill can fill; building it again would change nothing.");
        again = true;
      }
    }
  }
}

const onlyTainted = (cell: Cell) => cell.states.every((state) => state === "tainted");

function someCausePlanned(cell: Cell, planned: ReadonlyMap<string, PlanCell>): boolean {
  return cell.causes.some((cause) => cause.dates.some((date) => planned.has(cellKey(cause.table, date))));
}

/** Rows that read a planned cell become stale by it: they are built again too. */
function addDownstream(
  cells: ReadonlyMap<string, Cell>,
  reads: ReadIndex,
  planned: Map<string, PlanCell>,
  add: (cell: Cell, role: PlanCell["role"], reason: string) => boolean,
): void {
  // Nothing reads a later date or another season: only what follows the first planned date of its season can.
  const first = new Map<number, string>();
  for (const { date } of planned.values()) {
    const season = seasonYear(date);
    const known = first.get(season);
    if (known === undefined || date < known) first.set(season, date);
  }
  // Tables in topological order: a table's planned cells are all known when it is reached.
  for (const table of topologicalOrder()) {
    for (const cell of cells.values()) {
      if (cell.table !== table.short || cell.rows === 0 || planned.has(cellKey(cell.table, cell.date))) continue;
      const since = first.get(seasonYear(cell.date));
      if (since === undefined || cell.date < since) continue;
      if (cell.states.some((state) => state === "bootstrap" || state === "no_games" || state === "pending")) continue;
      const rebuilt = reads.inputsOf(cell).find((input) => planned.has(cellKey(input.cell.table, input.cell.date)));
      if (!rebuilt || isStuck(cell, reads, planned)) continue;
      add(cell, "downstream", `reads ${rebuilt.cell.table} of ${shortDate(rebuilt.cell.date)}, which is built again`);
    }
  }
}

function toTasks(facts: CoverageFacts, cells: readonly PlanCell[]): PlanTask[] {
  const gameDates = [...facts.dates.values()]
    .filter((day) => day.scheduled > 0)
    .map((day) => day.date)
    .sort();
  const position = new Map(gameDates.map((date, index) => [date, index]));
  const tasks: PlanTask[] = [];
  for (const table of topologicalOrder()) {
    const own = cells.filter((cell) => cell.table === table.short).sort((a, b) => a.date.localeCompare(b.date));
    let group: PlanCell[] = [];
    const close = () => {
      if (group.length === 0) return;
      const dates = group.map((cell) => cell.date);
      tasks.push({
        table: table.short,
        start: dates[0] as string,
        end: dates.at(-1) as string,
        dates,
        reason: whyTask(group),
      });
      group = [];
    };
    for (const cell of own) {
      const last = group.at(-1)?.date;
      const gap = last === undefined ? 0 : (position.get(cell.date) ?? 0) - (position.get(last) ?? 0) - 1;
      if (last !== undefined && (gap > MOST_BETWEEN || seasonYear(last) !== seasonYear(cell.date))) close();
      group.push(cell);
    }
    close();
  }
  return tasks;
}

/** "6 missing, 8 downstream". */
function whyTask(group: readonly PlanCell[]): string {
  const counts = new Map<string, number>();
  for (const cell of group) {
    const word = cell.role === "downstream" && cell.state === "complete" ? "stale downstream" : cell.state;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, n]) => `${n} ${word}`).join(", ");
}
