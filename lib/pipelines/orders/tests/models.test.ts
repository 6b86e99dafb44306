import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Row } from "@/lib/api/common";
import { type Column, PROCESSED_AT } from "@/lib/engine/pipeline/columns";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { addDays } from "@/lib/util/dates";
import { rangeParams } from "@/server/warehouse";
import { MACROS, toDuckDB } from "@/server/warehouse/dialect";
import { bound, stageRows, toRows } from "@/server/warehouse/duckdb-values";
import { budget } from "@/tests/support/budget";
import { Referee } from "@/tests/support/zetasql";
import { drawShop } from "../demo/shop";
import { ORDERS } from "../index";
import { reckon } from "./reckoned";

const TABLES = ORDERS.tables.map((table) => ({ ...table, sql: table.build.kind === "sql" ? table.build.sql : "" }));
const STORED = [
  ...ORDERS.sources.map((source) => ({
    ...source,
    name: source.name ?? source.id,
    columns: [...source.columns, PROCESSED_AT],
  })),
  ...TABLES,
];
const SCHEMAS = new Map(STORED.map((table) => [`${table.dataset}.${table.name}`, table.columns]));

/** As the warehouse has them: with the columns that a writer adds. */
const STORED_SCHEMAS = new Map(
  compilePipeline(ORDERS).stored.map((table) => [table.qualified, table.columns] as const),
);

let referee: Referee;
beforeAll(async () => {
  referee = await Referee.start();
});
afterAll(() => referee.stop());

async function openShop() {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const macro of MACROS) await connection.run(macro);
  const load = async (table: { dataset: string; name: string; columns: readonly Column[] }, rows: Row[]) => {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${table.dataset}`);
    await stageRows(connection, "staged", table.columns, rows);
    await connection.run(`CREATE OR REPLACE TABLE ${table.dataset}.${table.name} AS SELECT * FROM temp.staged`);
  };
  const query = async (sql: string, start: string, end: string) => {
    const text = await toDuckDB(sql);
    const result = await connection.runAndReadAll(text, bound(text, rangeParams(start, end)));
    return toRows(result.columnNames(), result.getColumns());
  };
  return { load, query, close: () => connection.closeSync() };
}

/** Rows in the order of their keys, with the columns of a table in its order, as text that shows where two differ. */
function inOrder(
  rows: readonly Row[],
  { grain, columns }: { grain: readonly string[]; columns: readonly Column[] },
): string[] {
  return rows
    .map((row) => [
      grain.map((column) => row[column]).join(" "),
      columns.map(({ name }) => {
        const value = row[name];
        return `${name} ${typeof value === "number" ? Number(value.toPrecision(12)) : value}`;
      }),
    ])
    .map((words) => words.flat().join(", "))
    .sort();
}

/**
 * A shop whose systems have lost some rows (orders of unknown customers, parcels of unknown orders, open payments), whose
 * carrier left some parcels lying for two weeks, and whose customers come back on the day on which they are active no more.
 */
function troubled(shop: ReadonlyMap<string, Row[]>, seed: number): Map<string, Row[]> {
  const kept = new Map([...shop].map(([name, rows]) => [name, rows.filter((_, at) => (at + seed) % 13 > 0)]));
  const late = (kept.get("shipments") ?? []).map((row, at) =>
    at % 5 > 0 ? row : { ...row, shipped_on: addDays(row.shipped_on as string, 10 + (at % 4)) },
  );
  const bought = kept.get("orders") ?? [];
  const again = bought.slice(0, 40).map((row, at) => ({
    ...row,
    order_id: `again ${at}`,
    order_date: addDays(row.order_date as string, 27 + (at % 3)),
  }));
  return kept.set("shipments", late).set("orders", [...bought, ...again]);
}

describe("the models of orders", () => {
  it.each(TABLES)("$id: Google's analyzer gives its columns, and the tables that it says it reads", async (table) => {
    const params = rangeParams("2024-01-01", "2024-01-31");
    expect(await referee.analyze(table.sql, params, SCHEMAS)).toEqual(
      table.columns.map(({ name, type }) => ({ name, type })),
    );
    const read = table.inputs.map((input) => {
      const found = STORED.find((one) => one.id === input.table) as (typeof STORED)[number];
      return `${found.dataset}.${found.name}`;
    });
    expect(await referee.tablesOf(table.sql)).toEqual([...new Set(read)].sort());
  });

  it("are counted by statements that Google's analyzer finds right", async () => {
    const { coverage, context, known, units } = compilePipeline(ORDERS).sql;
    const params = rangeParams("0001-01-01", "9999-12-31");
    for (const sql of [coverage, context, units])
      expect(await referee.analyze(sql, params, STORED_SCHEMAS)).toBeTruthy();
    const today = { today: { type: "DATE" as const, value: "2024-12-01" } };
    expect((await referee.analyze(known, today, STORED_SCHEMAS)).map((column) => column.name)).toEqual([
      "first",
      "last",
      "passed",
    ]);
  });

  it("every day is due from the first on, with its orders as units, on DuckDB and in Google's evaluator", async () => {
    const shop = drawShop({ first: "2024-02-05", last: "2024-02-20", ordersADay: 4, seed: 3 });
    const orders = (shop.get("orders") ?? []).filter((row) => row.order_date !== "2024-02-10");
    const db = await openShop();
    const content = new Map<string, Row[]>();
    for (const table of STORED) {
      const rows = table.id === "orders" ? orders : (shop.get(table.id) ?? []);
      await db.load(table, rows);
      content.set(`${table.dataset}.${table.name}`, rows);
    }
    const sql = `WITH ${compilePipeline(ORDERS).calendar.ctes} SELECT d, due, done FROM calendar ORDER BY d`;
    const ours = await db.query(sql, "0001-01-01", "9999-12-31");
    expect(ours).toHaveLength(16 + 366);
    expect(ours[0]?.d).toBe("2024-02-05");
    const ordersOn = (date: string) =>
      new Set(orders.filter((row) => row.order_date === date).map((row) => row.order_id)).size;
    for (const { d, due, done } of ours)
      expect([due, done], String(d)).toEqual([Math.max(1, ordersOn(String(d))), due]);
    expect(await referee.evaluate(sql, rangeParams("0001-01-01", "9999-12-31"), content, SCHEMAS)).toEqual(ours);
    expect(await db.query(sql, "2024-02-08", "2024-02-12")).toEqual(ours.slice(3, 8));
    db.close();
  });

  it("give the figures that are reckoned without SQL, on DuckDB and in Google's evaluator, for any range", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.constantFrom("2023-12-01", "2024-02-05", "2024-06-20"),
        fc.integer({ min: 0, max: 44 }),
        fc.integer({ min: 0, max: 20 }),
        async (seed, first, from, days) => {
          const shop = troubled(drawShop({ first, last: addDays(first, 44), ordersADay: 12, seed }), seed);
          const db = await openShop();
          const content = new Map<string, Row[]>();
          const keep = async (table: (typeof STORED)[number], rows: Row[]) => {
            await db.load(table, rows);
            content.set(`${table.dataset}.${table.name}`, rows);
          };
          for (const source of STORED.slice(0, ORDERS.sources.length)) await keep(source, shop.get(source.id) ?? []);
          const [start, end] = [addDays(first, from), addDays(first, Math.min(44, from + days))];
          const whole = reckon(shop, first, addDays(first, 44));
          const expected = reckon(shop, start, end);
          for (const table of TABLES) {
            const ours = inOrder(await db.query(table.sql, start, end), table);
            expect(ours, table.id).toEqual(inOrder(expected.get(table.id) ?? [], table));
            const theirs = await referee.evaluate(table.sql, rangeParams(start, end), content, SCHEMAS);
            expect(inOrder(theirs, table), `${table.id} in Google's evaluator`).toEqual(ours);
            await keep(table, whole.get(table.id) ?? []);
          }
          db.close();
        },
      ),
      { numRuns: budget(4, 100), seed: 28, examples: [[1, "2024-02-05", 14, 20]] },
    );
  });
});
