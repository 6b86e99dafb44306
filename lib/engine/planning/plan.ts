import type { Cell } from "../../api/coverage";
import type { PlanBody, PlanCell, PlanRequest, PlanTask } from "../../api/runs";
import { eachDate } from "../../util/dates";
import { entryOf } from "../../util/group-by";
import { CellIndex, CellSet } from "../coverage/cell-index";
import { isDueState } from "../coverage/cell-states";
import { isUnusual } from "../coverage/expectation";
import { type CellCount, type Reason, reason } from "../coverage/reasons";
import { usualSourceCell } from "../coverage/sources";
import {
  type CoverageFacts,
  cellKey,
  isAwaited,
  isDefect,
  isMadeBeforehand,
  isOutdated,
  isShort,
  needsWork,
} from "../coverage/types";
import type { Processor } from "../pipeline/compiled";
import { findTable, tableOf } from "../pipeline/find";
import { calendarsOf } from "../pipeline/windows";
import { asking } from "./request";

/** Due dates between two planned ones that are read along rather than splitting a task. */
const MOST_BETWEEN = 10;

type Because<T extends { reason: string }> = Omit<T, "reason"> & { reason: Reason };
type PlannedCell = Because<PlanCell>;
type PlannedTask = Because<PlanTask>;

/** A plan as it is decided: tasks in an order in which they can run, their cells, and those that it leaves out. */
export interface PlanDraft {
  tasks: PlannedTask[];
  cells: PlannedCell[];
  leftOut: Array<{ table: string; date: string; reason: Reason }>;
  /** Of what was asked for, cells that nothing but their version or age speaks against; absent where there are none. */
  outdated?: PlanBody["outdated"];
}

function selected(cells: ReadonlyMap<string, Cell>, request: PlanRequest): Cell[] {
  const isNamed = asking(request);
  const isAsked = (cell: Cell) => {
    if (!isNamed(cell)) return false;
    if (isAwaited(cell)) return true;
    if (request.only === "missing") return cell.states.some((state) => state === "missing" || state === "partial");
    if (request.only === "bad") return needsWork(cell);
    if (request.only === "outdated") return needsWork(cell) || isStillOutdated(cell);
    return (cell.expected ?? 0) > 0;
  };
  const asked: Cell[] = [];
  for (const cell of cells.values()) if (isAsked(cell)) asked.push(cell);
  return asked;
}

/** True where a plan rebuilds rows for their version or their age. */
const takesOutdated = ({ only }: PlanRequest): boolean => only === "outdated" || only === "all";

const isStillOutdated = (cell: Cell): boolean => isOutdated(cell) && !cell.accepted;

const toPlanCell = (
  { table, date, state, rows, expected }: Cell,
  role: PlanCell["role"],
  reason: Reason,
): PlannedCell => ({ table, date, role, reason, state, rows, expected });

/** Tables that nothing may be built of: another program writes them, they or what they read differ from their definition. */
function unbuildableTables({ pipeline, faults = new Map() }: CoverageFacts): Map<string, Reason> {
  const isUnreadable = (table: string) => faults.get(table)?.some((fault) => !fault.isReadable) ?? false;
  const found = new Map<string, Reason>();
  for (const table of pipeline.order) {
    const own = faults.get(table.id);
    const input = table.inputs.find(({ table: read, edge }) => edge !== "gate" && isUnreadable(read))?.table;
    if (table.observed && !table.job) found.set(table.id, reason("written_elsewhere", { by: table.observed.by }));
    else if (own) found.set(table.id, reason("table_differs", { faults: own }));
    else if (input) found.set(table.id, reason("reads_unreadable", { input }));
  }
  return found;
}

class Draft {
  readonly planned = new Map<Cell, PlannedCell>();
  /** Those that are built again as they read planned ones: most of a plan, known by their places. */
  readonly downstream: PlannedCell[] = [];
  readonly marked: CellSet;
  readonly leftOut: PlanDraft["leftOut"] = [];
  readonly index: CellIndex;
  private readonly without: ReadonlySet<string>;
  /** Why nothing of a table may be built, by its name. */
  readonly unbuildable: ReadonlyMap<string, Reason>;

  constructor(
    readonly facts: CoverageFacts,
    readonly cells: ReadonlyMap<string, Cell>,
    readonly request: PlanRequest,
    /** Keys of cells that hold what building them again would give. */
    readonly unchanged: ReadonlySet<string>,
  ) {
    this.index = new CellIndex(facts, cells);
    this.marked = new CellSet(this.index);
    this.unbuildable = unbuildableTables(facts);
    this.without = new Set(request.without?.map((one) => cellKey(one.table, one.date)));
  }

  /** Plans a cell; false where it is planned already, or was taken out. */
  add(cell: Cell, role: PlanCell["role"], reason: Reason): boolean {
    if (this.planned.has(cell) || this.isTakenOut(cell)) return false;
    this.planned.set(cell, toPlanCell(cell, role, reason));
    return true;
  }

  /** True for what no plan may hold: its table cannot be built from here, or somebody has taken it out. */
  isTakenOut(cell: Cell): boolean {
    return (
      this.unbuildable.has(cell.table) || (this.without.size > 0 && this.without.has(cellKey(cell.table, cell.date)))
    );
  }

  /** Why a cell that holds rows of what its source has lost must stay as it is. */
  lost({ table, date, distinct, expected }: Cell): Reason | null {
    const possible = this.facts.possible.get(table)?.get(date) ?? distinct;
    // Where nothing is lost, all that belongs can be made: more rows than that are surplus.
    const isLost = possible < distinct && possible < (expected ?? 0);
    return isLost ? reason("source_lost", { rows: distinct, possible }) : null;
  }

  drop(cell: Cell, reason: Reason): void {
    this.planned.delete(cell);
    this.leftOut.push({ table: cell.table, date: cell.date, reason });
  }

  /** True when a same-date or gate input stays incomplete after the plan. */
  isStuck(cell: Cell): boolean {
    return this.index.someOfDate(
      cell,
      (input) =>
        isDefect(input) &&
        !isShort(input) &&
        !this.planned.has(input) &&
        !this.marked.has(input) &&
        !this.unchanged.has(cellKey(input.table, input.date)),
    );
  }
}

/**
 * What a backfill would do: the cells asked for that need work, what they need upstream,
 * and what becomes stale downstream, as tasks in an order in which they can run. Pure:
 * the preview and the run come from this one function.
 *
 * A cell that nothing can complete (its raw source is short, or waits for such a cell) is
 * left out and says so, and so are a tainted one whose holes the plan cannot fill, and those of `unchanged`, of which
 * somebody has found that building them again gives what they hold.
 */
export function makePlan(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  request: PlanRequest,
  unchanged: ReadonlySet<string> = new Set(),
): PlanDraft {
  const draft = new Draft(facts, cells, request, unchanged);
  const chosen = selected(cells, request);
  for (const cell of chosen) {
    const why = draft.unbuildable.get(cell.table) ?? draft.lost(cell);
    if (why) draft.drop(cell, why);
    else draft.add(cell, "selected", cell.reasons[0] ?? reason("in_state", { state: cell.state }));
  }
  if (request.upstream) addUpstream(draft, chosen);
  leaveOutHopeless(draft);
  if (request.downstream) addDownstream(draft);
  const byTable = sorted(facts, [...draft.planned.values(), ...draft.downstream]);
  const outdated = outdatedOf(draft);
  const made = { cells: byTable.flat(), tasks: toTasks(facts, byTable), leftOut: draft.leftOut };
  return outdated ? { ...made, outdated } : made;
}

/** Cells that are outdated and nothing else: those that the plan rebuilds for it, or those that it leaves as they are. */
function outdatedOf({ cells, request, planned, marked, facts: { pipeline } }: Draft): PlanBody["outdated"] {
  const isTaken = takesOutdated(request);
  const isNamed = asking(request);
  const found: Cell[] = [];
  const changed = new Set<string>();
  for (const cell of cells.values()) {
    if (!isStillOutdated(cell)) continue;
    if (cell.reasons.some(({ code }) => code === "model_changed")) changed.add(cell.table);
    if (isTaken ? planned.has(cell) : isNamed(cell) && !planned.has(cell) && !marked.has(cell)) found.push(cell);
  }
  if (found.length === 0) return undefined;
  const tables = new Set(found.map(({ table }) => table));
  // A model's change outdates the rows of its table, and those made of them.
  const isBehind = (model: string) =>
    tables.has(model) || [...tables].some((table) => pipeline.upstream.get(table)?.includes(model));
  return { cells: found.length, models: [...changed].filter(isBehind), isTaken };
}

/**
 * Cells of a plan that are not right by their number of rows alone, which is not usual, by table: building them again may
 * give the rows that are there. None of those that were asked for whatever they hold.
 */
export function doubtedCells(
  { pipeline }: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  request: PlanRequest,
  plan: PlanDraft,
): Map<Processor, string[]> {
  const found = new Map<Processor, string[]>();
  if (request.only === "all") return found;
  for (const { table: name, date, role } of plan.cells) {
    const cell = cells.get(cellKey(name, date));
    const table = tableOf(pipeline, name);
    if (role === "downstream" || !cell || !isUnusual(table, cell) || cell.states.some(isCuredByBuilding)) continue;
    if (takesOutdated(request) && cell.states.includes("outdated")) continue;
    entryOf(found, table, () => []).push(date);
  }
  return found;
}

const isCuredByBuilding = (state: Cell["state"]) => state === "stale" || state === "failed";

/**
 * What a request asks of sources that a job loads, before all else: dates that are short of something or invalid, or all
 * that it names up to today. What reads them is not right until they are loaded, and is planned after that.
 */
export function withLoads(facts: CoverageFacts, request: PlanRequest, plan: PlanDraft, today: string): PlanDraft {
  const isNamed = asking(request);
  const without = new Set(request.without?.map((one) => cellKey(one.table, one.date)));
  const needing = request.only === "missing" ? ["missing", "partial"] : ["missing", "partial", "invalid"];
  const end = request.end < today ? request.end : today;
  const loads = facts.pipeline.sources
    .filter(({ id, loader }) => loader && request.tables.includes(id))
    .map((source) =>
      eachDate(request.start, end)
        .filter((date) => isNamed({ table: source.id, date }) && !without.has(cellKey(source.id, date)))
        .map((date) => usualSourceCell(facts, source, date, today))
        .filter(({ states }) => request.only === "all" || states.some((state) => needing.includes(state)))
        .map(
          ({ table, date, state, rows, expected, reasons: [first = reason("in_state", { state })] }): PlannedCell => {
            return { table, date, role: "selected", reason: first, state, rows, expected };
          },
        ),
    );
  if (loads.length === 0) return plan;
  return { ...plan, cells: [...loads.flat(), ...plan.cells], tasks: [...toTasks(facts, loads), ...plan.tasks] };
}

function sorted(facts: CoverageFacts, cells: Iterable<PlannedCell>): PlannedCell[][] {
  const byTable = new Map<string, PlannedCell[]>(facts.pipeline.order.map((table) => [table.id, []]));
  for (const cell of cells) byTable.get(cell.table)?.push(cell);
  for (const list of byTable.values()) list.sort((a, b) => (a.date < b.date ? -1 : 1));
  return [...byTable.values()];
}

/** What planned cells read that needs work, and what that reads in turn. */
function addUpstream(draft: Draft, queue: Cell[]): void {
  const inNeed = new CellSet(draft.index);
  const isWanted = (cell: Cell) =>
    needsWork(cell) || isAwaited(cell) || (takesOutdated(draft.request) && isStillOutdated(cell));
  for (const cell of draft.cells.values()) if (isWanted(cell)) inNeed.add(cell);
  for (let cell = queue.pop(); cell; cell = queue.pop()) {
    const reader = cell;
    draft.index.findRead(inNeed, reader, (input) => {
      if (draft.planned.has(input)) return false;
      const { table, date } = reader;
      const why = reason("needed_by", { table, date, because: input.reasons[0] ?? null });
      if (draft.add(input, "upstream", why)) queue.push(input);
      return false;
    });
  }
}

const saysShort = ({ code }: Reason) => code === "source_short" || code === "source_below_usual" || code === "not_done";

function leaveOutHopeless(draft: Draft): void {
  const { planned } = draft;
  for (const cell of [...planned.keys()]) {
    if (draft.unchanged.has(cellKey(cell.table, cell.date))) {
      draft.drop(cell, reason("same_rows", {}));
      continue;
    }
    // Raw rows are short: no build can complete it. Where other states can be cured, it stays.
    if (!cell.rawShort) continue;
    const cured = ["duplicated", "surplus", "invalid", "corrupt", "stale"];
    if (takesOutdated(draft.request)) cured.push("outdated");
    const curable = cell.states.some((state) => cured.includes(state));
    const short = cell.states.includes("blocked") || cell.states.includes("partial");
    if (short && !curable) draft.drop(cell, cell.reasons.find(saysShort) ?? reason("stays_short", {}));
  }
  // Without upstream the inputs are somebody else's: pre-flight names them and blocks.
  if (!draft.request.upstream) return;
  for (let again = true; again; ) {
    again = false;
    for (const cell of [...planned.keys()]) {
      if (draft.isStuck(cell)) {
        draft.drop(cell, reason("input_stays_short", {}));
        again = true;
      } else if (onlyTainted(cell) && !someCausePlanned(draft, cell)) {
        draft.drop(cell, reason("holes_stay", {}));
        again = true;
      }
    }
  }
}

const onlyTainted = (cell: Cell) => cell.states.every((state) => state === "tainted");

function someCausePlanned({ cells, planned }: Draft, cell: Cell): boolean {
  return cell.causes.some((cause) =>
    cause.dates.some((date) => {
      const input = cells.get(cellKey(cause.table, date));
      return input !== undefined && planned.has(input);
    }),
  );
}

/** Rows that read a planned cell become stale by it: they are built again too. */
function addDownstream(draft: Draft): void {
  const { planned, index, marked } = draft;
  for (const cell of planned.keys()) marked.add(cell);
  let last: { rebuilt: Cell; reason: Reason } | undefined;
  // Tables in topological order: a table's planned cells are all known when it is reached.
  for (const table of draft.facts.pipeline.order) {
    const waits = table.due === "beforehand" && table.inputs.some(({ edge }) => edge === "gate");
    for (const epoch of index.all()) {
      if (!marked.of(epoch)) continue;
      for (const cell of epoch.column(table.id)) {
        if (!cell || cell.rows === 0 || isQuiet(cell) || marked.has(cell)) continue;
        // What was made beforehand has waited for nothing, and predictions were made from it.
        const rebuilt = index.findRead(
          marked,
          cell,
          undefined,
          !(waits && isMadeBeforehand(cell, draft.facts.pipeline.timeZone)),
        );
        if (!rebuilt || draft.isStuck(cell) || draft.isTakenOut(cell)) continue;
        // One is the first of many windows in a row.
        if (last?.rebuilt !== rebuilt)
          last = { rebuilt, reason: reason("reads_rebuilt", { table: rebuilt.table, date: rebuilt.date }) };
        draft.downstream.push(toPlanCell(cell, "downstream", last.reason));
        marked.add(cell);
      }
    }
  }
}

/** True for cells of which nothing is expected, yet or at all. */
const isQuiet = ({ state: shown, states }: Cell) => shown !== "complete" && !states.every(isDueState);

function toTasks(facts: CoverageFacts, byTable: readonly PlannedCell[][]): PlannedTask[] {
  const { epochs } = facts.pipeline;
  const calendars = [...calendarsOf(facts)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, calendar]) => calendar);
  const positionsOf = (table: string) =>
    new Map(calendars.flatMap((calendar) => calendar.dueDates(table)).map((date, index) => [date, index]));
  const ofCalendar = positionsOf("");
  const tasks: PlannedTask[] = [];
  for (const own of byTable) {
    let group: PlannedCell[] = [];
    const [first] = own;
    const table = first && findTable(facts.pipeline, first.table);
    const positions = table?.cadence === undefined ? ofCalendar : positionsOf(table.id);
    const close = () => {
      if (group.length === 0) return;
      const dates = group.map((cell) => cell.date);
      tasks.push({
        table: (group[0] as PlannedCell).table,
        start: dates[0] as string,
        end: dates.at(-1) as string,
        dates,
        reason: whyTask(group),
      });
      group = [];
    };
    let [before, lastOfEpoch] = [0, ""];
    for (const cell of own) {
      const position = positions.get(cell.date) ?? 0;
      if (cell.date > lastOfEpoch || position - before - 1 > MOST_BETWEEN) close();
      if (cell.date > lastOfEpoch) lastOfEpoch = epochs.end(epochs.of(cell.date));
      group.push(cell);
      before = position;
    }
    close();
  }
  return tasks;
}

/** How many of a task's cells are in which state. */
function whyTask(group: readonly PlannedCell[]): Reason {
  const counts = new Map<CellCount["state"], number>();
  for (const cell of group) {
    const state = cell.role === "downstream" && cell.state === "complete" ? "downstream" : cell.state;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return reason("task_of", { counts: [...counts].map(([state, cells]) => ({ state, cells })) });
}
