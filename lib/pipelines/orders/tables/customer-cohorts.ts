import { columns } from "../../../engine/pipeline/columns";
import { table } from "../../../engine/pipeline/define";
import { customers, newestOf } from "../sources";

/** A customer is active for so many days, that of an order included. */
const ACTIVE_DAYS = 28;

/**
 * Of the customers who signed up in a month, how many ordered within the 28 days that end with a date. Active days are
 * counted by their ends: an order begins them where the one before is 28 days back or more, and ends them 28 days later
 * where none follows until then, so that each customer counts once however often he orders.
 */
export const customerCohorts = table({
  id: "cohorts",
  name: "shop_marts.customer_cohorts",
  description: "how many of the customers of one month still order",
  layer: "marts",
  dateColumn: "cohort_date",
  key: ["cohort_date", "cohort_month"],
  inputs: [
    { table: "customers" },
    { table: "fct_orders" },
    { table: "fct_orders", window: { kind: "dates", dates: ACTIVE_DAYS - 1 } },
  ],
  columns: columns(
    ["cohort_date", "DATE", "the date"],
    ["cohort_month", "DATE", "first day of the month of signing up"],
    ["customers", "INT64", "customers of that month, up to the date"],
    ["active_28d", "INT64", "those with an order in the 28 days that end with the date"],
    ["active_pct", "FLOAT64", "100 x active_28d / customers"],
  ),
  checks: [
    { rule: "active_28d <= customers", column: "active_28d", reason: "some of them" },
    { column: "active_pct", between: [0, 100], reason: "a share of them" },
  ],
  owner: "data",
  dueBy: "06:00",
  expected: { baseline: {} },
  build: {
    kind: "sql",
    sql: `WITH people AS (
  ${newestOf(customers, "signed_up_on <= @end_date")}
),
bought AS (
  SELECT DISTINCT customer_id, cohort_month, order_date
  FROM shop_marts.fct_orders
  WHERE order_date BETWEEN DATE_SUB(@start_date, INTERVAL ${ACTIVE_DAYS - 1} DAY) AND @end_date
    AND status <> 'cancelled' AND cohort_month IS NOT NULL
),
neighbors AS (
  SELECT
    cohort_month,
    order_date,
    LAG(order_date) OVER (PARTITION BY customer_id ORDER BY order_date) AS order_before,
    LEAD(order_date) OVER (PARTITION BY customer_id ORDER BY order_date) AS order_after
  FROM bought
),
changes AS (
  SELECT
    DATE(EXTRACT(YEAR FROM signed_up_on), EXTRACT(MONTH FROM signed_up_on), 1) AS cohort_month,
    GREATEST(signed_up_on, DATE_SUB(@start_date, INTERVAL ${ACTIVE_DAYS - 1} DAY)) AS changed_on,
    1 AS more_customers,
    0 AS more_active
  FROM people
  UNION ALL
  SELECT cohort_month, order_date AS changed_on, 0 AS more_customers, 1 AS more_active
  FROM neighbors
  WHERE order_before IS NULL OR DATE_DIFF(order_date, order_before, DAY) >= ${ACTIVE_DAYS}
  UNION ALL
  SELECT
    cohort_month,
    CAST(DATE_ADD(order_date, INTERVAL ${ACTIVE_DAYS} DAY) AS DATE) AS changed_on,
    0 AS more_customers,
    -1 AS more_active
  FROM neighbors
  WHERE order_after IS NULL OR DATE_DIFF(order_after, order_date, DAY) >= ${ACTIVE_DAYS}
),
by_day AS (
  SELECT cohort_month, changed_on, SUM(more_customers) AS more_customers, SUM(more_active) AS more_active
  FROM changes
  GROUP BY cohort_month, changed_on
),
cohorts AS (SELECT DISTINCT cohort_month FROM by_day),
days AS (
  SELECT cohort_date
  FROM UNNEST(GENERATE_DATE_ARRAY(DATE_SUB(@start_date, INTERVAL ${ACTIVE_DAYS - 1} DAY), @end_date)) AS cohort_date
),
spine AS (SELECT cohort_date, cohort_month FROM days CROSS JOIN cohorts),
counted AS (
  SELECT
    s.cohort_date,
    s.cohort_month,
    CAST(SUM(COALESCE(c.more_customers, 0)) OVER so_far AS INT64) AS customers,
    CAST(SUM(COALESCE(c.more_active, 0)) OVER so_far AS INT64) AS active_28d
  FROM spine AS s
  LEFT JOIN by_day AS c ON c.changed_on = s.cohort_date AND c.cohort_month = s.cohort_month
  WINDOW so_far AS (
    PARTITION BY s.cohort_month ORDER BY s.cohort_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  )
)
SELECT
  cohort_date,
  cohort_month,
  customers,
  active_28d,
  100 * active_28d / customers AS active_pct
FROM counted
WHERE cohort_date >= @start_date AND customers > 0`,
  },
});
