import { entryOf } from "../../util/group-by";
import type { CompiledCalendar } from "../pipeline/calendar";
import type { CompiledSource, Processor } from "../pipeline/compiled";
import { dateOf, qualifiedName } from "../pipeline/names";
import { MODEL_VERSION } from "../pipeline/stored";
import { columnFigures, type ValuesSql } from "./values-sql";

const NO_INFO = "CAST(NULL AS STRING)";
const NO_TIMES = "CAST(NULL AS TIMESTAMP) AS oldest, CAST(NULL AS TIMESTAMP) AS newest";

/** How a date is called that the calendar's fallback alone knows. */
export const FALLBACK = "fallback";

const CALENDAR = `SELECT
  'calendar' AS kind, IF(from_fallback, '${FALLBACK}', '') AS name, d, done AS n, due AS m, cancelled AS k,
  ${NO_TIMES}, members AS info, ${NO_INFO} AS figures
FROM calendar`;

const doubtsOf = (query: string): string => `SELECT
  'doubt' AS kind, '' AS name, d, IF(is_unseen, 1, 0) AS n, IF(is_unseen, 0, 1) AS m, 0 AS k,
  ${NO_TIMES}, unit AS info, ${NO_INFO} AS figures
FROM (${query}) AS doubts`;

/** A condition on a date that bounds what is read. */
type Bound = (date: string) => string;

const IN_RANGE: Bound = (date) => `${date} BETWEEN @start_date AND @end_date`;

/** Where a table's rows are counted from: with a date and when they were written, whatever another program calls them. */
function source(table: Processor, where: string, joined: ReturnType<ValuesSql["joins"]> = NO_JOINS) {
  const { columns, joins } = joined;
  if (!table.observed && joins.length === 0)
    return { from: `${qualifiedName(table)}\n  WHERE ${where}`, date: table.dateColumn, builtAt: "processed_at" };
  const times = table.observed
    ? [`${dateOf(table)} AS row_date`, `CAST(${table.observed.builtAt ?? "NULL"} AS TIMESTAMP) AS row_built_at`]
    : [];
  return {
    from: `(
    SELECT ${["own.*", ...times, ...columns].join(", ")}
    FROM ${[`${qualifiedName(table)} AS own`, ...joins].join("\n    ")}
    WHERE ${where}
  ) AS rows_of_${table.id}`,
    date: table.observed ? "row_date" : table.dateColumn,
    builtAt: table.observed ? "row_built_at" : "processed_at",
  };
}
const NO_JOINS: ReturnType<ValuesSql["joins"]> = { columns: [], joins: [] };

const together = (parts: readonly string[]) => parts.join("\nUNION ALL\n");

/** The columns of a table's grain beside its date: they tell the rows of one date apart. */
const keysOf = (table: Processor) => table.grain.filter((column) => column !== dateOf(table));

/**
 * The first and the last version, by name, of the model that made some rows: one name twice where they are of one. Which
 * of them is today's is decided later: what is counted holds when the model changes.
 */
const VERSIONS = `MIN(${MODEL_VERSION.name}) || ' ' || MAX(${MODEL_VERSION.name})`;

/**
 * Rows, different grain keys, oldest and newest row and versions of the model, by date. Keys are counted by their fingerprints, at half of what
 * grouping by the keys themselves costs: where n = m no key is there twice, and otherwise exactCountsOf has to tell.
 * In the same scan, and only where it `hasValues`, what the rows hold.
 */
function countsOf(table: Processor, bound: Bound, hasValues: boolean): string {
  const keys = keysOf(table);
  const { from, date, builtAt } = source(table, bound(dateOf(table)), hasValues ? table.values.joins(bound) : NO_JOINS);
  const texts = keys.map((key) => `CAST(${key} AS STRING)`);
  const key = texts.length > 1 ? `CONCAT(${texts.join(", ',', ")})` : (texts[0] ?? "''");
  return `SELECT
  'table' AS kind, '${table.id}' AS name, ${date} AS d, COUNT(*) AS n, COUNT(DISTINCT FARM_FINGERPRINT(${key})) AS m, 1 AS k,
  MIN(${builtAt}) AS oldest, MAX(${builtAt}) AS newest, ${table.sql === undefined ? NO_INFO : VERSIONS} AS info,
  ${hasValues ? table.values.figures : NO_INFO} AS figures
FROM ${from}
GROUP BY ${date}`;
}

/**
 * The same of several tables, with keys counted one by one, and how often the most repeated one is there: in one grouping
 * for all tables, as a plan of many parts takes longer to make than it takes to find that there is nothing to count.
 */
function exactCountsOf(tables: readonly Processor[], where: (table: Processor) => string): string {
  const columns = Array.from(
    { length: Math.max(...tables.map((table) => keysOf(table).length)) },
    (_, i) => `key_${i}`,
  );
  const rows = tables.map((table) => {
    const keys = keysOf(table);
    const { from, date, builtAt } = source(table, where(table));
    const texts = columns.map((column, i) => `CAST(${keys[i] ?? "NULL"} AS STRING) AS ${column}`);
    const version = table.sql === undefined ? NO_INFO : MODEL_VERSION.name;
    return `SELECT ${[`'${table.id}' AS name`, `${date} AS d`, ...texts, `${builtAt} AS processed_at`, `${version} AS version`].join(", ")}
    FROM ${from}`;
  });
  const key = ["name", "d", ...columns].join(", ");
  return `SELECT
  'table' AS kind, name, d, CAST(SUM(copies) AS INT64) AS n, COUNT(*) AS m, MAX(copies) AS k,
  MIN(oldest) AS oldest, MAX(newest) AS newest, MIN(first_version) || ' ' || MAX(last_version) AS info,
  ${NO_INFO} AS figures
FROM (
  SELECT ${key}, COUNT(*) AS copies, MIN(processed_at) AS oldest, MAX(processed_at) AS newest,
    MIN(version) AS first_version, MAX(version) AS last_version
  FROM (${together(rows)}) AS rows_of_tables
  GROUP BY ${key}
) AS keys_of_tables
GROUP BY name, d`;
}

/** Expected rows by date: one query for all tables of which the same is expected. */
function expectedQueries(tables: readonly Processor[]): string[] {
  const names = new Map<string, { ids: string[]; possible: string }>();
  for (const { id, expected } of tables) {
    if (expected.sql === null) continue;
    const possible = expected.countsPossible ? "CAST(m AS INT64) AS m, 1 AS k" : "0 AS m, 0 AS k";
    entryOf(names, expected.sql, () => ({ ids: [], possible })).ids.push(id);
  }
  return [...names].map(
    ([
      sql,
      { ids, possible },
    ]) => `SELECT 'expected' AS kind, '${ids.join(",")}' AS name, d, CAST(n AS INT64) AS n, ${possible},
  ${NO_TIMES}, ${NO_INFO} AS info, ${NO_INFO} AS figures
FROM (${sql}) AS expected_of_${ids[0]}`,
  );
}

/** The dates of a table whose cadence is a query. */
const dueDates = ({ id, cadence }: Processor): string[] =>
  typeof cadence === "object" && "sql" in cadence
    ? [
        `SELECT 'due' AS kind, '${id}' AS name, d, 0 AS n, 0 AS m, 0 AS k, ${NO_TIMES}, ${NO_INFO} AS info,
  ${NO_INFO} AS figures
FROM (${cadence.sql}) AS due_of_${id}`,
      ]
    : [];

/** Rows of a source by date; what they do not serve of it, by name, where a rule says it. */
function sourceCounts(source: CompiledSource): string[] {
  const { id, dateColumn, completeness } = source;
  const served = completeness && "counted" in completeness ? completeness.counted : "0";
  const { columns: found, joins } = source.values.joins(IN_RANGE);
  const own = qualifiedName(source);
  const from =
    joins.length === 0
      ? own
      : `(SELECT ${["own.*", ...found].join(", ")} FROM ${[`${own} AS own`, ...joins].join(" ")}) AS rows_of_${id}`;
  const rows =
    source.rows ??
    `SELECT ${dateColumn} AS d, COUNT(*) AS n, ${served} AS m, MAX(processed_at) AS newest, ${source.values.figures} AS figures
    FROM ${from} WHERE ${IN_RANGE(dateColumn)}${source.where ? ` AND ${source.where}` : ""} GROUP BY ${dateColumn}`;
  const part = (kind: string, query: string, counts: string, newest: string, info: string, figures: string) => `SELECT
  '${kind}' AS kind, '${id}' AS name, d, ${counts}, 0 AS k,
  CAST(NULL AS TIMESTAMP) AS oldest, ${newest} AS newest, ${info} AS info, ${figures} AS figures
FROM (${query}) AS ${kind}_of_${id}`;
  const raw = part("raw", rows, "n, m", "newest", NO_INFO, source.rows ? NO_INFO : "figures");
  if (!completeness || !("short" in completeness)) return [raw];
  return [raw, part("short", completeness.short, "0 AS n, 0 AS m", "CAST(NULL AS TIMESTAMP)", "unit", NO_INFO)];
}

/** `counted`: what is counted of some tables in @start_date..@end_date. */
const countedIn = (tables: readonly Processor[]): string => `counted AS (
  ${together(tables.map((table) => countsOf(table, IN_RANGE, true)))}
)`;

/** What is read of `counted`, with the keys of dates on which some may be doubled. */
const readCounted = (tables: readonly Processor[]): string[] => [
  "SELECT * FROM counted WHERE n = m",
  "SELECT 'values' AS kind, name, d, n, m, k, oldest, newest, info, figures FROM counted WHERE n <> m",
  exactCountsOf(
    tables,
    (table) =>
      `${IN_RANGE(dateOf(table))} AND ${dateOf(table)} IN (SELECT d FROM counted WHERE name = '${table.id}' AND n <> m)`,
  ),
];

/** What the coverage statement says of one table alone, in @start_date..@end_date. */
export const tableCoverageSql = (table: Processor): string =>
  `WITH ${countedIn([table])}\n${together(readCounted([table]))}`;

/** The statements behind the grid, checks and plans, for all dates of @start_date to @end_date (whole epochs). */
export interface CoverageSql {
  /** What the sources alone decide: the calendar, expected rows, rows of sources. */
  context: string;
  /**
   * That, and for every table rows, different grain keys, oldest and newest processed_at. Its cost does not depend on
   * how many cells are asked for.
   */
  coverage: string;
  /** Units that are due from @start_date to @end_date, as `units`. */
  units: string;
  /** First, last and last passed date that anything is known of; @today. */
  known: string;
  /** What a source serves of @start_date, which is @end_date too, as (unit, is_served); by the id of those that say it. */
  served: ReadonlyMap<string, string>;
}

export function coverageSql(
  calendar: CompiledCalendar,
  sources: readonly CompiledSource[],
  tables: readonly Processor[],
): CoverageSql {
  const context = `WITH ${calendar.ctes}`;
  // A source without a date is read as a whole.
  const dated = sources.filter((source) => source.rows || source.dateColumn);
  const doubts = calendar.doubts ? [doubtsOf(calendar.doubts)] : [];
  const parts = [
    CALENDAR,
    ...doubts,
    ...expectedQueries(tables),
    ...tables.flatMap(dueDates),
    ...dated.flatMap(sourceCounts),
  ];
  const contextSql = `${context}
${together(parts)}`;
  return {
    context: contextSql,
    coverage:
      tables.length === 0
        ? contextSql
        : `${context},
${countedIn(tables)}
${together([...parts, ...readCounted(tables)])}`,
    units: `${context}
SELECT COALESCE(SUM(due), 0) AS units FROM calendar WHERE d BETWEEN @start_date AND @end_date`,
    known: `SELECT MIN(d) AS first, MAX(d) AS last, MAX(IF(d <= @today, d, NULL)) AS passed
FROM (${calendar.known}) AS known`,
    served: new Map(
      sources.flatMap(({ id, completeness }) =>
        completeness?.units
          ? [
              [
                id,
                `${context}\nSELECT unit, is_served FROM (${completeness.units}) AS units_of_date ORDER BY unit`,
              ] as const,
            ]
          : [],
      ),
    ),
  };
}

/** Of a table's dates of its own: @dates_SHORT, from @first_SHORT to @last_SHORT; by BETWEEN too, as partitions are left unread by it. */
function onDates({ id }: Processor, date: string): string {
  return `${date} BETWEEN @first_${id} AND @last_${id} AND ${date} IN (SELECT d FROM UNNEST(@dates_${id}) AS d)`;
}

/**
 * The rest of it for some tables on dates of their own, without what rows hold where not `hasValues`; where n and m of
 * a date differ, exactCountsSql is to be asked.
 */
export const countsSql = (tables: readonly Processor[], hasValues = true): string =>
  together(tables.map((table) => countsOf(table, (date) => onDates(table, date), hasValues)));

/** The same with keys counted one by one, and how often the most repeated one is there. */
export const exactCountsSql = (tables: readonly Processor[]): string =>
  exactCountsOf(tables, (table) => onDates(table, dateOf(table)));

/** What the columns of some tables hold on dates of their own. */
export const columnsSql = (tables: readonly Processor[]): string =>
  together(
    tables.map((table) => {
      const { from, date } = source(table, onDates(table, dateOf(table)));
      return `SELECT
  'columns' AS kind, '${table.id}' AS name, ${date} AS d, COUNT(*) AS n, 0 AS m, 0 AS k,
  ${NO_TIMES}, ${NO_INFO} AS info, ${columnFigures(table.columns, table.dateColumn)} AS figures
FROM ${from}
GROUP BY ${date}`;
    }),
  );
