import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { addDays, eachDate } from "@/lib/util/dates";
import { groupBy } from "@/lib/util/group-by";
import type { Params } from "../types";

export interface Named {
  dataset: string;
  name: string;
}

/** What the catalog says of one table in one epoch (null: it cannot say in which), without a row being read. */
export interface Digest {
  /** dataset.name. */
  qualified: string;
  epoch: string | null;
  partitions: number;
  total_rows: number;
  modified: string | null;
}

export interface PartitionRow {
  /** dataset.name. */
  qualified: string;
  partition_id: string | null;
  total_rows: number;
  modified: string | null;
}

/** How a table is parted. */
export interface Partitioning {
  /** The column, or _PARTITIONTIME where rows are parted by when they came. */
  column: string;
  /** Its type. */
  type: string;
  /** A partition's id is a date or month of the column, not the first of many numbers. */
  saysDate: boolean;
  /** A query must say which partitions it wants. */
  isRequired: boolean;
  /** Days after which a partition vanishes. */
  keptDays: number | null;
}

/** True where a table is parted by the date of its rows. */
export const isByDate = ({ dateColumn }: { dateColumn: string }, { column, type }: Partitioning): boolean =>
  (dateColumn === column || dateColumn === `CAST(${column} AS DATE)`) && /^(DATE|DATETIME|TIMESTAMP|INT64)$/.test(type);

/** A condition on the partitions from a date to a date; without these one that all dates meet. */
export function filterOf(
  { column, type }: Pick<Partitioning, "column" | "type">,
  first = "0001-01-01",
  last = "9999-12-30",
): string {
  const end = addDays(last, 1);
  if (type === "INT64") return `${column} BETWEEN ${Number(plain(first))} AND ${Number(plain(last))}`;
  if (type === "DATE") return `${column} BETWEEN DATE '${first}' AND DATE '${last}'`;
  const zone = type === "TIMESTAMP" ? "+00" : "";
  return `${column} >= ${type} '${first} 00:00:00${zone}' AND ${column} < ${type} '${end} 00:00:00${zone}'`;
}

/** The month of a partition's id; NULL where it says none: __NULL__, __UNPARTITIONED__, a whole number, a year. */
const MONTH = "IF(LENGTH(partition_id) >= 6, SAFE_CAST(SUBSTR(partition_id, 1, 6) AS INT64), NULL)";

/** Whether partitions' ids say dates of a table's rows. */
type SaysDate = (table: Named) => boolean;

/** A part for each dataset; `month` is that of a partition's id, NULL where the id says nothing of its rows' dates. */
function perDataset(
  tables: readonly Named[],
  saysDate: SaysDate,
  part: (dataset: string, month: string) => string,
): { sql: string; params: Params } {
  const params: Params = {};
  const parts = [...groupBy(tables, (table) => table.dataset)].map(([dataset, own]) => {
    const others = own.filter((table) => !saysDate(table)).map(({ name }) => name);
    params[`tables_${dataset}`] = { type: "ARRAY<STRING>", value: own.map(({ name }) => name) };
    if (others.length === 0) return part(dataset, MONTH);
    params[`others_${dataset}`] = { type: "ARRAY<STRING>", value: others };
    return part(dataset, `IF(table_name IN UNNEST(@others_${dataset}), NULL, ${MONTH})`);
  });
  return { sql: parts.join("\nUNION ALL\n"), params };
}

const from = (dataset: string) =>
  `FROM ${dataset}.INFORMATION_SCHEMA.PARTITIONS
WHERE table_name IN UNNEST(@tables_${dataset})`;

/** Tables of two datasets may have one name. The dataset is a text: names of datasets in a statement get a prefix. */
const qualified = (dataset: string) => `CONCAT('${dataset}', '.', table_name) AS qualified`;

/** A date of a partition: its own, or the last that its month or hour may hold. */
const DAY = "SUBSTR(CONCAT(partition_id, '31'), 1, 8)";
const plain = (date: string) => date.replaceAll("-", "");

/**
 * One row for each table and epoch of those given, which follow each other: how many partitions, their rows, and the last
 * change. A write moves the last one, a deletion the second: equal digests are equal data.
 */
export function digestSql(
  { shards }: Pick<Pipeline, "shards">,
  tables: readonly Named[],
  asked: readonly string[],
  saysDate: SaysDate = () => true,
) {
  const ends = asked.map((epoch) => `WHEN ${DAY} <= '${plain(shards.end(epoch))}' THEN '${epoch}'`);
  const first = plain(shards.start(asked[0] as string));
  const last = plain(shards.end(asked.at(-1) as string));
  return perDataset(
    tables,
    saysDate,
    (dataset, month) => `SELECT
  ${qualified(dataset)}, CASE WHEN ${month} IS NULL THEN NULL ${ends.join(" ")} END AS epoch,
  COUNT(*) AS partitions, CAST(SUM(total_rows) AS INT64) AS total_rows, MAX(last_modified_time) AS modified
${from(dataset)} AND (${month} IS NULL OR ${DAY} BETWEEN '${first}' AND '${last}')
GROUP BY qualified, epoch`,
  );
}

/** The partitions of some tables from the first to the last month (202110), and those without a month. */
export function partitionsSql(
  tables: readonly Named[],
  firstMonth: number,
  lastMonth: number,
  saysDate: SaysDate = () => true,
) {
  const { sql, params } = perDataset(
    tables,
    saysDate,
    (dataset, month) => `SELECT ${qualified(dataset)}, partition_id, total_rows, last_modified_time AS modified
${from(dataset)} AND (${month} IS NULL OR ${month} BETWEEN @first_month AND @last_month)`,
  );
  return {
    sql,
    params: {
      ...params,
      first_month: { type: "INT64" as const, value: firstMonth },
      last_month: { type: "INT64" as const, value: lastMonth },
    },
  };
}

/** First and last date that partitions say of some tables, and the last that is not after @today. */
export interface Reach {
  first: string | null;
  last: string | null;
  passed: string | null;
}

/** The reach of each dataset's tables, by the days and months of their partitions. */
export function reachSql(tables: readonly Named[], today: string) {
  const first = "SUBSTR(CONCAT(partition_id, '01'), 1, 8)";
  const now = plain(today);
  return perDataset(
    tables,
    () => true,
    (dataset, month) => `SELECT
  MIN(${first}) AS first, MAX(${DAY}) AS last, MAX(IF(${first} > '${now}', NULL, IF(${DAY} > '${now}', '${now}', ${DAY}))) AS passed
${from(dataset)} AND ${month} IS NOT NULL AND total_rows > 0`,
  );
}

/** A date as an id says it, "20211131" too: the last of its month. */
export function dateOfId(id: string): string {
  const [year, month, day] = [id.slice(0, 4), id.slice(4, 6), id.slice(6, 8)];
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return `${year}-${month}-${String(Math.min(Number(day), last)).padStart(2, "0")}`;
}

/** Rows of partitions that are no date's: __NULL__ and __UNPARTITIONED__. */
export function looseSql(tables: readonly Named[]) {
  return perDataset(
    tables,
    () => true,
    (dataset) => `SELECT ${qualified(dataset)}, partition_id, CAST(SUM(total_rows) AS INT64) AS total_rows
${from(dataset)} AND partition_id IN ('__NULL__', '__UNPARTITIONED__') AND total_rows > 0
GROUP BY qualified, partition_id`,
  );
}

/** Dates of an epoch that a partition may hold: its day or month, or all where its id does not say. */
export function datesOfPartition({ shards }: Pick<Pipeline, "shards">, id: string | null, epoch: string): string[] {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})?/.exec(id ?? "") ?? [];
  if (day) return [`${year}-${month}-${day}`];
  const all = eachDate(shards.start(epoch), shards.end(epoch));
  return month ? all.filter((date) => date.startsWith(`${year}-${month}`)) : all;
}

/** The epoch of a partition's id; null where it does not say. */
export function epochOfPartition({ shards }: Pick<Pipeline, "shards">, id: string | null): string | null {
  const [, year, month, day = "31"] = /^(\d{4})(\d{2})(\d{2})?/.exec(id ?? "") ?? [];
  return year === undefined ? null : shards.of(`${year}-${month}-${day}`);
}
