import { type CellState, isDueState } from "@/lib/engine/coverage/cell-states";
import { codeAccepted, codeNeedsWork, codeState, decodeCell, type PageDate } from "@/lib/engine/coverage/page";
import { worseOf } from "@/lib/engine/coverage/types";
import type { GroupCell, ViewRow } from "@/lib/engine/coverage/zoom";
import type { PipelineManifest } from "@/lib/engine/pipeline/manifest";
import { FOLLOWING, ROOTS } from "@/lib/engine/view/state-families";

/** One column of the grid: a source, a table, or a layer that is folded into one. */
export interface Column {
  kind: "source" | "table" | "layer";
  id: string;
  label: string;
  title: string;
  /** The layer above it, or "pinned"; null for a source. */
  group: string | null;
  /** The tables, or the source, that it shows, with their places in a date's cells. */
  tables: readonly string[];
  at: readonly number[];
}

/** Which columns a person wants to see. */
export interface ColumnChoice {
  pinned: readonly string[];
  hidden: readonly string[];
  folded: readonly string[];
  /** A part of the name of a table. */
  find: string;
}

export const PINNED = "pinned";

/** The columns of the grid, sources first, then what is pinned, then layer by layer. */
export function columnsOf(
  { tables, sources, layers }: PipelineManifest,
  sourceNames: readonly string[],
  names: readonly string[],
  { pinned, hidden, folded, find }: ColumnChoice,
): Column[] {
  const wanted = find.trim().toLowerCase();
  const isFound = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(wanted));
  const fromSources = sourceNames.flatMap((id, at): Column[] => {
    const source = sources.find((one) => one.id === id);
    if (!source || !isFound(id, source.label)) return [];
    return [
      {
        kind: "source",
        id,
        label: source.label,
        title: `${id}: ${source.description}`,
        group: null,
        tables: [id],
        at: [at],
      },
    ];
  });
  const all = names.flatMap((id, at): Column[] => {
    const table = tables.find((one) => one.id === id);
    if (!table || (hidden.includes(id) && !wanted) || !isFound(id, table.name)) return [];
    const group = pinned.includes(id) ? PINNED : table.layer;
    return [
      { kind: "table", id, label: id, title: `${table.name}: ${table.description}`, group, tables: [id], at: [at] },
    ];
  });
  const byLayer = layers.flatMap(({ id, label }): Column[] => {
    const own = all.filter(({ group }) => group === id);
    if (own.length === 0 || wanted || !folded.includes(id)) return own;
    const [held, at] = [own.flatMap((one) => one.tables), own.flatMap((one) => one.at)];
    return [{ kind: "layer", id: `layer:${id}`, label, title: held.join(", "), group: id, tables: held, at }];
  });
  return [...fromSources, ...all.filter(({ group }) => group === PINNED), ...byLayer];
}

/** Several cells in one: the worst state of any, and how many need work. */
export function foldCells(cells: readonly GroupCell[]): GroupCell {
  return cells.reduce((sum, cell) => ({
    state: worseOf(sum.state, cell.state),
    dates: sum.dates + cell.dates,
    toDo: sum.toDo + cell.toDo,
    rows: sum.rows + cell.rows,
    states: new Set([...sum.states, ...cell.states]),
  }));
}

/** A date's cell as one of a group. */
export const asGroup = (code: string | undefined): GroupCell => {
  const state = codeState(code);
  return {
    state,
    dates: state === "not_expected" ? 0 : 1,
    toDo: codeNeedsWork(code) ? 1 : 0,
    rows: decodeCell(code, "", "").rows,
    states: new Set([state]),
  };
};

/** The state that a column shows in a row. */
function stateAt(row: ViewRow, { kind, at }: Column): CellState {
  if (row.kind === "gap") return "not_expected";
  const states = at.map((place): CellState => {
    if (row.kind === "date") return codeState((kind === "source" ? row.sources : row.date.cells)[place]);
    return (kind === "source" ? row.sources : row.cells)[place]?.state ?? "not_expected";
  });
  return states.reduce(worseOf);
}

/** Rows with the worst of a column first, each state by date; stretches on which nothing is due are left out. */
export function worstFirst(rows: readonly ViewRow[], column: Column): ViewRow[] {
  return rows
    .filter(({ kind }) => kind !== "gap")
    .map((row) => ({ row, state: stateAt(row, column) }))
    .sort((a, b) => (a.state === b.state ? 0 : worseOf(a.state, b.state) === a.state ? -1 : 1))
    .map(({ row }) => row);
}

/** What a table has in the range: cells by the state that they show, and rows that are there, once each, of those expected. */
export interface ColumnTotal {
  states: Partial<Record<CellState, number>>;
  due: number;
  complete: number;
  rows: number;
  expected: number;
}

/** The totals of each table, in the order of the dates' cells. */
export function totalsOf(dates: readonly PageDate[], tables: readonly string[]): ColumnTotal[] {
  const totals = tables.map((): ColumnTotal => ({ states: {}, due: 0, complete: 0, rows: 0, expected: 0 }));
  for (const { cells } of dates)
    for (const [at, total] of totals.entries()) {
      const code = cells[at];
      const state = codeState(code);
      if (!isDueState(state) || codeAccepted(code)) continue;
      const { distinct, expected } = decodeCell(code, "", "");
      total.states[state] = (total.states[state] ?? 0) + 1;
      total.due++;
      if (state === "complete") total.complete++;
      total.rows += distinct;
      total.expected += expected ?? distinct;
    }
  return totals;
}

/** Totals of several tables in one. */
export const addTotals = (totals: readonly ColumnTotal[]): ColumnTotal =>
  totals.reduce(
    (sum, one) => {
      const states = { ...sum.states };
      for (const [state, count] of Object.entries(one.states) as Array<[CellState, number]>)
        states[state] = (states[state] ?? 0) + count;
      return {
        states,
        due: sum.due + one.due,
        complete: sum.complete + one.complete,
        rows: sum.rows + one.rows,
        expected: sum.expected + one.expected,
      };
    },
    { states: {}, due: 0, complete: 0, rows: 0, expected: 0 },
  );

/** A date in short: how much is complete, which tables have a cause of their own, how many cells follow. */
export interface DateStatus {
  due: number;
  complete: number;
  accepted: number;
  roots: Array<{ state: CellState; tables: string[]; copies: number }>;
  follows: Array<{ state: CellState; count: number }>;
}

export function dateStatus(cells: readonly string[], tables: readonly string[]): DateStatus {
  const byState = new Map<CellState, number[]>();
  let [due, complete, accepted] = [0, 0, 0];
  for (const [at, code] of cells.entries()) {
    const state = codeState(code);
    if (codeAccepted(code)) {
      accepted++;
      continue;
    }
    if (!isDueState(state)) continue;
    due++;
    if (state === "complete") complete++;
    else byState.set(state, [...(byState.get(state) ?? []), at]);
  }
  const roots = ROOTS.flatMap((state) => {
    const own = byState.get(state);
    if (!own) return [];
    const copies = Math.max(...own.map((at) => decodeCell(cells[at], "", "").copies));
    return [{ state, tables: own.map((at) => tables[at] as string), copies }];
  });
  const follows = [...FOLLOWING, "running" as const].flatMap((state) => {
    const own = byState.get(state);
    return own ? [{ state, count: own.length }] : [];
  });
  return { due, complete, accepted, roots, follows };
}
