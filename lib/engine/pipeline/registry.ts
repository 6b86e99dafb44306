import { FullcourtError } from "../../errors";
import type { Processor } from "./compiled";
import { loadedPipeline } from "./loaded";
import type { StoredTable } from "./stored";

export type { JobProcessor, Processor } from "./compiled";
export { dateOf, qualifiedName } from "./names";

/** The process's own pipeline, for what is not given one yet. */
const pipeline = loadedPipeline();

export const PROCESSORS: readonly Processor[] = pipeline.tables;

export function findProcessor(name: string): Processor | undefined {
  return pipeline.byName.get(name.toLowerCase());
}

/** The processor of a short or full name; an error that lists the names otherwise. */
export function processor(name: string): Processor {
  const found = findProcessor(name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no table "${name}".`,
    `Tables are: ${PROCESSORS.map((one) => one.short).join(", ")}; or all.`,
  );
}

/** Processors named by a list such as ["orders,payments", "sales"] or ["all"], in the registry's order. */
export function processorsNamed(names: readonly string[]): Processor[] {
  const asked = names
    .flatMap((name) => name.split(","))
    .map((name) => name.trim())
    .filter(Boolean);
  if (asked.length === 0 || asked.some((name) => name.toLowerCase() === "all")) return [...PROCESSORS];
  const chosen = new Set(asked.map((name) => processor(name).short));
  return PROCESSORS.filter((one) => chosen.has(one.short));
}

/** The model of a table; an error for one that a job or another program makes. */
export function modelOf(table: Processor): string {
  if (table.sql !== undefined) return table.sql;
  throw new FullcourtError(
    "no_model",
    `${table.short} has no model: ${table.job ? "a job" : table.observed.by} makes it.`,
    "Its registry entry says which.",
  );
}

/** Tables in an order in which each comes after all that it reads. */
export const topologicalOrder = (): readonly Processor[] => pipeline.order;

/** Short names of the tables that a table reads or waits for, directly. */
export const upstreamOf = (table: Processor): readonly string[] => pipeline.upstream.get(table.short) ?? [];

/** Short names of the tables that read a table or wait for it, directly. */
export const downstreamOf = (short: string): readonly string[] => pipeline.downstream.get(short) ?? [];

export const STORED_TABLES: readonly StoredTable[] = pipeline.stored;
export const DATASETS: readonly string[] = pipeline.datasets;

export const COVERAGE_SQL = pipeline.sql.coverage;
