import { FullcourtError } from "../../errors";
import { RAW_TABLES } from "../../pipelines/nba/sources";
import type { Processor } from "./compiled";
import { loadedConfig } from "./loaded";

export type { JobProcessor, ObservedProcessor, Processor } from "./compiled";
export type { Input, Window } from "./types";

/**
 * The registry: the tables of the configuration, which is loaded before. To add one, write its file and name it there:
 * the grid, the graph, checks, plans, commands and docs derive from it.
 */
export const PROCESSORS: readonly Processor[] = loadedConfig().processors;

const BY_NAME = new Map(PROCESSORS.flatMap((one) => [[one.short, one] as const, [one.name, one] as const]));

export function findProcessor(name: string): Processor | undefined {
  return BY_NAME.get(name.toLowerCase());
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

/** Processors named by a list such as ["pgs,togs", "mlfs"] or ["all"], in the registry's order. */
export function processorsNamed(names: readonly string[]): Processor[] {
  const asked = names
    .flatMap((name) => name.split(","))
    .map((name) => name.trim())
    .filter(Boolean);
  if (asked.length === 0 || asked.some((name) => name.toLowerCase() === "all")) return [...PROCESSORS];
  const chosen = new Set(asked.map((name) => processor(name).short));
  return PROCESSORS.filter((one) => chosen.has(one.short));
}

/** "nba_analytics.player_game_summary", as SQL names the table. */
export function qualifiedName(one: { dataset: string; name: string }): string {
  return `${one.dataset}.${one.name}`;
}

export function isRaw(name: string): boolean {
  return RAW_TABLES.some((table) => table.name === name);
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

/** A row's date in GoogleSQL: another program's time column may be a TIMESTAMP, whose date is UTC's. */
export function dateOf(table: Processor): string {
  const type = table.columns.find((column) => column.name === table.dateColumn)?.type;
  return table.observed && type !== "DATE" ? `CAST(${table.dateColumn} AS DATE)` : table.dateColumn;
}
