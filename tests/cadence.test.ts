import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { cellKey } from "@/lib/engine/coverage/types";
import { columns } from "@/lib/engine/pipeline/columns";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { definePipeline, source, table } from "@/lib/engine/pipeline/define";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { eachDate } from "@/lib/util/dates";
import { readConfig } from "@/server/config";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { openBigQuery } from "@/server/warehouse/bigquery";
import { LocalBigQuery } from "./support/bigquery/server";
import { memoryContext } from "./support/context";

const RANGE = { start: "2024-01-01", end: "2024-01-31" };
const own = columns(["d", "DATE", "date"], ["n", "INT64", "orders of the seven days before"]);

const summary = (id: string, cadence: Parameters<typeof table>[0]["cadence"]) =>
  table({
    id,
    name: `shop.${id}`,
    layer: "marts",
    dateColumn: "d",
    key: ["d"],
    columns: own,
    inputs: [{ table: "orders", window: { kind: "days", days: 7 } }],
    cadence,
    dueBy: "07:00",
    expected: { rows: 1 },
    build: {
      kind: "sql",
      sql: `SELECT d, COUNT(o.order_id) AS n
FROM UNNEST(GENERATE_DATE_ARRAY(@start_date, @end_date)) AS d
LEFT JOIN shop.orders AS o ON o.order_date BETWEEN DATE_SUB(d, INTERVAL 7 DAY) AND DATE_SUB(d, INTERVAL 1 DAY)
GROUP BY d`,
    },
  });

const SHOP = compilePipeline(
  definePipeline({
    id: "weekly",
    name: "Weekly",
    timeZone: "Europe/Berlin",
    calendar: { unit: { one: "order", many: "orders", none: "no orders" }, source: { kind: "daily" } },
    layers: [{ id: "marts", label: "Marts" }],
    sources: [
      source({
        id: "orders",
        name: "shop.orders",
        dateColumn: "order_date",
        key: ["order_id"],
        columns: columns(["order_id", "INT64", "order"], ["order_date", "DATE", "date"]),
      }),
    ],
    tables: [
      summary("mondays", { weekly: "monday" }),
      summary("queried", { sql: "SELECT d FROM calendar WHERE EXTRACT(DAY FROM d) IN (5, 20)" }),
    ],
  }),
);

const ordersOf = (dates: readonly string[]) =>
  new Map([
    [
      "orders",
      dates.map((order_date, order_id) => ({ order_id, order_date, processed_at: "2024-02-01T00:00:00.000Z" })),
    ],
  ]);

/** States of a table in January 2024, of the dates alone on which something is expected of it. */
async function statesOf(context: Context, name: string): Promise<string[]> {
  const { cells } = await readCoverage(context, RANGE.start, RANGE.end);
  return eachDate(RANGE.start, RANGE.end).flatMap((date) => {
    const { state = "none" } = cells.get(cellKey(name, date)) ?? {};
    return state === "not_expected" ? [] : [`${date} ${state}`];
  });
}
const DUE = { mondays: ["01", "08", "15", "22", "29"], queried: ["05", "20"] };

async function expectBuilt(context: Context): Promise<void> {
  for (const [name, days] of Object.entries(DUE))
    expect(await statesOf(context, name)).toEqual(days.map((day) => `2024-01-${day} missing`));
  const plan = await previewPlan(context, wholeChain(RANGE, SHOP));
  expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("succeeded");
  for (const [name, days] of Object.entries(DUE)) {
    expect(await statesOf(context, name)).toEqual(days.map((day) => `2024-01-${day} complete`));
    const [found] = await context.warehouse.query(`SELECT COUNT(*) AS n FROM shop.${name}`);
    expect(found?.n).toBe(days.length);
  }
}

it("a weekly table, and one that a query says when it is due, are built on their dates alone", async () => {
  const context = await memoryContext("2024-02-01", undefined, SHOP);
  try {
    await context.warehouse.loadRaw(ordersOf(eachDate(RANGE.start, RANGE.end)));
    await expectBuilt(context);
  } finally {
    await context.close();
  }
});

it("the same on BigQuery, where without epochs a year is counted by itself and a window reaches over its end", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-cadence-"));
  const local = await LocalBigQuery.start(path.join(folder, "warehouse.duckdb"));
  const settings = readConfig({ ...process.env, BIGQUERY_PROJECT: "test", BIGQUERY_ENDPOINT: local.url });
  const context = await memoryContext("2024-02-01", await openBigQuery(settings, SHOP), SHOP);
  try {
    await context.warehouse.loadRaw(ordersOf(eachDate("2023-12-01", RANGE.end)));
    await expectBuilt(context);
    // January 1 is a Monday that reads the last days of December.
    const [first] = await context.warehouse.query("SELECT n FROM shop.mondays WHERE d = DATE '2024-01-01'");
    expect(first?.n).toBe(7);
    await local.engine.run("UPDATE shop.orders SET order_id = order_id + 1000 WHERE order_date = '2023-12-20'", {});
    await local.engine.run("DELETE FROM shop.mondays WHERE d = '2024-01-08'", {});
    context.warehouse.changes.lookAgain();
    expect((await statesOf(context, "mondays"))[1]).toBe("2024-01-08 missing");
    await local.engine.run("UPDATE shop.orders SET order_id = order_id + 1000 WHERE order_date = '2024-01-20'", {});
    local.engine.seen.length = 0;
    context.warehouse.changes.lookAgain();
    await statesOf(context, "mondays");
    const years = local.engine.seen.flatMap(({ params }) => (params.start_date ? [params.start_date.value] : []));
    expect(years).toEqual(["2024-01-01"]);
  } finally {
    await context.close();
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
