import { expect, it } from "vitest";
import { cellKey } from "@/lib/engine/coverage/types";
import { columns } from "@/lib/engine/pipeline/columns";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { definePipeline, source, table } from "@/lib/engine/pipeline/define";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { eachDate } from "@/lib/util/dates";
import { readCoverage } from "@/server/coverage";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
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

it("a weekly table, and one that a query says when it is due, are built on their dates alone", async () => {
  const context = await memoryContext("2024-02-01", undefined, SHOP);
  try {
    const orders = eachDate(RANGE.start, RANGE.end).map((order_date, order_id) => {
      return { order_id, order_date, processed_at: "2024-02-01T00:00:00.000Z" };
    });
    await context.warehouse.loadRaw(new Map([["orders", orders]]));
    const statesOf = async (name: string) => {
      const { cells } = await readCoverage(context, RANGE.start, RANGE.end);
      return eachDate(RANGE.start, RANGE.end).flatMap((date) => {
        const { state = "none" } = cells.get(cellKey(name, date)) ?? {};
        return state === "not_expected" ? [] : [`${date} ${state}`];
      });
    };
    const due = { mondays: ["01", "08", "15", "22", "29"], queried: ["05", "20"] };
    for (const [name, days] of Object.entries(due))
      expect(await statesOf(name)).toEqual(days.map((day) => `2024-01-${day} missing`));
    const plan = await previewPlan(context, wholeChain(RANGE, SHOP));
    expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("succeeded");
    for (const [name, days] of Object.entries(due)) {
      expect(await statesOf(name)).toEqual(days.map((day) => `2024-01-${day} complete`));
      const [found] = await context.warehouse.query(`SELECT COUNT(*) AS n FROM shop.${name}`);
      expect(found?.n).toBe(days.length);
    }
  } finally {
    await context.close();
  }
});
