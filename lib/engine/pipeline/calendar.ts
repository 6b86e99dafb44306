import type { Processor } from "./compiled";
import { dateOf, qualifiedName } from "./names";
import type { CalendarDefinition, PipelineDefinition } from "./types";

/** A calendar in GoogleSQL, over @start_date..@end_date. */
export interface CompiledCalendar {
  unit: CalendarDefinition["unit"];
  /** Named expressions, the last of them `calendar`: (d, due, done, cancelled, members, from_fallback) by date. */
  ctes: string;
  /** A query of `d`: every date that anything is known of. */
  known: string;
  /** The table whose rows stand in for a calendar that was lost. */
  fallback?: Processor;
}

const DAY = "SELECT d, 1 AS due, 1 AS done, 0 AS cancelled, CAST(NULL AS STRING) AS members";
const DAYS = "FROM UNNEST(GENERATE_DATE_ARRAY(@start_date, @end_date)) AS d";

/** `calendar` over a query of its dates; dates that are known from the fallback alone say so. */
const named = (query: string, isFallback: boolean) => `calendar AS (
  SELECT d, due, done, cancelled, members, ${isFallback ? "from_fallback" : "FALSE AS from_fallback"}
  FROM (${query}) AS calendar_rows
)`;

export function calendarOf({ calendar, sources }: PipelineDefinition, tables: readonly Processor[]): CompiledCalendar {
  const { unit, source } = calendar;
  const observed = tables.filter((table) => table.observed);
  const datesOf = (table: Processor) => `SELECT ${dateOf(table)} AS d FROM ${qualifiedName(table)} AS of_${table.id}`;
  const together = (queries: readonly string[]) =>
    queries.length > 0 ? queries.join(" UNION ALL ") : "SELECT CAST(NULL AS DATE) AS d";
  if (source.kind !== "sql") {
    const workdays = source.kind === "weekdays" ? " WHERE EXTRACT(DAYOFWEEK FROM d) BETWEEN 2 AND 6" : "";
    const dated = sources.filter((one) => one.dateColumn);
    return {
      unit,
      ctes: named(`${DAY} ${DAYS}${workdays}`, false),
      known: together([
        ...dated.map((one) => `SELECT ${one.dateColumn} AS d FROM ${one.dataset}.${one.name ?? one.id}`),
        ...observed.map(datesOf),
      ]),
    };
  }
  const fallback = tables.find((table) => table.id === source.fallback?.table && !table.observed);
  const { ctes, query } = (fallback && source.fallback) || source;
  return {
    unit,
    ctes: [...(ctes ? [ctes] : []), named(query, fallback !== undefined)].join(",\n"),
    known: together([
      source.known,
      ...(fallback && source.fallback ? [source.fallback.known] : []),
      ...observed.map(datesOf),
    ]),
    fallback,
  };
}
