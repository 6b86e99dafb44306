import { columns } from "../../../engine/pipeline/columns";
import { table } from "../../../engine/pipeline/define";
import { newestOf, orders } from "../sources";

/** Orders, one row for each: the newest of what the shop sent, amounts in cents. */
export const stgOrders = table({
  id: "stg_orders",
  name: "shop_staging.stg_orders",
  description: "one order as it was last sent, amounts in cents",
  layer: "staging",
  dateColumn: "order_date",
  key: ["order_id"],
  inputs: [{ table: "orders", invalidates: true }],
  columns: columns(
    ["order_id", "STRING", "order key"],
    ["order_date", "DATE", "day of ordering"],
    ["customer_id", "STRING", "who ordered"],
    ["status", "STRING", "placed or cancelled, in small letters"],
    ["items", "INT64", "pieces ordered"],
    ["amount_cents", "INT64", "EUR cents, shipping included"],
  ),
  checks: [
    { column: "customer_id", notNull: 1, reason: "somebody ordered" },
    { column: "status", in: ["placed", "cancelled"], reason: "the two statuses" },
    { rule: "items >= 1 AND amount_cents >= 0", column: "items", reason: "an order has a piece and a price" },
  ],
  owner: "data",
  dueBy: "06:00",
  expected: { baseline: {} },
  build: {
    kind: "sql",
    sql: `WITH newest AS (
  ${newestOf(orders, "order_date BETWEEN @start_date AND @end_date")}
)
SELECT
  order_id,
  order_date,
  customer_id,
  LOWER(TRIM(status)) AS status,
  items,
  CAST(ROUND(amount * 100) AS INT64) AS amount_cents
FROM newest`,
  },
});
