import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BigQuery } from "@google-cloud/bigquery";
import { OAuth2Client } from "google-auth-library";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type FactRow, toFacts } from "@/lib/engine/coverage/facts";
import { classify } from "@/lib/engine/coverage/states";
import { cellKey } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { definePipeline, table } from "@/lib/fullcourt";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { readConfig } from "../../config";
import type { Warehouse } from "../types";
import { openBigQuery } from "./index";

/** Tables of another program, which BigQuery refuses to read without a filter on their partitions, of types as people have them. */
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-theirs-"));
let local: LocalBigQuery;
let warehouse: Warehouse;

const theirs = (id: string, name: string, dateColumn: string, more: object = {}) =>
  table({ id, name, layer: "shop", dateColumn, key: ["id"], expected: "some", build: { kind: "external" }, ...more });
const pipeline = compilePipeline(
  definePipeline({
    id: "theirs",
    name: "Theirs",
    timeZone: "UTC",
    layers: [{ id: "shop", label: "Shop" }],
    sources: [],
    tables: [
      theirs("orders", "shop.orders", "day"),
      theirs("other_orders", "attic.orders", "day"),
      theirs("events", "shop.events", "happened_at"),
      theirs("visits", "shop.visits", "visited"),
      theirs("counts", "shop.counts", "day_no"),
      theirs("late", "shop.late", "day"),
      theirs("brief", "shop.brief", "day", { expected: { rows: 1 } }),
      theirs("minutes", "shop.minutes", "day", {
        columns: [
          { name: "day", type: "DATE", description: "" },
          { name: "id", type: "STRING", description: "" },
          { name: "played", type: "FLOAT64", description: "" },
          { name: "points", type: "INT64", description: "" },
          { name: "share", type: "FLOAT64", description: "" },
        ],
        checks: [
          { column: "played", between: [0, 60] },
          { column: "points", between: [0, 100] },
          { column: "share", between: [0, 1] },
        ],
      }),
    ],
  }),
);

const field = (name: string, type: string, more: object = {}) => ({ name, type, ...more });
const DAY = { timePartitioning: { type: "DAY", field: "day" }, requirePartitionFilter: true };
const TABLES: Array<{ name: string; fields: object[]; parted?: object; rows: string }> = [
  {
    name: "shop.orders",
    fields: [field("day", "DATE"), field("id", "STRING")],
    parted: DAY,
    rows: "SELECT DATE '2024-03-01' + CAST(r // 3 AS INTEGER), 'o' || r FROM range(9) AS t(r) UNION ALL SELECT NULL, 'x'",
  },
  {
    name: "attic.orders",
    fields: [field("day", "DATE"), field("id", "STRING")],
    parted: DAY,
    rows: "SELECT DATE '2024-03-01' + CAST(r // 4 AS INTEGER), 'o' || r FROM range(12) AS t(r)",
  },
  {
    name: "shop.events",
    fields: [field("happened_at", "TIMESTAMP"), field("id", "STRING"), field("payload", "JSON")],
    parted: { timePartitioning: { type: "DAY", field: "happened_at" }, requirePartitionFilter: true },
    rows: "SELECT TIMESTAMP '2024-03-01 23:30:00' + to_days(CAST(r AS INTEGER)), 'e' || r, '{}' FROM range(3) AS t(r)",
  },
  {
    name: "shop.visits",
    fields: [
      field("visited", "DATETIME"),
      field("id", "INT64"),
      field("page", "RECORD", { fields: [field("url", "STRING"), field("position", "INT64")] }),
    ],
    parted: { timePartitioning: { type: "MONTH", field: "visited" }, requirePartitionFilter: true },
    rows: "SELECT TIMESTAMP '2024-03-01 12:00:00' + to_days(CAST(r AS INTEGER)), r, {url: 'x', position: 1} FROM range(3) AS t(r)",
  },
  {
    name: "shop.counts",
    fields: [field("day_no", "INT64"), field("id", "STRING"), field("tags", "STRING", { mode: "REPEATED" })],
    parted: { rangePartitioning: { field: "day_no", range: { interval: "1" } }, requirePartitionFilter: true },
    rows: "SELECT 20240301 + r, 'c', ['a'] FROM range(3) AS t(r)",
  },
  {
    name: "shop.late",
    fields: [field("day", "DATE"), field("id", "STRING"), field("created_at", "TIMESTAMP")],
    parted: { timePartitioning: { type: "DAY", field: "created_at" }, requirePartitionFilter: true },
    rows: "SELECT DATE '2024-03-01' + CAST(r AS INTEGER), 'l', TIMESTAMP '2024-03-09 06:00:00' FROM range(3) AS t(r)",
  },
  {
    name: "shop.brief",
    fields: [field("day", "DATE"), field("id", "STRING")],
    parted: { timePartitioning: { type: "DAY", field: "day", expirationMs: String(30 * 86_400_000) } },
    rows: "SELECT DATE '2024-03-03', 'b'",
  },
  {
    name: "shop.minutes",
    fields: [
      field("day", "STRING"),
      field("id", "STRING"),
      field("played", "STRING"),
      field("points", "STRING"),
      field("share", "NUMERIC"),
    ],
    rows: `SELECT * FROM (VALUES ('2024-03-01', 'a', '34:30', '12', 0.5), ('20240302', 'b', '7', '-1', 0.25),
      ('2024-03-03T10:00:00Z', 'c', '99:00', NULL, 2))`,
  },
];

const settings = () =>
  readConfig({ ...process.env, BIGQUERY_PROJECT: "test", BIGQUERY_ENDPOINT: local.url, FULLCOURT_READ_ONLY: "true" });

beforeAll(async () => {
  local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "none", expiry_date: Number.MAX_SAFE_INTEGER });
  const client = new BigQuery({ projectId: "test", apiEndpoint: local.url, authClient: authClient as never });
  for (const dataset of ["shop", "attic"]) await client.createDataset(dataset);
  for (const { name, fields, parted, rows } of TABLES) {
    const [dataset = "", own = ""] = name.split(".");
    await client.dataset(dataset).createTable(own, { schema: { fields } as never, ...parted });
    await insert(name, rows);
  }
  warehouse = await openBigQuery(settings(), pipeline);
});
afterAll(async () => {
  await warehouse?.close();
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  local.engine.seen.length = 0;
});

/** Another program writes. */
async function insert(name: string, rows: string): Promise<void> {
  await local.engine.ddl(`INSERT INTO ${name} ${rows}`);
  local.engine.partitions.touch(name);
}

const kept = new Map<string, unknown>();
const memory = {
  get: async (key: string) => kept.get(key),
  set: async (key: string, value: unknown) => void kept.set(key, value),
};
async function counts(): Promise<Record<string, string>> {
  const rows: FactRow[] = await warehouse.facts("2024", "2024", memory, true);
  const own = rows.filter(({ kind }) => kind === "table");
  const of = (id: string) => own.filter(({ name }) => name === id).sort((a, b) => a.d.localeCompare(b.d));
  return Object.fromEntries(
    pipeline.tables.map(({ id }) => [
      id,
      of(id)
        .map(({ d, n }) => `${d.slice(8)}: ${n}`)
        .join(", "),
    ]),
  );
}
const counting = (name: string) =>
  local.engine.seen
    .filter(({ sql }) => sql.includes(name) && !sql.includes("INFORMATION_SCHEMA"))
    .map(({ sql }) => sql);

it("dates of all types are read, each by a filter on its table's partitions", async () => {
  expect(await warehouse.faults()).toEqual(new Map());
  const each = "01: 1, 02: 1, 03: 1";
  expect(await counts()).toEqual({
    orders: "01: 3, 02: 3, 03: 3",
    other_orders: "01: 4, 02: 4, 03: 4",
    events: each,
    visits: each,
    counts: each,
    late: each,
    brief: "03: 1",
    minutes: each,
  });
  // Beside a filter that all partitions meet there is one of the dates that are asked for.
  expect(counting("shop.events")[0]).toContain("happened_at >= TIMESTAMP '2024-03-01 00:00:00+00'");
  expect(counting("shop.counts")[0]).toContain("day_no BETWEEN 20240301 AND 20240303");
});

it("first and last date come from the catalog where it knows them", async () => {
  const [known] = await warehouse.query(pipeline.sql.known, { today: { type: "DATE", value: "2024-03-02" } });
  expect(known).toEqual({ first: "2024-03-01", last: "2024-03-31", passed: "2024-03-02" });
  expect(counting("shop.orders")).toEqual([]);
  expect(counting("shop.late")).toHaveLength(1);
});

it("texts that are numbers, and minutes and seconds, are checked as numbers", async () => {
  const [row] = await warehouse.query("SELECT played, points FROM shop.minutes WHERE id = 'a'");
  expect(row).toEqual({ played: 34.5, points: 12 });
});

it("of two tables of one name each is looked at by its own partitions", async () => {
  await counts();
  await insert("attic.orders", "SELECT DATE '2024-03-02', 'more'");
  local.engine.seen.length = 0;
  expect(await counts()).toMatchObject({ orders: "01: 3, 02: 3, 03: 3", other_orders: "01: 4, 02: 5, 03: 4" });
  expect(counting("shop.orders")).toEqual([]);
});

it("a partition by another column than the date has every date counted again", async () => {
  await counts();
  await insert("shop.late", "SELECT DATE '2024-03-02', 'm', TIMESTAMP '2024-03-10 06:00:00'");
  expect(await counts()).toMatchObject({ late: "01: 1, 02: 2, 03: 1" });
});

it("rows without a date, and those in the streaming buffer, are named", async () => {
  await local.engine.partitions.buffer("shop.orders", 7);
  expect((await warehouse.loose?.())?.rows).toEqual([
    { qualified: "shop.orders", partition: "__NULL__", rows: 1 },
    { qualified: "shop.orders", partition: "__UNPARTITIONED__", rows: 7 },
  ]);
  expect(await counts()).toMatchObject({ orders: "01: 3, 02: 3, 03: 3" });
});

it("dates whose partitions have expired are no gap, and say why", async () => {
  const facts = toFacts(pipeline, await warehouse.facts("2024", "2024", memory, true), "2024-01-01", "2024-12-31");
  const cells = classify(facts, "2024-03-04");
  const cell = cells.get(cellKey("brief", "2024-03-02"));
  expect(cell).toMatchObject({ state: "not_expected", expected: 0 });
  expect(cell?.reasons).toContainEqual(expect.objectContaining({ code: "expired", params: { days: 30 } }));
  expect(cells.get(cellKey("brief", "2024-03-03"))?.state).toBe("complete");
});

it("any statement of any of the tables has a filter, whoever asks", async () => {
  for (const { qualified, dateColumn } of pipeline.stored) {
    const [row] = await warehouse.query(`SELECT COUNT(*) AS n, MIN(${dateColumn}) AS first FROM ${qualified}`);
    expect(row?.first, qualified).toBe(qualified === "shop.brief" ? "2024-03-03" : "2024-03-01");
  }
});
