import { eachDate } from "@/lib/dates";
import { seasonEnd, seasonStart, seasonYear } from "@/lib/engine/pipeline/epochs";
import { LATE_DATES } from "@/lib/pipelines/nba/season";
import type { Params } from "../types";

export interface Named {
  dataset: string;
  name: string;
}

/** What the catalog says of one table in one season (null: it cannot say in which), without a row being read. */
export interface Digest {
  table_name: string;
  season: number | null;
  partitions: number;
  total_rows: number;
  modified: string | null;
}

export interface PartitionRow {
  table_name: string;
  partition_id: string | null;
  total_rows: number;
  modified: string | null;
}

const MONTH = "SAFE_CAST(SUBSTR(partition_id, 1, 6) AS INT64)";

function perDataset(tables: readonly Named[], part: (dataset: string) => string): { sql: string; params: Params } {
  const datasets = [...new Set(tables.map((table) => table.dataset))];
  const params: Params = Object.fromEntries(
    datasets.map((dataset) => [
      `tables_${dataset}`,
      {
        type: "ARRAY<STRING>" as const,
        value: tables.filter((table) => table.dataset === dataset).map((table) => table.name),
      },
    ]),
  );
  return { sql: datasets.map(part).join("\nUNION ALL\n"), params };
}

const from = (dataset: string) =>
  `FROM ${dataset}.INFORMATION_SCHEMA.PARTITIONS
WHERE table_name IN (SELECT t FROM UNNEST(@tables_${dataset}) AS t)`;

/** Days whose season is not that of their month. */
const LATE = { first: LATE_DATES.first.replaceAll("-", ""), last: LATE_DATES.last.replaceAll("-", "") };

/**
 * One row for each table and season (October to September): how many partitions, their rows, and
 * the last change. A write moves the last one, a deletion the second: equal digests are equal data.
 */
export function digestSql(tables: readonly Named[]) {
  return perDataset(
    tables,
    (dataset) => `SELECT
  table_name,
  CAST(FLOOR((${MONTH} - 10) / 100) AS INT64) - IF(partition_id BETWEEN '${LATE.first}' AND '${LATE.last}', 1, 0) AS season,
  COUNT(*) AS partitions, CAST(SUM(total_rows) AS INT64) AS total_rows, MAX(last_modified_time) AS modified
${from(dataset)}
GROUP BY table_name, season`,
  );
}

/** The partitions of some tables from the first to the last month (202110), and those without a month. */
export function partitionsSql(tables: readonly Named[], firstMonth: number, lastMonth: number) {
  const { sql, params } = perDataset(
    tables,
    (dataset) => `SELECT table_name, partition_id, total_rows, last_modified_time AS modified
${from(dataset)} AND (${MONTH} IS NULL OR ${MONTH} BETWEEN @first_month AND @last_month)`,
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

/** Dates of a season that a partition may hold: its day or month, or all where its id does not say. */
export function datesOfPartition(id: string | null, season: number): string[] {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})?/.exec(id ?? "") ?? [];
  if (day) return [`${year}-${month}-${day}`];
  const all = eachDate(seasonStart(season), seasonEnd(season));
  return month ? all.filter((date) => date.startsWith(`${year}-${month}`)) : all;
}

/** The season of a partition's id; null where it does not say. */
export function seasonOfPartition(id: string | null): number | null {
  const [, year, month, day = "31"] = /^(\d{4})(\d{2})(\d{2})?/.exec(id ?? "") ?? [];
  return year === undefined ? null : seasonYear(`${year}-${month}-${day}`);
}
