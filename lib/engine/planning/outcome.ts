import type { Cell } from "../../api/coverage";
import type { PlanOutcome, PlanRequest } from "../../api/runs";
import { addDays } from "../../util/dates";
import { isDueState } from "../coverage/cell-states";
import { withCounts } from "../coverage/facts";
import { classify } from "../coverage/states";
import { type CoverageFacts, cellKey, isOutdated, needsWork, type TableFacts } from "../coverage/types";
import type { PlanDraft } from "./plan";

/** So many cells that stay as they are not right are named. */
const MAX_NAMED = 12;

type Planned = ReadonlyArray<Pick<PlanDraft["cells"][number], "table" | "date" | "rows" | "expected">>;

/** States of cells once a plan has run: what it builds holds its rows, each table's written after those that it reads. */
function cellsAfter(
  facts: CoverageFacts,
  planned: Planned,
  today: string,
  now: Date,
  clock?: string,
): Map<string, Cell> {
  const order = new Map(facts.pipeline.order.map(({ id }, at) => [id, at]));
  const written = new Map<string, string[]>();
  const counted = new Map<string, TableFacts>();
  const expected = new Map(facts.expected);
  for (const { table, date, rows: before, expected: wanted } of planned) {
    const possible = facts.possible.get(table)?.get(date);
    const rows = possible ?? wanted ?? Math.max(1, before);
    const at = new Date(now.getTime() + (order.get(table) ?? 0)).toISOString();
    if (rows > 0) counted.set(cellKey(table, date), { rows, distinct: rows, copies: 1, oldest: at, newest: at });
    if (!written.has(table)) {
      written.set(table, []);
      expected.set(table, new Map(facts.expected.get(table)));
    }
    written.get(table)?.push(date);
    // What is expected may be counted in tables that are still to be built.
    if (!facts.expected.get(table)?.get(date)) expected.get(table)?.set(date, rows);
  }
  return classify({ ...withCounts(facts, written, counted), expected }, today, clock);
}

/** The last date up to `end` such that no cell of the tables needs work on it or before; null where there is none. */
function safeThrough(cells: Iterable<Cell>, tables: ReadonlySet<string>, start: string, end: string): string | null {
  let last = end;
  for (const cell of cells)
    if (tables.has(cell.table) && cell.date <= last && needsWork(cell)) last = addDays(cell.date, -1);
  return last >= start ? last : null;
}

/** Optional sources that have no row on some of the dates that are built from them. */
function emptySources({ pipeline, raw }: CoverageFacts, planned: Planned): PlanOutcome["emptySources"] {
  return pipeline.sources.flatMap(({ id: source }) => {
    const readers = pipeline.order.filter(({ inputs }) =>
      inputs.some(({ table, edge, critical }) => table === source && edge === "same-date" && !critical),
    );
    const built = planned.filter(({ table }) => readers.some(({ id }) => id === table));
    const dates = [...new Set(built.map(({ date }) => date))];
    const empty = dates.filter((date) => !raw.get(source)?.get(date)?.rows).length;
    const tables = readers.map(({ id }) => id).filter((id) => built.some(({ table }) => table === id));
    return empty > 0 ? [{ source, tables, empty, dates: dates.length }] : [];
  });
}

/**
 * What the request's tables and dates are like once a plan has run. `whole` is the plan of the same request with nothing
 * excluded, by which the excluded cells are judged; absent where none is excluded.
 */
export function outcomeOf(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  request: PlanRequest,
  planned: Planned,
  whole: Planned | undefined,
  today: string,
  now: Date,
  clock?: string,
): PlanOutcome {
  const tables = new Set(request.tables);
  const accepted = (after: Map<string, Cell>) => {
    for (const [key, cell] of after) {
      const { accepted } = cells.get(key) ?? {};
      if (accepted) after.set(key, { ...cell, accepted });
    }
    return after;
  };
  const after = accepted(cellsAfter(facts, planned, today, now, clock));
  const inScope = ({ table, date }: Cell) => tables.has(table) && date >= request.start && date <= request.end;
  const due = [...after.values()].filter((cell) => inScope(cell) && isDueState(cell.state));
  const staying = due.filter(needsWork).sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const safe = (of: Map<string, Cell>) => safeThrough(of.values(), tables, facts.start, request.end);
  return {
    cells: due.length,
    complete: due.length - staying.length,
    outdated: due.filter((cell) => isOutdated(cell) && !cell.accepted).length,
    staying: staying.slice(0, MAX_NAMED).map(({ table, date, state, rows, expected }) => {
      return { table, date, state, rows, expected };
    }),
    safeThrough: safe(after),
    safeThroughWhole: whole ? safe(accepted(cellsAfter(facts, whole, today, now, clock))) : null,
    emptySources: emptySources(facts, planned),
  };
}
