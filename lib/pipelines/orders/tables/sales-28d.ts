import { columns } from "../../../engine/pipeline/columns";
import { table } from "../../../engine/pipeline/define";

/** Days before the date that count beside it: four whole weeks together. */
const DAYS_BEFORE = 27;

/** What each country bought on a day and over the 28 days that end with it. */
export const sales28d = table({
  id: "sales_28d",
  name: "shop_marts.sales_28d",
  description: "sales of one country on the date and over the 28 days that end with it",
  layer: "marts",
  dateColumn: "sales_date",
  key: ["sales_date", "country"],
  inputs: [{ table: "fct_orders" }, { table: "fct_orders", window: { kind: "days", days: DAYS_BEFORE } }],
  columns: columns(
    ["sales_date", "DATE", "the date"],
    ["country", "STRING", "country of delivery, one that ordered within the 28 days"],
    ["orders", "INT64", "orders of the date that were not cancelled"],
    ["revenue_cents", "INT64", "EUR cents paid for them"],
    ["orders_28d", "INT64", "orders of the 28 days"],
    ["revenue_cents_28d", "INT64", "EUR cents paid for them"],
    ["average_order_cents_28d", "FLOAT64", "revenue an order of the 28 days, EUR cents"],
  ),
  checks: [
    {
      rule: "orders <= orders_28d AND revenue_cents <= revenue_cents_28d",
      column: "orders",
      reason: "a day is one of the 28",
    },
    { column: "country", notNull: 1, reason: "sales are of a country" },
  ],
  owner: "data",
  dueBy: "06:00",
  expected: { baseline: {} },
  build: {
    kind: "sql",
    sql: `WITH daily AS (
  SELECT order_date, country, COUNT(*) AS orders, SUM(paid_cents) AS revenue_cents
  FROM shop_marts.fct_orders
  WHERE order_date BETWEEN DATE_SUB(@start_date, INTERVAL ${DAYS_BEFORE} DAY) AND @end_date
    AND status <> 'cancelled' AND country IS NOT NULL
  GROUP BY order_date, country
),
countries AS (SELECT DISTINCT country FROM daily),
days AS (
  SELECT sales_date
  FROM UNNEST(GENERATE_DATE_ARRAY(DATE_SUB(@start_date, INTERVAL ${DAYS_BEFORE} DAY), @end_date)) AS sales_date
),
spine AS (SELECT sales_date, country FROM days CROSS JOIN countries),
rolled AS (
  SELECT
    s.sales_date,
    s.country,
    COALESCE(d.orders, 0) AS orders,
    CAST(COALESCE(d.revenue_cents, 0) AS INT64) AS revenue_cents,
    CAST(SUM(COALESCE(d.orders, 0)) OVER last_28 AS INT64) AS orders_28d,
    CAST(SUM(COALESCE(d.revenue_cents, 0)) OVER last_28 AS INT64) AS revenue_cents_28d
  FROM spine AS s
  LEFT JOIN daily AS d ON d.order_date = s.sales_date AND d.country = s.country
  WINDOW last_28 AS (
    PARTITION BY s.country ORDER BY s.sales_date ROWS BETWEEN ${DAYS_BEFORE} PRECEDING AND CURRENT ROW
  )
)
SELECT
  sales_date,
  country,
  orders,
  revenue_cents,
  orders_28d,
  revenue_cents_28d,
  revenue_cents_28d / orders_28d AS average_order_cents_28d
FROM rolled
WHERE sales_date >= @start_date AND orders_28d > 0`,
  },
});
