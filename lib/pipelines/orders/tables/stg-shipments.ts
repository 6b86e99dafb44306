import { columns } from "../../../engine/pipeline/columns";
import { table } from "../../../engine/pipeline/define";
import { newestOf, shipments } from "../sources";

/** Days within which an order is shipped; a parcel of an older one says nothing of how long it took. */
const DAYS = 14;

/** Parcels with the day of their order, from the orders of the 14 days before. */
export const stgShipments = table({
  id: "stg_shipments",
  name: "shop_staging.stg_shipments",
  description: "one parcel, with how long its order waited",
  layer: "staging",
  dateColumn: "shipped_on",
  key: ["shipment_id"],
  inputs: [
    { table: "shipments", invalidates: true },
    { table: "stg_orders", window: { kind: "days", days: DAYS } },
  ],
  columns: columns(
    ["shipment_id", "STRING", "parcel key"],
    ["shipped_on", "DATE", "day of collection"],
    ["order_id", "STRING", "the order in the parcel"],
    ["carrier", "STRING", "DHL, DPD or GLS"],
    ["order_date", "DATE", `day of ordering; NULL where no order of the ${DAYS} days before has the key`],
    ["days_to_ship", "INT64", "days from ordering to collection; NULL without order_date"],
  ),
  checks: [{ column: "order_id", notNull: 1, reason: "a parcel is of an order" }],
  owner: "data",
  dueBy: "06:00",
  // After a day off the carrier collects what has piled up.
  expected: { baseline: { partialBelow: 0.3, surplusAbove: 3 } },
  build: {
    kind: "sql",
    sql: `WITH newest AS (
  ${newestOf(shipments, "shipped_on BETWEEN @start_date AND @end_date")}
),
recent_orders AS (
  SELECT order_id, order_date
  FROM shop_staging.stg_orders
  WHERE order_date >= DATE_SUB(@start_date, INTERVAL ${DAYS} DAY) AND order_date < @end_date
)
SELECT
  s.shipment_id,
  s.shipped_on,
  s.order_id,
  s.carrier,
  o.order_date,
  DATE_DIFF(s.shipped_on, o.order_date, DAY) AS days_to_ship
FROM newest AS s
LEFT JOIN recent_orders AS o
  ON o.order_id = s.order_id
  AND o.order_date < s.shipped_on
  AND o.order_date >= DATE_SUB(s.shipped_on, INTERVAL ${DAYS} DAY)`,
  },
});
