import { columns } from "../../../columns";
import { newestOf, orders } from "../sources";

/** Orders, one row for each: the newest of what the shop sent, amounts in cents. */
export const stgOrders = {
  id: "stg_orders",
  name: "stg_orders",
  description: "one order as it was last sent, amounts in cents",
  dataset: "shop_staging",
  layer: "staging",
  dateColumn: "order_date",
  grain: ["order_id"],
  inputs: [{ table: "orders", edge: "same-date", window: { kind: "same" }, critical: true, rebuilds: true }],
  columns: columns(
    ["order_id", "STRING", "order key"],
    ["order_date", "DATE", "day of ordering"],
    ["customer_id", "STRING", "who ordered"],
    ["status", "STRING", "placed or cancelled, in small letters"],
    ["items", "INT64", "pieces ordered"],
    ["amount_cents", "INT64", "EUR cents, shipping included"],
  ),
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
};
