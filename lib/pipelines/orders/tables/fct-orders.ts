import { columns } from "../../../engine/pipeline/columns";
import { table } from "../../../engine/pipeline/define";
import { customers, newestOf, payments } from "../sources";

/** Orders with who ordered and what was paid on the day. */
export const fctOrders = table({
  id: "fct_orders",
  name: "shop_marts.fct_orders",
  description: "one order with its customer and what was paid on the day",
  layer: "marts",
  dateColumn: "order_date",
  key: ["order_id"],
  inputs: [{ table: "stg_orders" }, { table: "payments", invalidates: true }, { table: "customers" }],
  columns: columns(
    ["order_id", "STRING", "order key"],
    ["order_date", "DATE", "day of ordering"],
    ["customer_id", "STRING", "who ordered"],
    ["country", "STRING", "the customer's country; NULL where nobody of the key has signed up"],
    ["cohort_month", "DATE", "first day of the month in which the customer signed up"],
    ["is_new_customer", "BOOL", "signed up on the day of the order"],
    ["status", "STRING", "placed or cancelled"],
    ["items", "INT64", "pieces ordered"],
    ["amount_cents", "INT64", "EUR cents ordered"],
    ["paid_cents", "INT64", "EUR cents captured on the day; 0 where nothing was"],
  ),
  checks: [
    {
      column: "customer_id",
      matches: { in: "customers", on: ["customer_id"], share: 0.9 },
      reason: "who orders has signed up: two forms of one key would part them",
    },
    { column: "country", notNull: 0.9, reason: "a customer has one" },
    { rule: "paid_cents >= 0 AND amount_cents >= 0", column: "paid_cents", reason: "money comes in" },
  ],
  owner: "data",
  dueBy: "06:00",
  expected: { sameAs: "stg_orders" },
  build: {
    kind: "sql",
    sql: `WITH newest_payments AS (
  ${newestOf(payments, "paid_on BETWEEN @start_date AND @end_date")}
),
paid AS (
  SELECT order_id, paid_on, CAST(SUM(CAST(ROUND(amount * 100) AS INT64)) AS INT64) AS paid_cents
  FROM newest_payments
  WHERE status = 'captured'
  GROUP BY order_id, paid_on
),
people AS (
  ${newestOf(customers, "signed_up_on <= @end_date")}
)
SELECT
  o.order_id,
  o.order_date,
  o.customer_id,
  c.country,
  DATE(EXTRACT(YEAR FROM c.signed_up_on), EXTRACT(MONTH FROM c.signed_up_on), 1) AS cohort_month,
  COALESCE(c.signed_up_on = o.order_date, FALSE) AS is_new_customer,
  o.status,
  o.items,
  o.amount_cents,
  COALESCE(p.paid_cents, 0) AS paid_cents
FROM shop_staging.stg_orders AS o
LEFT JOIN people AS c ON c.customer_id = o.customer_id AND c.signed_up_on <= o.order_date
LEFT JOIN paid AS p ON p.order_id = o.order_id AND p.paid_on = o.order_date
WHERE o.order_date BETWEEN @start_date AND @end_date`,
  },
});
