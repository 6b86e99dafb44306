import { describe, expect, it } from "vitest";
import type { Row } from "@/lib/api/common";
import { eachDate, weekday } from "@/lib/util/dates";
import { groupBy } from "@/lib/util/group-by";
import { drawShop, SHOP_FIRST, SHOP_LAST } from "./shop";

const shop = drawShop();
const rows = (name: string) => shop.get(name) as Row[];
const perDay = (name: string, column: string) =>
  new Map([...groupBy(rows(name), (row) => row[column] as string)].map(([date, list]) => [date, list.length]));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the demo shop", () => {
  it("is the same every time, and another with another seed", () => {
    const text = (seed?: number) => JSON.stringify([...drawShop({ seed, last: "2023-12-31" })]);
    expect(text()).toBe(text());
    expect(text(29)).not.toBe(text());
  });

  it("has orders on each of 400 days, most on Sundays and before Christmas, few on the holiday", () => {
    const days = perDay("orders", "order_date");
    expect([...days.keys()]).toEqual(eachDate(SHOP_FIRST, SHOP_LAST));
    expect(days.size).toBe(400);
    const of = (is: (date: string) => boolean) => mean([...days].filter(([date]) => is(date)).map(([, n]) => n));
    expect(of((date) => weekday(date) === "Sun")).toBeGreaterThan(1.2 * of((date) => weekday(date) === "Wed"));
    expect(of((date) => date.slice(5, 7) === "12")).toBeGreaterThan(1.15 * of((date) => date.slice(5, 7) === "06"));
    expect(days.get("2023-12-25")).toBeLessThan(0.4 * (days.get("2023-12-18") as number));
  });

  it("ships on the days after the order, never on a Sunday nor on the holiday", () => {
    const ordered = new Map(rows("orders").map((row) => [row.order_id, row.order_date as string]));
    const early = rows("shipments").filter(
      ({ order_id, shipped_on }) => String(shipped_on) <= (ordered.get(order_id ?? null) as string),
    );
    expect(early).toEqual([]);
    const days = perDay("shipments", "shipped_on");
    expect([...days.keys()].filter((date) => weekday(date) === "Sun" || date.endsWith("12-25"))).toEqual([]);
  });

  it("is paid what was ordered, by customers who have signed up, and sends some orders twice", () => {
    const newest = new Map(rows("orders").map((row) => [row.order_id, row]));
    const of = (list: Row[], day: string) => list.map((row) => [row.order_id, row[day], row.amount].join(" ")).sort();
    const placed = [...newest.values()].filter((row) => row.status === "placed");
    const captured = rows("payments").filter((row) => row.status === "captured");
    expect(of(captured, "paid_on")).toEqual(of(placed, "order_date"));
    const signedUp = new Map(rows("customers").map((row) => [row.customer_id, row.signed_up_on as string]));
    const strangers = [...newest.values()].filter(
      ({ customer_id, order_date }) => (signedUp.get(customer_id ?? null) ?? "unknown") > String(order_date),
    );
    expect(strangers).toEqual([]);
    expect(rows("orders").length - newest.size).toBeGreaterThan(60);
  });
});
