import type { Cell, Invalidation } from "../../api/coverage";
import { addDays, momentOf } from "../../util/dates";
import type { Pipeline } from "../pipeline/compile";
import { type CellState, type ColumnFault, STATES } from "./cell-states";
import type { ValueFacts } from "./values";

export { type CellState, STATES };

/** States in which the rows of a cell, or what they hold, are not the expected ones: a gap for the tables that read it. */
export const DEFECTS: ReadonlySet<CellState> = new Set([
  "corrupt",
  "invalid",
  "duplicated",
  "surplus",
  "blocked",
  "missing",
  "partial",
]);

/** States of a cell that somebody has to do something about. */
export const NEEDS_WORK: ReadonlySet<CellState> = new Set([...DEFECTS, "failed", "tainted", "stale"]);

export interface DateFacts {
  date: string;
  /** Units that are over, all that are not cancelled, and those that are cancelled. */
  done: number;
  due: number;
  cancelled: number;
  members: string[];
  /** Units that the calendar calls done and of which no source has anything: not counted as done. */
  unseen?: string[];
  /** Units that the calendar does not call done and of which sources have all. */
  late?: number;
  /** The calendar knows nothing of the month: the date's units are those that the fallback's table has rows of. */
  fromResults?: boolean;
}

/** A raw table on one date. `served`: units (or members) of the date that it has enough of. */
export interface RawFacts {
  rows: number;
  served: number;
  newest: string | null;
  /** Names of what it does not serve, where it tells. */
  short?: readonly string[];
}

/** A derived table on one date. `copies`: how often the most repeated grain key is there. */
export interface TableFacts extends Pick<Cell, "rows" | "distinct" | "copies" | "oldest" | "newest"> {
  /** First and last version, by name, of the model that made the rows, parted by a space; null where none is known. */
  versions?: string | null;
}

export type AcceptedRows = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Everything that states are decided from, of whole epochs: read in one query. */
export interface CoverageFacts {
  /** Of which they are. */
  pipeline: Pipeline;
  start: string;
  end: string;
  dates: Map<string, DateFacts>;
  raw: Map<string, Map<string, RawFacts>>;
  tables: Map<string, Map<string, TableFacts>>;
  expected: Map<string, Map<string, number>>;
  /** Dates of tables whose cadence the warehouse knows. */
  due: Map<string, Set<string>>;
  /** Rows that can be made of what the sources hold, by table and date, where that is counted. */
  possible: Map<string, Map<string, number>>;
  /** Rows of gaps that are accepted, by table and date, where tables have a baseline: they are what is usual from then on. */
  accepted?: AcceptedRows;
  /** When the models became what they are, by table, where that is known; and rows that somebody has called outdated. */
  modelsSince?: ReadonlyMap<string, string>;
  invalidations?: readonly Invalidation[];
  /** What the rows hold, by table or source and date, where it was looked at. */
  values?: ReadonlyMap<string, ReadonlyMap<string, ValueFacts>>;
  /** Of tables whose rows the warehouse deletes by itself after so many days: the first date that it still keeps. */
  kept?: Map<string, { first: string; days: number }>;
  /** What is wrong with whole tables, by name, where something is. */
  faults?: ReadonlyMap<string, readonly ColumnFault[]>;
}

/** The states that say nothing beside others: where several cells are shown as one, any other shows over them. */
const QUIET: readonly CellState[] = ["bootstrap", "not_expected"];
const SHOWN = [...STATES.filter((state) => !QUIET.includes(state)), ...QUIET];
const SHOWN_RANK = new Map(SHOWN.map((state, index) => [state, index]));

/** The worse of two states where cells are shown as one; undefined is better than any. */
export function worseOf(a: CellState | undefined, b: CellState): CellState {
  return a !== undefined && (SHOWN_RANK.get(a) as number) <= (SHOWN_RANK.get(b) as number) ? a : b;
}

export const cellKey = (table: string, date: string): string => `${table} ${date}`;

export const statesNeedWork = (states: readonly CellState[]): boolean => states.some((state) => NEEDS_WORK.has(state));

/** True when the cell holds all that its sources do, and they are short: who reads it can be built, of what there is. */
export const isShort = (cell: Pick<Cell, "rows" | "states" | "rawShort">): boolean =>
  cell.rawShort && cell.rows > 0 && cell.states.every((state) => state === "partial" || !DEFECTS.has(state));

/** No zone's midnight is further from UTC's: most cells are decided without asking for it. */
const FURTHEST = { before: "T10:00", after: "T12:00" };

/**
 * True where all rows of a cell were written before its date was over: made beforehand, for what was to come. What came
 * of it later, on the same date, does not make them wrong.
 */
export function isMadeBeforehand({ date, newest }: Pick<Cell, "date" | "newest">, timeZone: string): boolean {
  if (newest === null || newest < date + FURTHEST.before) return newest !== null;
  const next = addDays(date, 1);
  return newest < next + FURTHEST.after && newest < momentOf(next, "00:00", timeZone);
}

/** True of rows that nothing but their version or their age speaks against: nobody has to do something about them. */
export const isOutdated = ({ states }: Pick<Cell, "states">): boolean =>
  states.includes("outdated") && !statesNeedWork(states);

/** True when somebody has to do something about the cell; an accepted gap asks for nothing. */
export const needsWork = (cell: Pick<Cell, "state" | "states" | "accepted">): boolean =>
  cell.state !== "complete" && !cell.accepted && statesNeedWork(cell.states);

/** True of a cell that is not yet due and can be built: nobody has to do something about it, but whoever is asked may. */
export const isAwaited = ({ state, reasons }: Pick<Cell, "state" | "reasons">): boolean =>
  state === "pending" && reasons.some(({ code }) => code === "due_later");

/** True when the cell's rows are not the expected ones: a hole for whoever reads it. */
export const isDefect = (cell: Pick<Cell, "state" | "states">): boolean =>
  cell.state !== "complete" && cell.states.some((state) => DEFECTS.has(state));
