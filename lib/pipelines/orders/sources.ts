import { columns } from "../../engine/pipeline/columns";
import { source } from "../../engine/pipeline/define";
import type { Source } from "../../engine/pipeline/types";

/** The shop's four sources, as its systems export them each night; processed_at is added when they are loaded. */
export const customers = source({
  id: "customers",
  name: "shop_raw.customers",
  description: "one row a customer, on the day of signing up",
  dateColumn: "signed_up_on",
  key: ["customer_id"],
  required: ["customer_id", "signed_up_on", "country"],
  columns: columns(
    ["customer_id", "STRING", "customer key"],
    ["signed_up_on", "DATE", "day of signing up"],
    ["country", "STRING", "country of delivery, two letters"],
    ["channel", "STRING", "search, direct, social or email"],
  ),
  checks: [
    { column: "channel", in: ["search", "direct", "social", "email"], level: "warn", reason: "the shop's channels" },
  ],
});

export const orders = source({
  id: "orders",
  name: "shop_raw.orders",
  description: "one row an order; a change within the night comes as a second row",
  dateColumn: "order_date",
  expected: { baseline: {} },
  key: ["order_id"],
  required: ["order_id", "order_date", "customer_id", "status", "amount"],
  columns: columns(
    ["order_id", "STRING", "order key"],
    ["order_date", "DATE", "day of ordering"],
    ["customer_id", "STRING", "who ordered"],
    ["status", "STRING", "placed or cancelled"],
    ["items", "INT64", "pieces ordered"],
    ["amount", "FLOAT64", "EUR, shipping included"],
  ),
  checks: [
    { column: "customer_id", notNull: 1, reason: "somebody ordered" },
    { column: "amount", notNull: 1, reason: "an order has a price" },
    { rule: "amount >= 0", column: "amount", reason: "nobody is paid for ordering" },
  ],
});

export const payments = source({
  id: "payments",
  name: "shop_raw.payments",
  description: "one row an attempt to pay an order",
  dateColumn: "paid_on",
  expected: { baseline: {} },
  key: ["payment_id"],
  required: ["payment_id", "paid_on", "order_id", "status", "amount"],
  columns: columns(
    ["payment_id", "STRING", "payment key"],
    ["paid_on", "DATE", "day of paying"],
    ["order_id", "STRING", "the order that is paid"],
    ["method", "STRING", "card, paypal or transfer"],
    ["status", "STRING", "captured or failed"],
    ["amount", "FLOAT64", "EUR"],
  ),
  checks: [{ column: "status", in: ["captured", "failed"], reason: "the two ends of an attempt" }],
});

export const shipments = source({
  id: "shipments",
  name: "shop_raw.shipments",
  description: "one row a parcel, on the day on which the carrier collects it",
  dateColumn: "shipped_on",
  expected: { baseline: { partialBelow: 0.3 } },
  key: ["shipment_id"],
  required: ["shipment_id", "shipped_on", "order_id"],
  columns: columns(
    ["shipment_id", "STRING", "parcel key"],
    ["shipped_on", "DATE", "day of collection"],
    ["order_id", "STRING", "the order in the parcel"],
    ["carrier", "STRING", "DHL, DPD or GLS"],
  ),
  checks: [{ column: "order_id", notNull: 1, reason: "a parcel is of an order" }],
});

/**
 * Rows of a source, one for each key: the newest, and among those of one time the first by value, so that every engine
 * picks the same.
 */
export function newestOf({ dataset, name, grain, columns }: Source, where: string): string {
  const others = columns.map((column) => column.name).filter((column) => !grain.includes(column));
  const order = ["processed_at", ...others].map((column) => `${column} DESC`).join(", ");
  return `SELECT *
  FROM ${dataset}.${name}
  WHERE ${where}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ${grain.join(", ")} ORDER BY ${order}) = 1`;
}
