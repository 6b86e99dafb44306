import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cell } from "@/lib/api/coverage";
import type { PlanRequest } from "@/lib/api/runs";
import { overlayAccepted } from "@/lib/engine/coverage/overlay";
import { reason } from "@/lib/engine/coverage/reasons";
import { classify } from "@/lib/engine/coverage/states";
import { type CoverageFacts, cellKey, needsWork } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { toCsv } from "@/lib/util/csv";
import { addDays, eachDate } from "@/lib/util/dates";
import { deleteSuperfluous, findSuperfluous } from "@/server/checks/repair";
import type { Context } from "@/server/context";
import { getCoverage, readCoverage } from "@/server/coverage";
import { acceptGaps, withdrawGap } from "@/server/coverage/gaps";
import { makeDemo } from "@/server/demo";
import { importFiles } from "@/server/import";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { memoryContext } from "@/tests/support/context";
import { ORDERS } from "..";
import { drawShop } from "../demo/shop";

const SHOP = compilePipeline(ORDERS);

const TODAY = "2024-12-01";
const FIRST = "2024-09-01";
const LAST = "2024-11-30";
/** A Thursday. */
const D = "2024-11-14";
const ROWS: Record<string, number> = { stg_orders: 100, stg_shipments: 80, fct_orders: 100, sales_28d: 5, cohorts: 14 };

/** Facts of a shop in which each day is like the other, every table built in its own night. */
function cleanFacts(): CoverageFacts {
  const dates = eachDate(FIRST, LAST);
  const at = (date: string, hour: number) => `${addDays(date, 1)}T0${hour}:00:00.000Z`;
  const byDate = <T>(of: (date: string) => T) => new Map(dates.map((date) => [date, of(date)]));
  return {
    pipeline: SHOP,
    start: FIRST,
    end: LAST,
    dates: byDate((date) => ({ date, done: 100, due: 100, cancelled: 0, members: [] })),
    raw: new Map(
      ["customers", "orders", "payments", "shipments"].map((name) => [
        name,
        byDate((date) => ({ rows: name === "shipments" ? 80 : 100, served: 0, newest: at(date, 3) })),
      ]),
    ),
    tables: new Map(
      Object.entries(ROWS).map(([name, rows], hour) => [
        name,
        byDate((date) => ({
          rows,
          distinct: rows,
          copies: 1,
          oldest: at(date, 4 + hour),
          newest: at(date, 4 + hour),
        })),
      ]),
    ),
    possible: new Map(),
    due: new Map(),
    expected: new Map(),
  };
}

/** The cells of that shop after one change. */
function cellsAfter(change: (facts: CoverageFacts) => void) {
  const facts = cleanFacts();
  change(facts);
  const cells = classify(facts, TODAY);
  const cell = (table: string, date = D) => cells.get(cellKey(table, date)) as Cell;
  return { cells, cell, state: (table: string, date = D) => cell(table, date).states.join(" ") };
}

const setRows = (facts: CoverageFacts, table: string, date: string, rows: number) => {
  const own = facts.tables.get(table);
  const known = own?.get(date);
  if (rows === 0) own?.delete(date);
  else if (known) own?.set(date, { ...known, rows, distinct: rows });
};

describe("what is usual", () => {
  it("judges a table of which nobody says how many rows belong, after four like dates", () => {
    expect([...cellsAfter(() => undefined).cells.values()].filter((cell) => cell.state !== "complete")).toEqual([]);
    for (const [rows, state] of [
      [49, "partial"],
      [50, "complete"],
      [200, "complete"],
      [201, "surplus"],
    ] as const) {
      const { cell, state: stateOf } = cellsAfter((facts) => setRows(facts, "stg_orders", D, rows));
      expect([rows, stateOf("stg_orders"), cell("stg_orders").expected]).toEqual([rows, state, 100]);
    }
    // Of the first four weeks nothing is said.
    const { cell } = cellsAfter((facts) => setRows(facts, "stg_orders", "2024-09-20", 5));
    expect([cell("stg_orders", "2024-09-20").state, cell("stg_orders", "2024-09-20").expected]).toEqual([
      "complete",
      null,
    ]);
  });

  it("is missing without any row, and before anything is usual where its inputs have some", () => {
    expect(cellsAfter((facts) => setRows(facts, "stg_orders", D, 0)).state("stg_orders")).toBe("missing");
    const early = cellsAfter((facts) => setRows(facts, "stg_orders", "2024-09-02", 0));
    expect(early.cell("stg_orders", "2024-09-02").reasons).toEqual([reason("none_of_read", { inputs: ["orders"] })]);
    const nothing = cellsAfter((facts) => {
      facts.raw.get("orders")?.delete("2024-09-02");
      setRows(facts, "stg_orders", "2024-09-02", 0);
    });
    expect(nothing.state("stg_orders", "2024-09-02")).toBe("complete");
  });

  it("never learns from a defect: a table that stays short stays partial", () => {
    const { state } = cellsAfter((facts) => {
      for (const date of eachDate("2024-10-01", LAST)) setRows(facts, "stg_orders", date, 30);
    });
    expect(eachDate("2024-10-01", LAST).map((date) => state("stg_orders", date))).toEqual(
      eachDate("2024-10-01", LAST).map(() => "partial"),
    );
  });

  it("taints what reads a date that is out of it, and condemns nothing", () => {
    const { state } = cellsAfter((facts) => setRows(facts, "stg_orders", D, 30));
    expect([state("fct_orders"), state("sales_28d"), state("stg_shipments", addDays(D, 14))]).toEqual([
      "tainted",
      "tainted",
      "tainted",
    ]);
    expect(state("stg_shipments", addDays(D, 15))).toBe("complete");
    expect(cellsAfter((facts) => setRows(facts, "fct_orders", D, 30)).state("sales_28d")).toBe("corrupt");
  });

  it("as many as another table has is exact, and not asked of one that is itself in doubt", () => {
    const { cell } = cellsAfter((facts) => setRows(facts, "fct_orders", D, 99));
    expect([cell("fct_orders").state, cell("fct_orders").expected]).toEqual(["partial", 100]);
    expect(cellsAfter((facts) => setRows(facts, "stg_orders", D, 30)).cell("fct_orders").expected).toBeNull();
  });

  it("of a source says when it is late: what needs it is blocked", () => {
    const { cell, state } = cellsAfter((facts) => {
      facts.raw.get("shipments")?.delete(D);
      setRows(facts, "stg_shipments", D, 0);
    });
    expect(state("stg_shipments")).toBe("blocked missing");
    expect(cell("stg_shipments").reasons[0]).toEqual(
      reason("source_below_usual", { source: "shipments", rows: 0, usual: 80 }),
    );
    // Rows that are there stay, whatever the source has lost.
    expect(cellsAfter((facts) => facts.raw.get("shipments")?.delete(D)).state("stg_shipments")).toBe("complete");
  });

  it("nothing is usual on a day off: no rows are complete, and no hole of a window blocks them", () => {
    const sundays = eachDate(FIRST, LAST).filter((date) => new Date(date).getUTCDay() === 0);
    const { state } = cellsAfter((facts) => {
      for (const date of sundays) {
        facts.raw.get("shipments")?.delete(date);
        setRows(facts, "stg_shipments", date, 0);
      }
      setRows(facts, "stg_orders", "2024-11-15", 0);
    });
    expect(sundays.map((date) => state("stg_shipments", date))).toEqual(sundays.map(() => "complete"));
  });

  it("begins again with an accepted gap: like dates after it are judged by it, those before it are not", () => {
    const later = [7, 14, 21, 28, 35, 42, 49].map((days) => addDays("2024-10-03", days));
    const shrunk = (accepted?: number) =>
      cellsAfter((facts) => {
        for (const date of ["2024-10-03", ...later]) {
          setRows(facts, "stg_orders", date, 30);
          facts.raw.get("orders")?.set(date, { rows: 30, served: 0, newest: null });
        }
        if (accepted !== undefined) facts.accepted = new Map([["stg_orders", new Map([["2024-10-03", accepted]])]]);
      });
    const states = ({ state }: ReturnType<typeof shrunk>) => later.map((date) => state("stg_orders", date));
    expect(new Set(states(shrunk()))).toEqual(new Set(["partial"]));
    const rebased = shrunk(30);
    expect(rebased.state("stg_orders", "2024-10-03")).toBe("partial");
    expect(new Set(states(rebased))).toEqual(new Set(["complete"]));
    // Its source is judged anew too: after four like dates both say what is usual now.
    const at = later.at(-1) as string;
    expect([rebased.cell("stg_orders", at).expected, rebased.cell("stg_orders", at).reasons]).toEqual([30, []]);
    expect(rebased.cell("stg_orders", addDays("2024-10-03", 1)).expected).toBe(100);
    // Rows that have changed since are not those that somebody accepted.
    expect(new Set(states(shrunk(31)))).toEqual(new Set(["partial"]));
  });

  it("an accepted gap is inherited by all that reads it", () => {
    const { cells } = cellsAfter((facts) => {
      setRows(facts, "stg_orders", D, 30);
      const payments = facts.raw.get("payments");
      payments?.set(D, { rows: 28, served: 0, newest: null });
    });
    const gap = {
      id: "g",
      table: "stg_orders",
      cells: { [D]: 30 },
      reason: "a holiday",
      by: "ann",
      expires: null,
      accepts: "gap" as const,
    };
    const accepted = overlayAccepted(cells, [{ ...gap, createdAt: `${TODAY}T00:00:00.000Z` }], TODAY);
    expect([...cells.values()].filter(needsWork).length).toBeGreaterThan(40);
    expect([...accepted.values()].filter(needsWork)).toEqual([]);
  });
});

describe("the shop's demo", () => {
  let context: Context;
  beforeAll(async () => {
    context = await memoryContext(TODAY, undefined, SHOP);
    await makeDemo(context, {});
  });
  afterAll(() => context.close());
  const whole = { start: "2023-10-28", end: "2024-11-30" };
  const statesOf = async () => {
    const { cells } = await readCoverage(context, whole.start, whole.end);
    return cells;
  };

  it("has every day due, with its orders as units, and windows over the turn of the year", async () => {
    const { dates } = await getCoverage(context, { start: "2023-12-30", end: "2024-01-02" });
    expect(dates.map(({ date, units }) => [date, units > 25])).toEqual([
      ["2023-12-30", true],
      ["2023-12-31", true],
      ["2024-01-01", true],
      ["2024-01-02", true],
    ]);
    const { facts } = await readCoverage(context, whole.start, whole.end);
    expect([...facts.dates.keys()].sort().at(-1)).toBe(TODAY);
    const cells = await statesOf();
    // Christmas is in the window of each of these, and of none later.
    for (const date of ["2023-12-31", "2024-01-01", "2024-01-21"])
      expect(cells.get(cellKey("sales_28d", date))?.states, date).toEqual(["tainted"]);
    expect(cells.get(cellKey("sales_28d", "2024-01-22"))?.state).toBe("complete");
  });

  it("comes as four CSV files too, which are known by their headers", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-shop-"));
    try {
      const files = context.pipeline.sources.map(({ name, columns }) => {
        const file = path.join(folder, `${name}.csv`);
        const rows = drawShop({ last: "2023-11-10" }).get(name) ?? [];
        writeFileSync(file, toCsv(rows, [...columns.map((column) => column.name), "processed_at"], { exact: true }));
        return file;
      });
      const { tables, duplicates, warnings } = await importFiles(context, files, { dryRun: true });
      const shop = drawShop({ last: "2023-11-10" });
      const distinct = (name: string, key: string) => new Set(shop.get(name)?.map((row) => row[key])).size;
      expect(tables).toEqual({
        customers: distinct("customers", "customer_id"),
        orders: distinct("orders", "order_id"),
        payments: distinct("payments", "payment_id"),
        shipments: distinct("shipments", "shipment_id"),
      });
      expect(duplicates.orders ?? 0).toBe((shop.get("orders")?.length ?? 0) - distinct("orders", "order_id"));
      expect(warnings.join(" ")).not.toMatch(/game|player/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is damaged as it is said, and an accepted gap asks for nothing", async () => {
    const cells = await statesOf();
    const worst = (table: string, date: string) => cells.get(cellKey(table, date))?.state;
    expect([
      worst("stg_orders", "2024-11-12"),
      worst("fct_orders", "2024-11-18"),
      worst("fct_orders", "2024-11-20"),
      worst("stg_orders", "2024-11-23"),
      worst("sales_28d", "2024-11-26"),
      worst("stg_shipments", "2024-11-29"),
      worst("stg_shipments", "2024-11-30"),
      worst("cohorts", "2024-03-11"),
    ]).toEqual(["partial", "missing", "stale", "duplicated", "missing", "blocked", "blocked", "missing"]);
    const asked = [...cells.values()].filter(needsWork).map((cell) => cell.date);
    expect(asked.filter((date) => date < "2024-03-11" || (date > "2024-03-14" && date < "2024-11-12"))).toEqual([]);
  });

  it("is healed by one backfill, but for the carrier's last two files", async () => {
    const request = {
      tables: context.pipeline.tables.map(({ id }) => id),
      ...whole,
      only: "bad" as const,
      upstream: true,
      downstream: true,
    };
    const plan = await previewPlan(context, request);
    // What it has to leave out is asked for too.
    expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("incomplete");
    const left = [...(await statesOf()).values()].filter(needsWork);
    expect(left.map((cell) => `${cell.table} ${cell.date} ${cell.state}`)).toEqual([
      "stg_shipments 2024-11-29 blocked",
      "stg_shipments 2024-11-30 blocked",
    ]);
  });
});

describe("a young shop", () => {
  let context: Context;
  beforeAll(async () => {
    context = await memoryContext(TODAY, undefined, SHOP);
  });
  afterAll(() => context.close());

  it("what is unusual and would be built alike is left out of plans, kept by repair, and usual once it is accepted", async () => {
    const [first, D1, D2] = ["2024-10-01", "2024-11-14", "2024-11-21"];
    await context.warehouse.loadRaw(drawShop({ first, ordersADay: 8 }));
    const request = {
      tables: ["stg_orders"],
      start: D1,
      end: D1,
      only: "all" as const,
      upstream: false,
      downstream: false,
    };
    const build = async (asked: PlanRequest) =>
      (await launch(context, (await previewPlan(context, asked)).planId, DEFAULT_OPTIONS, "test")).done;
    await build({ ...request, only: "bad", start: first, end: D2 });
    await context.warehouse.execute(
      `INSERT INTO shop_raw.orders SELECT o.* REPLACE (CONCAT(order_id, ' fair ', CAST(n AS STRING)) AS order_id)
       FROM shop_raw.orders AS o CROSS JOIN UNNEST([1, 2, 3]) AS n WHERE order_date = '${D1}'`,
    );
    const run = await build(request);
    expect(run.problems).toMatchObject([{ table: "stg_orders", date: D1, state: "surplus" }]);
    const { tasks, leftOut } = await previewPlan(context, {
      ...request,
      only: "bad",
      upstream: true,
      downstream: true,
    });
    expect([tasks, leftOut]).toEqual([
      [],
      [
        {
          table: "stg_orders",
          date: D1,
          reason: "Rebuilding gives the same rows. Fix the source or the model, or accept the gap.",
        },
      ],
    ]);
    const tables = [...context.pipeline.tables];
    expect(await findSuperfluous(context, tables, [D1])).toEqual([]);
    // A key that the model does not give is one row too many, however many are usual.
    await context.warehouse.execute(
      `INSERT INTO shop_staging.stg_orders SELECT * REPLACE ('nobody' AS order_id)
       FROM shop_staging.stg_orders WHERE order_date = '${D1}' LIMIT 1`,
    );
    const found = await findSuperfluous(context, tables, [D1]);
    expect(found).toMatchObject([{ table: "stg_orders", date: D1, state: "surplus", rows: 1 }]);
    expect(await deleteSuperfluous(context, tables, found)).toBe(1);

    const usual = async () => (await readCoverage(context, D2, D2)).cells.get(cellKey("stg_orders", D2))?.expected;
    expect(await usual()).toBeGreaterThan(2);
    const cells = [{ table: "stg_orders", date: D1 }];
    const [gap] = await acceptGaps(context, { cells, reason: "the fair", by: "ann", expires: null });
    expect(await usual()).toBeNull();
    await withdrawGap(context, gap?.id ?? "");
    expect(await usual()).toBeGreaterThan(2);
  });
});
