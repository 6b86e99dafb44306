import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { compilePipeline, type Pipeline } from "@/lib/engine/pipeline/compile";
import { ORDERS } from "@/lib/pipelines/orders";
import { openDuckDB } from "../warehouse/duckdb";
import { importFiles } from "./index";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "fullcourt-importers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

/** What an import of files into an empty warehouse says, and the rows of a query after it. */
async function imported(pipeline: Pipeline, files: readonly string[], sql: string) {
  const warehouse = await openDuckDB(":memory:", pipeline);
  try {
    const result = await importFiles({ warehouse, pipeline }, files);
    return { result, rows: await warehouse.query(sql) };
  } finally {
    await warehouse.close();
  }
}

it("files of a pipeline without importers are its sources by their own columns", async () => {
  const { result, rows } = await imported(
    compilePipeline(ORDERS),
    [
      file("customers.csv", "customer_id;signed_up_on;country\nc1;15 Nov 2024;DE\n"),
      file(
        "orders.csv",
        "order_id,order_date,customer_id,status,items,amount\no1,2024-11-15,c1,placed,2,19.5\no1,2024-11-15,c1,cancelled,2,19.5\n",
      ),
      // An id is a text here, whatever another pipeline's ids look like.
      file("parcels.csv", "shipment_id,shipped_on,order_id\n22100235,2024-11-16,o1\n"),
    ],
    "SELECT o.status, c.signed_up_on, s.shipment_id FROM shop_raw.orders AS o JOIN shop_raw.customers AS c USING (customer_id) JOIN shop_raw.shipments AS s USING (order_id)",
  );
  expect(result).toMatchObject({
    tables: { customers: 1, orders: 1, shipments: 1 },
    duplicates: { orders: 1 },
    findings: [{ rule: "lines with the same key agree", table: "orders" }],
  });
  expect(rows).toEqual([{ status: "cancelled", signed_up_on: "2024-11-15", shipment_id: "22100235" }]);
});

/** Of a shop's till: its own names, a reader and a macro of its own, and a rule that asks the warehouse. */
const IMPORTER = `{
  formats: [{
    name: "till receipts",
    cells: {
      order_id: { from: "receipt", read: "receipt", isRequired: true },
      order_date: { from: "day", read: "date" },
      cents: { from: "cents", read: "whole" },
    },
    rows: { orders: { customer_id: "'till'", status: "'placed'", amount: "cents / 100" } },
  }],
  readers: { receipt: { sql: (x) => \`shop_receipt(\${x})\`, expected: "a receipt R-1" } },
  macros: ["shop_receipt(x) AS CASE WHEN x LIKE 'R-%' THEN x END"],
  questions: { customers: (ids) => ({ sql: "SELECT customer_id FROM shop_raw.customers WHERE customer_id IN UNNEST(@ids)", params: { ids: { type: "ARRAY<STRING>", value: [...ids] } } }) },
  async check(session) {
    const known = await session.askWarehouse("customers", ["till"]);
    if (known.length === 0) session.warn("The till is no customer.");
  },
}`;

it("importers of a configuration are loaded from its module: formats, readers, macros, rules and questions", async () => {
  const module = file("config.mjs", `export default { pipeline: { importers: [${IMPORTER}] } };\n`);
  const importers = (await import(module)).default.pipeline.importers;
  const pipeline = { ...compilePipeline({ ...ORDERS, importers }), module };
  const receipts = file("receipts.csv", "receipt,day,cents\nR-1,2024-11-15,1950\n");
  const { result, rows } = await imported(
    pipeline,
    [receipts],
    "SELECT order_id, customer_id, amount FROM shop_raw.orders",
  );
  expect(rows).toEqual([{ order_id: "R-1", customer_id: "till", amount: 19.5 }]);
  expect(result.warnings).toEqual(["The till is no customer."]);
  await expect(
    imported(pipeline, [file("bad.csv", "receipt,day,cents\n17,2024-11-15,1950\n")], "SELECT 1"),
  ).rejects.toThrow('bad.csv:2: column receipt: a receipt R-1 is expected, "17" is there.');
});
