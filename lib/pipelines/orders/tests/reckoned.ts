import type { Row } from "@/lib/api/common";
import { addDays, dayNumber, eachDate } from "@/lib/util/dates";

type Shop = ReadonlyMap<string, readonly Row[]>;

const cents = (amount: unknown) => Math.round((amount as number) * 100);
const monthOf = (date: unknown) => `${String(date).slice(0, 7)}-01`;
const rowsOf = (shop: Shop, name: string) => shop.get(name) ?? [];

/** The last written row of each key. */
function newest(rows: readonly Row[], key: string): Row[] {
  const chosen = new Map<unknown, Row>();
  for (const row of rows) {
    const other = chosen.get(row[key]);
    if (!other || String(row.processed_at) > String(other.processed_at)) chosen.set(row[key], row);
  }
  return [...chosen.values()];
}

const sum = (rows: readonly Row[], column: string) => rows.reduce((total, row) => total + (row[column] as number), 0);

/** The shop's five tables from `start` to `end`, worked out row by row, without SQL: what the models must give. */
export function reckon(shop: Shop, start: string, end: string): Map<string, Row[]> {
  const isIn = (date: unknown) => String(date) >= start && String(date) <= end;
  const stgOrders = newest(rowsOf(shop, "orders"), "order_id").map((order) => ({
    order_id: order.order_id,
    order_date: order.order_date,
    customer_id: order.customer_id,
    status: order.status,
    items: order.items,
    amount_cents: cents(order.amount),
  })) as Row[];
  const orderOf = new Map(stgOrders.map((order) => [order.order_id, order]));
  const stgShipments = newest(rowsOf(shop, "shipments"), "shipment_id").map(
    ({ shipment_id, shipped_on, order_id, carrier }) => {
      const ordered = orderOf.get(order_id ?? null)?.order_date as string | undefined;
      const days = ordered ? dayNumber(shipped_on as string) - dayNumber(ordered) : 0;
      const isKnown = ordered !== undefined && days >= 1 && days <= 14;
      return {
        shipment_id,
        shipped_on,
        order_id,
        carrier,
        order_date: isKnown ? ordered : null,
        days_to_ship: isKnown ? days : null,
      };
    },
  ) as Row[];
  const customers = newest(rowsOf(shop, "customers"), "customer_id");
  const customerOf = new Map(customers.map((customer) => [customer.customer_id, customer]));
  const captured = newest(rowsOf(shop, "payments"), "payment_id").filter((payment) => payment.status === "captured");
  const paidOf = new Map<unknown, number>();
  for (const { order_id, paid_on, amount } of captured) {
    if (orderOf.get(order_id ?? null)?.order_date === paid_on)
      paidOf.set(order_id, (paidOf.get(order_id) ?? 0) + cents(amount));
  }
  const fctOrders = stgOrders.map((order) => {
    const customer = customerOf.get(order.customer_id ?? null);
    return {
      ...order,
      country: customer?.country ?? null,
      cohort_month: customer ? monthOf(customer.signed_up_on) : null,
      is_new_customer: customer?.signed_up_on === order.order_date,
      paid_cents: paidOf.get(order.order_id) ?? 0,
    };
  }) as Row[];
  const sold = fctOrders.filter((order) => order.status !== "cancelled");
  const sales: Row[] = [];
  const cohorts: Row[] = [];
  for (const date of eachDate(start, end)) {
    const first = addDays(date, -27);
    const recent = sold.filter((order) => String(order.order_date) >= first && String(order.order_date) <= date);
    for (const country of new Set(recent.flatMap((order) => order.country ?? []))) {
      const own = recent.filter((order) => order.country === country);
      const today = own.filter((order) => order.order_date === date);
      sales.push({
        sales_date: date,
        country,
        orders: today.length,
        revenue_cents: sum(today, "paid_cents"),
        orders_28d: own.length,
        revenue_cents_28d: sum(own, "paid_cents"),
        average_order_cents_28d: sum(own, "paid_cents") / own.length,
      });
    }
    const active = new Set(recent.map((order) => order.customer_id as string));
    const known = customers.filter((customer) => String(customer.signed_up_on) <= date);
    for (const month of new Set(known.map((customer) => monthOf(customer.signed_up_on)))) {
      const own = known.filter((customer) => monthOf(customer.signed_up_on) === month);
      const buying = own.filter((customer) => active.has(customer.customer_id as string)).length;
      cohorts.push({
        cohort_date: date,
        cohort_month: month,
        customers: own.length,
        active_28d: buying,
        active_pct: (100 * buying) / own.length,
      });
    }
  }
  return new Map([
    ["stg_orders", stgOrders.filter((row) => isIn(row.order_date))],
    ["stg_shipments", stgShipments.filter((row) => isIn(row.shipped_on))],
    ["fct_orders", fctOrders.filter((row) => isIn(row.order_date))],
    ["sales_28d", sales],
    ["cohorts", cohorts],
  ]);
}
