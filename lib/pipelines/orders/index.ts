import { definePipeline } from "../../engine/pipeline/define";
import { drawShop, SHOP_FIRST, SHOP_LAST } from "./demo/shop";
import { customers, orders, payments, shipments } from "./sources";
import { customerCohorts } from "./tables/customer-cohorts";
import { fctOrders } from "./tables/fct-orders";
import { sales28d } from "./tables/sales-28d";
import { stgOrders } from "./tables/stg-orders";
import { stgShipments } from "./tables/stg-shipments";

/** An online shop: four sources, five tables, every day due, and nobody who says how many rows belong to a day. */
export const ORDERS = definePipeline({
  id: "orders",
  name: "Online shop",
  timeZone: "Europe/Berlin",
  calendar: { unit: { one: "order", many: "orders", none: "no orders" }, source: { kind: "daily", units: "orders" } },
  layers: [
    { id: "staging", label: "Staging" },
    { id: "marts", label: "Marts" },
  ],
  sources: [customers, orders, payments, shipments],
  tables: [stgOrders, stgShipments, fctOrders, sales28d, customerCohorts],
  demo: {
    today: "2024-12-01",
    start: SHOP_FIRST,
    end: SHOP_LAST,
    sources: () => drawShop(),
    // A load that broke off, a job that failed twice, a retry that wrote twice, a lost day, and a week nobody looked at.
    damage: [
      { table: "stg_orders", dates: ["2024-11-12"], where: "items <= 2" },
      { table: "fct_orders", dates: ["2024-11-18", "2024-11-19"] },
      { table: "stg_orders", dates: ["2024-11-23"], copies: 2 },
      { table: "sales_28d", dates: ["2024-11-26"] },
      { table: "cohorts", dates: ["2024-03-11", "2024-03-12", "2024-03-13", "2024-03-14"] },
    ],
    accepted: [
      { table: "stg_orders", dates: ["2023-12-25"], reason: "Christmas Day: few order" },
      { table: "stg_shipments", dates: ["2023-12-25"], reason: "Christmas Day: nothing is shipped" },
    ],
  },
});
