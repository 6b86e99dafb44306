import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalBigQuery } from "./server";

/** The local server is as strict as Google's documents say the service is: one test a line, each with its page. */
const REST = "https://cloud.google.com/bigquery/docs/reference/rest/v2";
const DOCS = "https://cloud.google.com/bigquery/docs";
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-strict-"));
let local: LocalBigQuery;

interface Answer {
  code: number;
  body: Record<string, unknown> & { error?: { message: string; errors: Array<{ reason: string }> } };
}

async function call(method: string, where: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${local.url}/bigquery/v2/projects/p${where}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { code: answer.status, body: (await answer.json()) as Answer["body"] };
}

const query = (text: string, more: object = {}) => call("POST", "/queries", { query: text, ...more });
const makeTable = (tableId: string, more: object) =>
  call("POST", "/datasets/shop/tables", { tableReference: { tableId }, ...more });

/** Runs a job to its end. */
async function run(jobId: string, text: string, more: object = {}): Promise<Answer> {
  const sent = await call("POST", "/jobs", {
    jobReference: { jobId },
    configuration: { query: { query: text, ...more } },
  });
  return sent.code === 200 ? call("GET", `/queries/${jobId}`) : sent;
}

/** Loads a Parquet file that DuckDB writes of a query. */
async function load(tableId: string, fields: object[], select: string, options: object = {}): Promise<Answer> {
  const file = path.join(folder, "rows.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const config = {
    configuration: { load: { destinationTable: { datasetId: "shop", tableId }, schema: { fields }, ...options } },
  };
  const head = `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(config)}\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const answer = await fetch(`${local.url}/upload/bigquery/v2/projects/p/jobs?uploadType=multipart`, {
    method: "POST",
    headers: { "content-type": 'multipart/related; boundary="b"' },
    body: Buffer.concat([Buffer.from(head), readFileSync(file), Buffer.from("\r\n--b--")]),
  });
  return { code: answer.status, body: (await answer.json()) as Answer["body"] };
}

const DAY = { name: "day", type: "DATE" };
const ID = { name: "id", type: "STRING" };

beforeAll(async () => {
  local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
  await call("POST", "/datasets", { datasetReference: { datasetId: "shop" } });
  await makeTable("orders", {
    schema: { fields: [DAY, ID] },
    timePartitioning: { type: "DAY", field: "day" },
    requirePartitionFilter: true,
  });
  await makeTable("lines", { schema: { fields: [DAY, ID, { name: "tags", type: "STRING", mode: "REPEATED" }] } });
});
afterAll(async () => {
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("jobs", () => {
  it(`lists the newest first: ${REST}/jobs/list`, async () => {
    await run("s", "SELECT 1 AS a;\nSELECT 2 AS a;");
    const { body } = await call("GET", "/jobs?parentJobId=s");
    expect((body.jobs as Array<{ jobReference: { jobId: string } }>).map((one) => one.jobReference.jobId)).toEqual([
      "script_job_s_1",
      "script_job_s_0",
    ]);
  });

  it(`finds no job outside of US and EU without its location: ${REST}/jobs/get`, async () => {
    local.location = "europe-west3";
    await run("far", "SELECT 1 AS a");
    expect((await call("GET", "/jobs/far")).code).toBe(404);
    expect((await call("GET", "/queries/far")).code).toBe(404);
    expect((await call("GET", "/jobs/far?location=europe-west3")).code).toBe(200);
    expect((await query("SELECT 1 AS a", { location: "US" })).code).toBe(404);
    local.location = "US";
  });

  it(`refuses a second job of an id, and ids of other letters: ${DOCS}/running-jobs`, async () => {
    expect((await run("once", "SELECT 1 AS a")).code).toBe(200);
    expect((await run("once", "SELECT 1 AS a")).code).toBe(409);
    expect((await run("not this", "SELECT 1 AS a")).code).toBe(400);
  });

  it(`limits each statement of a script by statementByteBudget: ${REST}/Job#scriptoptions`, async () => {
    await load("lines", [DAY, ID], "SELECT DATE '2024-03-01' AS day, 'a' AS id FROM range(100)");
    const script = "SELECT 1 AS a;\nSELECT id FROM shop.lines;";
    const failed = await run("dear", script, { scriptOptions: { statementByteBudget: "10" } });
    expect(failed.body.error?.errors[0]?.reason).toBe("bytesBilledLimitExceeded");
    expect((await run("cheap", script, { scriptOptions: { statementByteBudget: "10000" } })).code).toBe(200);
  });

  it(`takes labels of small letters, digits, _ and -: ${DOCS}/labels-intro#requirements`, async () => {
    expect((await query("SELECT 1 AS a", { labels: { app: "x-1_y" } })).code).toBe(200);
    expect((await query("SELECT 1 AS a", { labels: { app: "Big" } })).code).toBe(400);
    expect((await query("SELECT 1 AS a", { labels: { "1st": "x" } })).code).toBe(400);
    expect((await query("SELECT 1 AS a", { labels: { app: "x".repeat(64) } })).code).toBe(400);
  });

  it(`counts what a script reads of its temporary tables: ${DOCS}/multi-statement-queries#temporary_tables`, async () => {
    await run("temp", "CREATE TEMP TABLE t AS SELECT 1 AS a;\nSELECT a FROM t;");
    const { body } = await call("GET", "/jobs/temp");
    expect(body.statistics).toMatchObject({ totalBytesProcessed: "8" });
  });
});

describe("datasets and tables", () => {
  it(`answers 409 to a dataset or table that is there: ${REST}/datasets/insert, ${DOCS}/error-messages`, async () => {
    expect((await call("POST", "/datasets", { datasetReference: { datasetId: "shop" } })).code).toBe(409);
    expect((await makeTable("orders", { schema: { fields: [DAY] } })).code).toBe(409);
  });

  it(`has datasets without tables: ${REST}/datasets/get`, async () => {
    await call("POST", "/datasets", { datasetReference: { datasetId: "empty" } });
    expect((await call("GET", "/datasets/empty")).code).toBe(200);
    expect((await call("GET", "/datasets/none")).code).toBe(404);
  });

  it(`answers 404 to the deletion of a table that is not there: ${REST}/tables/delete`, async () => {
    expect((await call("DELETE", "/datasets/shop/tables/none")).code).toBe(404);
  });

  it(`clusters by one to four columns that are no array and no FLOAT64: ${DOCS}/clustered-tables#limitations`, async () => {
    const made = (type: string, mode: string, count = 1) => {
      const fields = Array.from({ length: count }, (_, at) => ({ name: `c${at}`, type, mode }));
      return makeTable(`by_${type}_${mode}_${count}`, {
        schema: { fields },
        clustering: { fields: fields.map(({ name }) => name) },
      });
    };
    expect((await made("STRING", "NULLABLE", 4)).code).toBe(200);
    expect((await made("STRING", "NULLABLE", 5)).code).toBe(400);
    expect((await made("STRING", "REPEATED")).code).toBe(400);
    expect((await made("FLOAT64", "NULLABLE")).code).toBe(400);
  });

  it(`partitions by a DATE, DATETIME or TIMESTAMP: ${DOCS}/partitioned-tables#date_timestamp_partitioned_tables`, async () => {
    const by = { schema: { fields: [ID] }, timePartitioning: { type: "DAY", field: "id" } };
    expect((await makeTable("by_text", by)).code).toBe(400);
  });
});

describe("partition filters", () => {
  it.each([
    ["SELECT COUNT(*) AS n FROM shop.orders", 400],
    ["SELECT COUNT(*) AS n FROM shop.orders WHERE id = 'a'", 400],
    ["SELECT COUNT(*) AS n FROM shop.orders WHERE day IN (SELECT d FROM UNNEST([DATE '2024-03-01']) AS d)", 400],
    ["SELECT n FROM (SELECT COUNT(*) AS n FROM shop.orders UNION ALL SELECT 1 AS n) AS a", 400],
    ["SELECT COUNT(*) AS n FROM shop.orders WHERE day = '2024-03-01'", 200],
    ["SELECT COUNT(*) AS n FROM (SELECT * FROM shop.orders) AS o WHERE day BETWEEN '2024-03-01' AND '2024-03-02'", 200],
    ["SELECT day FROM (SELECT DATE_TRUNC(day, MONTH) AS day FROM shop.orders) AS o WHERE day = '2024-03-01'", 400],
    ["SELECT COUNT(*) AS n FROM shop.orders AS o WHERE CAST(o.day AS DATE) >= '2024-03-01'", 200],
  ])(`%s: ${DOCS}/querying-partitioned-tables#require_a_partition_filter`, async (sql, code) => {
    const answer = await query(sql);
    expect(answer.code, answer.body.error?.message).toBe(code);
    if (code === 400) expect(answer.body.error?.message).toContain("without a filter over column(s) 'day'");
  });

  it(`deletes whole partitions without reading, unless by a subquery: ${DOCS}/using-dml-with-partitioned-tables#using_dml_delete_to_delete_partitions`, async () => {
    await load("orders", [DAY, ID], "SELECT DATE '2024-03-01' AS day, 'a' AS id FROM range(100)");
    const bytes = async (where: string) => {
      const configuration = { dryRun: true, query: { query: `DELETE FROM shop.orders WHERE ${where}` } };
      return (await call("POST", "/jobs", { configuration })).body.statistics;
    };
    expect(await bytes("day = '2024-03-01'")).toMatchObject({ totalBytesProcessed: "0" });
    const some = "day > '2024-01-01' AND day IN (SELECT d FROM UNNEST([DATE '2024-03-01']) AS d)";
    expect(await bytes(some)).toMatchObject({ totalBytesProcessed: "800" });
  });
});

describe("load jobs of Parquet", () => {
  const PAGE = `${DOCS}/loading-data-cloud-storage-parquet`;
  it(`refuse a column of another type, and a time without a zone as TIMESTAMP: ${PAGE}#type_conversions`, async () => {
    expect((await load("lines", [DAY], "SELECT '2024-03-01' AS day")).code).toBe(400);
    const time = { name: "written", type: "TIMESTAMP" };
    await makeTable("times", { schema: { fields: [time] } });
    expect((await load("times", [time], "SELECT TIMESTAMP '2024-03-01 00:00:00' AS written")).code).toBe(400);
    expect((await load("times", [time], "SELECT TIMESTAMPTZ '2024-03-01 00:00:00+00' AS written")).code).toBe(200);
  });

  it(`take lists as arrays with enableListInference alone: ${PAGE}#list_logical_type`, async () => {
    const fields = [{ name: "tags", type: "STRING", mode: "REPEATED" }];
    expect((await load("lines", fields, "SELECT ['a'] AS tags")).code).toBe(400);
    const options = { parquetOptions: { enableListInference: true } };
    expect((await load("lines", fields, "SELECT ['a'] AS tags", options)).code).toBe(200);
  });
});

it(`INFORMATION_SCHEMA.PARTITIONS names what is in no partition, and has NULL for a table in one part: ${DOCS}/information-schema-partitions`, async () => {
  await load("orders", [DAY, ID], "SELECT DATE '2024-03-01' AS day, 'a' AS id UNION ALL SELECT NULL, 'b'");
  await local.engine.partitions.buffer("shop.orders", 7);
  const { body } = await query(
    `SELECT table_name, partition_id, total_rows FROM shop.INFORMATION_SCHEMA.PARTITIONS
     WHERE table_name IN ('orders', 'times') ORDER BY table_name, partition_id`,
  );
  const rows = (body.rows as Array<{ f: Array<{ v: unknown }> }>).map(({ f }) => f.map(({ v }) => v));
  expect(rows).toEqual([
    ["orders", "20240301", "1"],
    ["orders", "__NULL__", "1"],
    ["orders", "__UNPARTITIONED__", "7"],
    ["times", null, "1"],
  ]);
});
