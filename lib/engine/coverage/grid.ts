import type { Cell, CoverageDocument, SourceCell, Summary } from "../../api/coverage";
import { eachDate } from "../../util/dates";
import type { Pipeline } from "../pipeline/compile";
import { findTable } from "../pipeline/find";
import type { Unit } from "../pipeline/types";
import { formatReasons } from "../view/format";
import { formatStatus } from "../view/format-state";
import { reason } from "./reasons";
import { tally, toSummary } from "./summary";
import { type CoverageFacts, cellKey } from "./types";

export interface GridDate {
  date: string;
  units: number;
  status: string;
  cells: Record<string, Cell>;
}

/** The grid of a range: what the page, the API and the command line show. */
export interface Grid {
  unit: Unit;
  range: { start: string; end: string };
  tables: string[];
  dates: GridDate[];
  summary: Summary;
}

const NOTHING_READ = reason("nothing_read", {});
const NO_CHECKS: Cell["checks"] = [];
const NOT_DUE = reason("not_due", { cancelled: false });

/** The cell of a date of which nothing is known: nothing is due. */
export function emptyCell(pipeline: Pipeline, table: string, date: string): Cell {
  return {
    table,
    date,
    rows: 0,
    distinct: 0,
    copies: 0,
    expected: 0,
    state: "not_expected",
    states: ["not_expected"],
    reasons: [findTable(pipeline, table)?.observed ? NOTHING_READ : NOT_DUE],
    causes: [],
    rawShort: false,
    checks: NO_CHECKS,
    oldest: null,
    newest: null,
  };
}

/** Cuts a range and some tables out of all classified cells. */
export function toGrid(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  range: { start: string; end: string },
  tables: readonly string[] = facts.pipeline.tables.map(({ id }) => id),
): Grid {
  const dates = gridDates(facts, cells, range, tables);
  const summary = toSummary(tally(facts, cells, dates, tables), range.end);
  return { unit: facts.pipeline.calendar.unit, range, tables: [...tables], dates, summary };
}

export function gridDates(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  { start, end }: { start: string; end: string },
  tables: readonly string[],
): GridDate[] {
  return eachDate(start, end).map((date) => {
    const own: Record<string, Cell> = {};
    for (const table of tables) own[table] = cells.get(cellKey(table, date)) ?? emptyCell(facts.pipeline, table, date);
    return {
      date,
      units: facts.dates.get(date)?.due ?? 0,
      status: formatStatus(facts.pipeline, Object.values(own)),
      cells: own,
    };
  });
}

/** A date of the grid, and its sources, as the contract has them. */
export function toCoverageDate(
  date: GridDate,
  sources: readonly SourceCell[],
  unit: Unit,
): CoverageDocument["dates"][number] {
  const shown = ({ rows, distinct, expected, state, states, reasons, checks, accepted: gap }: Cell) => {
    const found = checks.length > 0 ? { checks: checks.map(({ kind: _, rows: __, ...check }) => check) } : {};
    const accepted = gap ? { id: gap.id, reason: gap.reason, until: gap.expires } : null;
    return { rows, distinct, expected, state, states, reasons: formatReasons(reasons, unit), accepted, ...found };
  };
  return {
    ...date,
    cells: Object.fromEntries(Object.entries(date.cells).map(([table, cell]) => [table, shown(cell)])),
    sources: Object.fromEntries(
      sources.map(({ table, date: _, newest: __, reasons, ...source }) => [
        table,
        { ...source, reasons: formatReasons(reasons, unit) },
      ]),
    ),
  };
}

/** The grid as the contract has it; `sourcesOn` gives the sources of a date. */
export const toCoverageResponse = (
  { unit, range: { start, end }, tables, dates, summary }: Grid,
  sourcesOn: (date: string) => readonly SourceCell[],
): CoverageDocument => ({
  unit: { one: unit.one, many: unit.many },
  range: { start, end },
  tables,
  dates: dates.map((date) => toCoverageDate(date, sourcesOn(date.date), unit)),
  summary,
});
