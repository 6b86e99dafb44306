import { entryOf } from "../../util/group-by";
import type { Pipeline } from "../pipeline/compile";
import type { Processor } from "../pipeline/compiled";
import { calendarsOf, joinCalendars } from "../pipeline/windows";
import { toServe } from "./short";
import { FALLBACK } from "./sql";
import { type CoverageFacts, cellKey, type RawFacts, type TableFacts } from "./types";
import { columnFacts, type ValueFacts, valueFacts } from "./values";

/** A row of the coverage statement, in which the order of columns is this one. */
export interface FactRow {
  kind: string;
  /** The table; of expected rows all tables of which the same is expected, by commas. */
  name: string;
  d: string;
  n: number;
  m: number;
  /** Of expected rows: whether m is counted. */
  k: number;
  oldest: string | null;
  newest: string | null;
  info: string | null;
  /** What the rows hold, where it was looked at: see valueFacts. */
  figures: string | null;
}

/** Sorts the rows of a pipeline's coverage statement into facts of whole epochs from `start` to `end`. */
export function toFacts(pipeline: Pipeline, rows: readonly FactRow[], start: string, end: string): CoverageFacts {
  const facts: CoverageFacts = {
    pipeline,
    start,
    end,
    dates: new Map(),
    raw: new Map(),
    tables: new Map(),
    expected: new Map(),
    due: new Map(),
    possible: new Map(),
  };
  const values = new Map<string, Map<string, ValueFacts>>();
  facts.values = values;
  const under = <T>(map: Map<string, Map<string, T>>, name: string) => entryOf(map, name, () => new Map<string, T>());
  const of = ({ name, d }: Pick<FactRow, "name" | "d">) =>
    entryOf(under(facts.raw, name), d, () => ({ rows: 0, served: 0, newest: null }) as RawFacts);
  const doubts: FactRow[] = [];
  const observed = new Set(pipeline.tables.flatMap((table) => (table.observed ? [table.id] : [])));
  for (const row of rows) {
    if (row.kind === "doubt") doubts.push(row);
    else if (row.kind === "calendar") {
      const members = row.info ? row.info.split(",") : [];
      const fromResults = row.name === FALLBACK;
      const day = { date: row.d, done: row.n, due: row.m, cancelled: row.k, members };
      facts.dates.set(row.d, fromResults ? { ...day, fromResults } : day);
    } else if (row.kind === "columns") {
      const own = under(values, row.name);
      own.set(row.d, withColumns(pipeline, own.get(row.d), row));
    } else if (row.kind === "values") {
      under(values, row.name).set(row.d, valuesOf(pipeline, row));
    } else if (row.kind === "table") {
      if (row.figures !== null) under(values, row.name).set(row.d, valuesOf(pipeline, row));
      under(facts.tables, row.name).set(row.d, tableFacts(row, observed.has(row.name)));
    } else if (row.kind === "kept") {
      facts.kept ??= new Map();
      facts.kept.set(row.name, { first: row.info as string, days: row.n });
    } else if (row.kind === "due") {
      entryOf(facts.due, row.name, () => new Set<string>()).add(row.d);
    } else if (row.kind === "expected") {
      for (const name of row.name.split(",")) {
        under(facts.expected, name).set(row.d, row.n);
        if (row.k > 0) under(facts.possible, name).set(row.d, row.m);
      }
    } else if (row.kind === "short") of(row).short = [...(of(row).short ?? []), row.info as string];
    else {
      if (row.figures !== null) under(values, row.name).set(row.d, valuesOf(pipeline, row));
      Object.assign(of(row), { rows: row.n, served: row.m, newest: row.newest });
    }
  }
  for (const { d, n, m, info } of doubts) {
    const day = facts.dates.get(d);
    if (!day) continue;
    const { unseen = [], late = 0, done } = day;
    const names = n > 0 ? [...unseen, info as string].sort() : unseen;
    facts.dates.set(d, { ...day, done: done - n, unseen: names, late: late + m });
  }
  for (const { id, completeness } of pipeline.sources) {
    if (!completeness || !("short" in completeness)) continue;
    for (const [d, day] of facts.dates) {
      const whole = toServe(completeness.of, day);
      if (whole === 0) continue;
      const found = of({ name: id, d });
      found.served = Math.max(0, whole - (found.short?.length ?? 0));
      // A warehouse gives rows in any order.
      if (found.short) found.short = [...found.short].sort();
    }
  }
  return facts;
}

/** What a row of counts says of the values of a table or source. */
export function valuesOf({ byName, sourceById }: Pipeline, { name, n, figures }: FactRow): ValueFacts {
  return valueFacts((sourceById.get(name) ?? byName.get(name))?.checks ?? [], n, figures ?? "");
}

/** The same with what the columns of a table hold. */
export function withColumns(
  { byName }: Pipeline,
  values: ValueFacts | undefined,
  { name, n, figures }: FactRow,
): ValueFacts {
  const { columns, dateColumn } = byName.get(name.toLowerCase()) as Processor;
  return { ...(values ?? { rows: n, failed: [] }), columns: columnFacts(columns, dateColumn, n, figures ?? "") };
}

/** So many of an epoch's dates, the newest, are looked at column by column: all of them would double what a look costs. */
const LOOKED_AT = 60;

/** The dates whose columns are looked at, by table, of those that a coverage statement has found rows of. */
export function datesLookedAt(pipeline: Pipeline, rows: readonly FactRow[]): Map<Processor, string[]> {
  const found = new Map<string, Map<string, string[]>>();
  for (const { kind, name, d } of rows)
    if (kind === "table")
      entryOf(
        entryOf(found, name, () => new Map<string, string[]>()),
        pipeline.shards.of(d),
        () => [],
      ).push(d);
  return new Map(
    pipeline.tables.flatMap((table) => {
      const epochs = table.learn === false ? undefined : found.get(table.id);
      return epochs ? [[table, [...epochs.values()].flatMap((dates) => dates.sort().slice(-LOOKED_AT))]] : [];
    }),
  );
}

/** What another program did not have to change keeps its time, as a MERGE leaves it: the newest row tells when it was at it. */
export const tableFacts = ({ n, m, k, oldest, newest, info }: FactRow, isObserved = false): TableFacts => ({
  rows: n,
  distinct: m,
  copies: k,
  oldest: isObserved ? newest : oldest,
  newest,
  versions: info,
});

/** Facts with the counts of dates that were written since, and what their rows hold: none of a date without rows. The given ones stay as they are. */
export function withCounts(
  facts: CoverageFacts,
  written: ReadonlyMap<string, readonly string[]>,
  counted: ReadonlyMap<string, TableFacts>,
  held: ReadonlyMap<string, ValueFacts> = new Map(),
): CoverageFacts {
  const tables = new Map(facts.tables);
  const values = new Map(facts.values);
  for (const [name, dates] of written) {
    const own = new Map(tables.get(name));
    for (const date of dates) {
      const found = counted.get(cellKey(name, date));
      if (found) own.set(date, found);
      else own.delete(date);
    }
    tables.set(name, own);
    const ownValues = new Map(values.get(name));
    for (const date of dates) {
      const found = held.get(cellKey(name, date));
      if (found) ownValues.set(date, found);
      else ownValues.delete(date);
    }
    values.set(name, ownValues);
  }
  const next = { ...facts, tables, values };
  joinCalendars(next, calendarsOf(facts));
  return next;
}
