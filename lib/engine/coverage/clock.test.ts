import { expect, it } from "vitest";
import { monotonicTimestamp, newestOf } from "./clock";

const NOW = Date.parse("2021-11-17T06:00:00Z");
const HOUR = 3_600_000;

it("rows bear the clock's time, or just after the newest row where the clock was set back", () => {
  expect(monotonicTimestamp(NOW, null)).toBe(NOW);
  expect(monotonicTimestamp(NOW, NOW - HOUR)).toBe(NOW);
  expect(monotonicTimestamp(NOW, NOW + HOUR)).toBe(NOW + HOUR + 1);
  expect(monotonicTimestamp(NOW, NOW)).toBe(NOW + 1);
  // A row of the year 2099 is wrong: nothing follows it there.
  expect(monotonicTimestamp(NOW, Date.parse("2099-01-01"))).toBe(NOW);
});

it("finds the newest row of raw and derived tables", () => {
  const raw = { rows: 1, served: 1, newest: "2021-11-17T05:00:00.000Z" };
  const table = { rows: 1, distinct: 1, copies: 1, oldest: null, newest: "2021-11-16T05:00:00.000Z" };
  const facts = { raw: new Map([["r", new Map([["d", raw]])]]), tables: new Map([["t", new Map([["d", table]])]]) };
  expect(newestOf(facts)).toBe(Date.parse(raw.newest));
  expect(newestOf({ raw: new Map(), tables: new Map() })).toBeNull();
});
