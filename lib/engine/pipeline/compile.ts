import { FullcourtError } from "../../errors";
import { type CoverageSql, coverageSql } from "../coverage/sql";
import { type ValuesSql, valuesSql } from "../coverage/values-sql";
import { type CompiledCalendar, calendarOf } from "./calendar";
import { PROCESSED_AT } from "./columns";
import type { CompiledSource, Processor } from "./compiled";
import { inOrder, readBy } from "./graph";
import { qualifiedName } from "./names";
import { type StoredTable, storedTables } from "./stored";
import type { Epochs, Expected, PipelineDefinition, Source, Table } from "./types";
import { validateDefinition } from "./validate-definition";

/** A pipeline as the program works with it: one object with all that its tables are used for. */
export interface Pipeline {
  definition: PipelineDefinition;
  id: string;
  name: string;
  timeZone: string;
  calendar: CompiledCalendar;
  epochs: Epochs;
  /** Parts of time in which dates are counted and remembered: the epochs, or calendar years where there are none. */
  shards: Epochs;
  /** In the definition's order. */
  tables: readonly Processor[];
  sources: readonly CompiledSource[];
  /** Tables by id and by name, in small letters. */
  byName: ReadonlyMap<string, Processor>;
  sourceById: ReadonlyMap<string, CompiledSource>;
  /** Each table after all that it reads. */
  order: readonly Processor[];
  /** Ids of the tables that a table reads or waits for, and of those that read it or wait for it, directly. */
  upstream: ReadonlyMap<string, readonly string[]>;
  downstream: ReadonlyMap<string, readonly string[]>;
  /** As the warehouse holds them, sources first; those that are ours to create and write, and their datasets. */
  stored: readonly StoredTable[];
  own: readonly StoredTable[];
  datasets: readonly string[];
  sql: CoverageSql;
  /** Where its tables are, as its configuration says it, with whole paths. */
  warehouse?: string;
  /** The module of the configuration that it was loaded from: another process loads it from there. */
  module?: string;
}

/** Where a pipeline has no epochs, all of time is one. */
const EVER: Epochs = { of: () => "0", start: () => "0001-01-01", end: () => "9999-12-31", label: () => "All dates" };

/** Dates far from today stand for "always" and "never" in many a table: the years before and after these are one each. */
const [FIRST_YEAR, LAST_YEAR] = ["1970", "2070"];

const YEARS: Epochs = {
  of: (date) => [FIRST_YEAR, date.slice(0, 4), LAST_YEAR].sort()[1] as string,
  start: (year) => (year === FIRST_YEAR ? EVER.start(year) : `${year}-01-01`),
  end: (year) => (year === LAST_YEAR ? EVER.end(year) : `${year}-12-31`),
  label: (year) => year,
};

/** How many rows belong to a date: in words and, where the date alone decides, as a query over the calendar. */
function expectedOf(table: Table, tables: readonly Table[], many: string): Omit<Processor["expected"], "rule"> {
  const rule: Expected = table.expected;
  if (rule === "some") return { words: "some, where what it reads has some", sql: null };
  if (rule === "unknown") return { words: "not known", sql: null };
  if ("sql" in rule) return rule;
  if ("perUnit" in rule) {
    const units = table.due === "afterwards" ? "done" : "due";
    return {
      words: `${rule.perUnit} for each of the ${many}`,
      sql: `SELECT d, ${rule.perUnit} * ${units} AS n FROM calendar`,
    };
  }
  if ("rows" in rule) return { words: `${rule.rows}`, sql: null };
  if ("baseline" in rule) return { words: "as many as like dates have", sql: null };
  const other = tables.find(({ id }) => id === rule.sameAs);
  return { ...(other ? expectedOf(other, tables, many) : { sql: null }), words: `as many as ${rule.sameAs}` };
}

/** The values of a table or source that its checks look at, in others too. */
const valuesOf = (of: Pick<Table, "checks">, { sources, tables }: PipelineDefinition): ValuesSql =>
  valuesSql(of.checks ?? [], (id) => {
    const found = [...sources, ...tables].find((one) => one.id === id);
    return found && { name: qualifiedName({ ...found, name: found.name ?? found.id }), dateColumn: found.dateColumn };
  });

function compileTable(table: Table, definition: PipelineDefinition, versions: ReadonlyMap<string, string>): Processor {
  const { tables, calendar } = definition;
  const common = {
    ...table,
    expected: { ...expectedOf(table, tables, calendar.unit.many), rule: table.expected },
    values: valuesOf(table, definition),
  };
  const { build } = table;
  if (build.kind === "sql") {
    const modelVersion = versions.get(table.id);
    return { ...common, sql: build.sql, ...(modelVersion === undefined ? {} : { modelVersion }) };
  }
  if (build.kind === "job") return { ...common, job: build.job };
  const { by, writtenAt: builtAt, job } = build;
  return { ...common, observed: { by, builtAt }, ...(job ? { job } : {}) };
}

function compileSource(source: Source, definition: PipelineDefinition): CompiledSource {
  const { name = source.id, job, completeness, expected, required, label, where, rows, ...rest } = source;
  const values = valuesOf(source, definition);
  const loader = job && {
    ...rest,
    name,
    layer: "",
    inputs: [],
    due: "afterwards" as const,
    expected: { words: "not known", sql: null, rule: "unknown" as const },
    build: { kind: "external" as const, by: "its job", writtenAt: PROCESSED_AT.name, job },
    values,
    observed: { by: "its job", builtAt: PROCESSED_AT.name },
    job,
  };
  return { ...source, name, values, ...(loader ? { loader } : {}) };
}

/**
 * Checks a definition and makes of it what the program works with; all faults at once, each with its table. `versions`
 * are those of the models, by table: without them no rows are of an older one.
 */
export function compilePipeline(
  definition: PipelineDefinition,
  versions: ReadonlyMap<string, string> = new Map(),
): Pipeline {
  const faults = validateDefinition(definition);
  if (faults.length > 0)
    throw new FullcourtError("bad_config", faults.join(" "), "Correct the configuration, then start again.");
  const tables = definition.tables.map((table) => compileTable(table, definition, versions));
  const sources = definition.sources.map((source) => compileSource(source, definition));
  const upstream = new Map(tables.map((table) => [table.id, readBy(table, tables)]));
  const stored = storedTables(sources, tables);
  const own = stored.filter((table) => !table.isObserved);
  const calendar = calendarOf(definition, tables);
  return {
    definition,
    id: definition.id,
    name: definition.name,
    timeZone: definition.timeZone,
    calendar,
    epochs: definition.epochs ?? EVER,
    shards: definition.epochs ?? YEARS,
    tables,
    sources,
    byName: new Map(
      tables.flatMap((one) => [[one.id.toLowerCase(), one] as const, [one.name.toLowerCase(), one] as const]),
    ),
    sourceById: new Map(sources.map((one) => [one.id, one])),
    order: inOrder(tables),
    upstream,
    downstream: new Map(
      tables.map(({ id }) => [id, tables.filter((one) => upstream.get(one.id)?.includes(id)).map((one) => one.id)]),
    ),
    stored,
    own,
    datasets: [...new Set(own.map((table) => table.dataset))],
    sql: coverageSql(calendar, sources, tables),
  };
}
