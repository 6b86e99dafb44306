import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeRows, type PageDate } from "@/lib/engine/coverage/page";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { nba } from "@/lib/pipelines/nba";
import { addDays, eachDate } from "@/lib/util/dates";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { NBA } from "@/tests/support/tables";
import { readConfig } from "../../config";
import type { Warehouse } from "../types";
import { openBigQuery } from "./index";
import { type Digest, datesOfPartition, digestSql, type PartitionRow, partitionsSql } from "./partitions";

/** The service's catalog of 1,000 tables of 4,000 days: what docs/scale.md reckons with. */
const TABLES = Array.from({ length: 1_000 }, (_, i) => ({ dataset: "nba_raw", name: `invented_${i}` }));
const DAYS = 4_000;
const START = "2011-01-01";
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-scale-"));
let local: LocalBigQuery;
let warehouse: Warehouse;

const pipeline = compilePipeline(nba);
const EPOCHS = Array.from({ length: 12 }, (_, i) => String(2010 + i));

beforeAll(async () => {
  local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
  warehouse = await openBigQuery(
    readConfig({ ...process.env, BIGQUERY_PROJECT: "test", BIGQUERY_ENDPOINT: local.url }),
    NBA,
  );
  await local.engine.partitions.invent("nba_raw", TABLES.length, DAYS, START);
});
afterAll(async () => {
  await warehouse?.close();
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("four million partitions: one small answer says what has changed, a month's page is one more", async () => {
  const begun = performance.now();
  const digest = digestSql(pipeline, TABLES, EPOCHS);
  const digests = (await warehouse.query(digest.sql, digest.params)) as unknown as Digest[];
  const looked = performance.now();
  expect(digests.reduce((sum, one) => sum + one.partitions, 0)).toBe(TABLES.length * DAYS);
  const seasons = new Set(digests.map(({ epoch }) => epoch));
  expect([...seasons].sort()).toEqual(EPOCHS);
  expect(digests).toHaveLength(TABLES.length * seasons.size);

  const month = partitionsSql(TABLES, 202_111, 202_111);
  const partitions = (await warehouse.query(month.sql, month.params)) as unknown as PartitionRow[];
  const answered = performance.now();
  const rowsOf = new Map<string, Map<string, number>>();
  for (const { qualified, partition_id, total_rows } of partitions) {
    const byTable = rowsOf.get(qualified) ?? new Map<string, number>();
    for (const date of datesOfPartition(pipeline, partition_id, "2021")) byTable.set(date, total_rows);
    rowsOf.set(qualified, byTable);
  }
  const tables = TABLES.map(({ name }) => name);
  const range = { start: "2021-11-01", end: "2021-11-30" };
  const dates = eachDate(range.start, range.end).map(
    (date): PageDate => ({
      date,
      units: 1,
      status: "complete",
      cells: tables.map((name) => `K${rowsOf.get(`nba_raw.${name}`)?.get(date) ?? 0}`),
    }),
  );
  const packed = encodeRows(dates, "no games");
  const ended = performance.now();
  // 4,000 days from 2011-01-01 end on 2021-12-13: November is there for every table.
  expect(addDays(START, DAYS - 1)).toBe("2021-12-13");
  expect(partitions).toHaveLength(TABLES.length * 30);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
  console.info(
    `1,000 tables x 4,000 days: changes ${digests.length} rows in ${seconds(begun, looked)}, a month ${partitions.length} rows in ${seconds(looked, answered)}, its page ${Math.round(packed.length / 1024)} KiB in ${seconds(answered, ended)}`,
  );
});
