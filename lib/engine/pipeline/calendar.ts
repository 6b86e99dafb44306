import type { Processor } from "./compiled";
import { dateOf, qualifiedName } from "./names";
import type { CalendarDefinition, DailyCalendar, PipelineDefinition } from "./types";

/** A calendar in GoogleSQL, over @start_date..@end_date. */
export interface CompiledCalendar {
  unit: CalendarDefinition["unit"];
  /** Named expressions, the last of them `calendar`: (d, due, done, cancelled, members, from_fallback) by date. */
  ctes: string;
  /** A query of (d, unit, is_unseen): where the calendar itself may be wrong. */
  doubts?: string;
  /** A query of `d`: every date that anything is known of. */
  known: string;
  /** Its parts, each a query of `d`; with the table whose dates they are, as SQL names it, where it says nothing else. */
  knownParts: ReadonlyArray<{ table?: string; sql: string }>;
  /** The table whose rows stand in for a calendar that was lost. */
  fallback?: Processor;
}

/** So many dates after the last that is known are due too, and can be asked for: nothing may have come for as long. */
export const DAYS_AHEAD = 366;

/**
 * Every day, or every weekday, from the first date that is known on. Its units are the rows of a source where one is
 * named, each day at least one: a day without any is due as well.
 */
function daily(known: string, { kind, units }: DailyCalendar, sources: PipelineDefinition["sources"]): string {
  const counted = sources.find((one) => one.id === units);
  const due = counted ? "GREATEST(COALESCE(u.n, 0), 1)" : "1";
  const unitsOf = counted
    ? `
  LEFT JOIN (
    SELECT ${counted.dateColumn} AS d, COUNT(DISTINCT ${keyOf(counted)}) AS n
    FROM ${counted.dataset}.${counted.name ?? counted.id}
    WHERE ${counted.dateColumn} BETWEEN @start_date AND @end_date
    GROUP BY ${counted.dateColumn}
  ) AS u ON u.d = days.d`
    : "";
  return `SELECT days.d, ${due} AS due, ${due} AS done, 0 AS cancelled, CAST(NULL AS STRING) AS members
  FROM (
    SELECT d
    FROM (SELECT MIN(d) AS first, MAX(d) AS last FROM (${known}) AS dates) AS k
    CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(
      GREATEST(@start_date, k.first), LEAST(@end_date, CAST(DATE_ADD(k.last, INTERVAL ${DAYS_AHEAD} DAY) AS DATE))
    )) AS d
    WHERE k.first IS NOT NULL${kind === "weekdays" ? " AND EXTRACT(DAYOFWEEK FROM d) BETWEEN 2 AND 6" : ""}
  ) AS days${unitsOf}`;
}

const keyOf = ({ grain }: PipelineDefinition["sources"][number]) =>
  grain.length > 1 ? `CONCAT(${grain.map((key) => `CAST(${key} AS STRING)`).join(", ',', ")})` : grain[0];

/** `calendar` over a query of its dates; dates that are known from the fallback alone say so. */
const named = (query: string, isFallback: boolean) => `calendar AS (
  SELECT d, due, done, cancelled, members, ${isFallback ? "from_fallback" : "FALSE AS from_fallback"}
  FROM (${query}) AS calendar_rows
)`;

/** The parts of CompiledCalendar.known as one query. */
export const knownSql = (parts: CompiledCalendar["knownParts"]): string =>
  parts.length > 0 ? parts.map(({ sql }) => sql).join(" UNION ALL ") : "SELECT CAST(NULL AS DATE) AS d";

export function calendarOf({ calendar, sources }: PipelineDefinition, tables: readonly Processor[]): CompiledCalendar {
  const { unit, source } = calendar;
  const observed = tables.filter((table) => table.observed);
  const datesOf = (table: Processor) => ({
    table: qualifiedName(table),
    sql: `SELECT ${dateOf(table)} AS d FROM ${qualifiedName(table)} AS of_${table.id}`,
  });
  if (source.kind !== "sql") {
    const dated = sources.filter((one) => one.dateColumn);
    const knownParts = [
      ...dated.map((one) => {
        const table = `${one.dataset}.${one.name ?? one.id}`;
        return { table, sql: `SELECT ${one.dateColumn} AS d FROM ${table} AS of_${one.id}` };
      }),
      // A source that lost rows takes no date away of which there are others.
      ...tables.map(datesOf),
    ];
    const known = knownSql(knownParts);
    return { unit, ctes: named(daily(known, source, sources), false), known, knownParts };
  }
  const fallback = tables.find((table) => table.id === source.fallback?.table && !table.observed);
  const { ctes, query } = (fallback && source.fallback) || source;
  const knownParts = [
    { sql: source.known },
    ...(fallback && source.fallback ? [{ sql: source.fallback.known }] : []),
    ...observed.map(datesOf),
  ];
  return {
    unit,
    ctes: [...(ctes ? [ctes] : []), named(query, fallback !== undefined)].join(",\n"),
    known: knownSql(knownParts),
    knownParts,
    fallback,
    ...(source.doubts ? { doubts: source.doubts } : {}),
  };
}
