import type { Row } from "@/lib/api/common";
import { addDays, eachDate, weekday } from "@/lib/util/dates";
import { Random } from "../../../util/random";

/** The day on which the shop opened, and the last one that is over: 400 days with a leap day and one turn of the year. */
export const SHOP_FIRST = "2023-10-28";
export const SHOP_LAST = "2024-11-30";

/** The seed of the demo shop: another one is another shop of the same rhythm. */
const SEED = 28;
const ORDERS_A_DAY = 45;

const WEEK: Record<string, number> = { Sun: 1.15, Mon: 1.05, Tue: 0.95, Wed: 0.9, Thu: 0.95, Fri: 1, Sat: 1.1 };
/** Days that sell otherwise: a public holiday, the days around it, and the two days of sales after Thanksgiving. */
const DAYS: Record<string, number> = {
  "12-24": 0.7,
  "12-25": 0.25,
  "12-26": 0.75,
  "01-01": 0.65,
  "2023-11-24": 1.6,
  "2023-11-27": 1.4,
  "2024-11-29": 1.6,
};
/** Nothing is shipped on a Sunday and on this day. */
const HOLIDAY = "12-25";
const COUNTRIES = ["DE", "FR", "NL", "AT", "PL"] as const;
const COUNTRY_WEIGHTS = [48, 22, 14, 9, 7];
const CHANNELS = ["search", "direct", "social", "email"] as const;
const METHODS = ["card", "paypal", "transfer"] as const;
const CARRIERS = ["DHL", "DPD", "GLS"] as const;

/** The carrier's last files come late: those of so many days are not there yet. */
const CARRIER_DAYS_LATE = 2;
/** Of this day the bank sent its payments two nights after all else. */
const PAID_LATE = "2024-11-20";

/** Where the year stands: most before Christmas, least in June. */
const yearly = (date: string) =>
  1 + 0.15 * Math.cos((2 * Math.PI * (Number(date.slice(5, 7)) + Number(date.slice(8)) / 31 - 13)) / 12);
const daily = (date: string) => DAYS[date] ?? DAYS[date.slice(5)] ?? 1;
const isShippingDay = (date: string) => weekday(date) !== "Sun" && !date.endsWith(HOLIDAY);

/** The first day, from the next one on, on which the carrier collects. */
function shippingDay(ordered: string, wait: number): string {
  let date = addDays(ordered, wait);
  while (!isShippingDay(date)) date = addDays(date, 1);
  return date;
}

export interface ShopOptions {
  first?: string;
  last?: string;
  ordersADay?: number;
  seed?: number;
}

/**
 * The four sources of the demo shop, drawn from one seed, by name: customers, orders, payments and shipments from
 * `first` to `last`. Payments add up to the orders that they pay, each shipment is of an order of the days before it,
 * and each customer signed up on or before the day of his first order. One order in 150 comes twice: the second row,
 * written later, is the right one. The carrier's last two files have not come yet. Amounts are EUR.
 */
export function drawShop({
  first = SHOP_FIRST,
  last = SHOP_LAST,
  ordersADay = ORDERS_A_DAY,
  seed = SEED,
}: ShopOptions = {}): Map<string, Row[]> {
  const random = new Random(seed);
  const customers: Row[] = [];
  const orders: Row[] = [];
  const payments: Row[] = [];
  const shipments: Row[] = [];
  const signUp = (date: string, processed_at: string): Row => {
    const customer = {
      customer_id: `C${String(customers.length + 1).padStart(6, "0")}`,
      signed_up_on: date,
      country: COUNTRIES[random.weighted(COUNTRY_WEIGHTS)] as string,
      channel: random.pick(CHANNELS),
      processed_at,
    };
    customers.push(customer);
    return customer;
  };
  /** One who is there already, newer ones sooner; a new one the less often the more there are. */
  const buyer = (date: string, processedAt: string): Row => {
    const isKnown = customers.length > 0 && random.chance(0.7 * Math.min(1, customers.length / (20 * ordersADay)));
    if (!isKnown) return signUp(date, processedAt);
    return customers[Math.floor(customers.length * Math.sqrt(random.next()))] as Row;
  };

  for (const date of eachDate(first, last)) {
    const processed_at = `${addDays(date, 1)}T03:00:00.000Z`;
    const mean = ordersADay * (WEEK[weekday(date)] as number) * yearly(date) * daily(date);
    const count = Math.max(1, Math.round(random.normal(mean, mean * 0.05)));
    for (let n = 0; n < count; n++) {
      const customer = buyer(date, processed_at);
      const items = 1 + random.weighted([55, 25, 12, 8]);
      const amount = Math.round(items * Math.exp(random.normal(3.3, 0.5)) * 100) / 100;
      const isCancelled = random.chance(0.03);
      const order: Row = {
        order_id: `O${String(orders.length + 1).padStart(7, "0")}`,
        order_date: date,
        customer_id: customer.customer_id as string,
        status: isCancelled ? "cancelled" : "placed",
        items,
        amount,
        processed_at,
      };
      // Changed by the customer within the hour: the first state comes too.
      if (random.chance(1 / 150))
        orders.push({ ...order, items: items + 1, processed_at: `${addDays(date, 1)}T02:00:00.000Z` });
      orders.push(order);
      const pay = (status: string) =>
        payments.push({
          payment_id: `P${String(payments.length + 1).padStart(7, "0")}`,
          paid_on: date,
          order_id: order.order_id as string,
          method: random.pick(METHODS),
          status,
          amount,
          processed_at: date === PAID_LATE ? `${addDays(date, 3)}T05:00:00.000Z` : processed_at,
        });
      if (random.chance(0.04)) pay("failed");
      if (isCancelled) continue;
      pay("captured");
      const shipped = shippingDay(date, 1 + random.weighted([60, 30, 10]));
      if (shipped > addDays(last, -CARRIER_DAYS_LATE)) continue;
      shipments.push({
        shipment_id: `S${order.order_id?.toString().slice(1)}`,
        shipped_on: shipped,
        order_id: order.order_id as string,
        carrier: random.pick(CARRIERS),
        processed_at: `${addDays(shipped, 1)}T03:00:00.000Z`,
      });
    }
    // Some only look around.
    for (let n = random.int(0, 4); n > 0; n--) signUp(date, processed_at);
  }
  return new Map(Object.entries({ customers, orders, payments, shipments }));
}
