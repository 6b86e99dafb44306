import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { eachDate } from "@/lib/util/dates";
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
export function digestSql({ shards }: Pick<Pipeline, "shards">, tables: readonly Named[], asked: readonly string[]) {
  const ends = asked.map((epoch) => `WHEN ${DAY} <= '${plain(shards.end(epoch))}' THEN '${epoch}'`);
  const first = plain(shards.start(asked[0] as string));
  const last = plain(shards.end(asked.at(-1) as string));
  return perDataset(
    tables,
    (dataset) => `SELECT
  ${qualified(dataset)}, CASE WHEN ${MONTH} IS NULL THEN NULL ${ends.join(" ")} END AS epoch,
  COUNT(*) AS partitions, CAST(SUM(total_rows) AS INT64) AS total_rows, MAX(last_modified_time) AS modified
${from(dataset)} AND (${MONTH} IS NULL OR ${DAY} BETWEEN '${first}' AND '${last}')
GROUP BY qualified, epoch`,
  );
}

/** The partitions of some tables from the first to the last month (202110), and those without a month. */
export function partitionsSql(tables: readonly Named[], firstMonth: number, lastMonth: number) {
  const { sql, params } = perDataset(
    tables,
    (dataset) => `SELECT ${qualified(dataset)}, partition_id, total_rows, last_modified_time AS modified
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
