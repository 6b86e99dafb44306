import { expect, it } from "vitest";
import type { CalendarDefinition } from "../pipeline/types";
import { formatDue } from "./format-due";

const unit = { one: "order", many: "orders", none: "no orders" };
const daily = { unit, source: { kind: "daily" } } satisfies CalendarDefinition;
const sql = { unit, source: { kind: "sql", ctes: "", query: "", known: "" } } satisfies CalendarDefinition;

it("says on which dates a table is due, and by when", () => {
  const zone = "Europe/Berlin";
  expect(formatDue({ due: "afterwards", dueBy: "06:00" }, daily, zone)).toBe(
    "every day, by 06:00 of the next day (Europe/Berlin)",
  );
  expect(formatDue({ due: "beforehand", dueBy: "06:00", cadence: { weekly: "monday" } }, daily, zone)).toBe(
    "every Monday, by 06:00 (Europe/Berlin)",
  );
  expect(formatDue({ due: "afterwards" }, sql, zone)).toBe("every date with orders, after its orders");
  expect(formatDue({ due: "beforehand", cadence: "weekdays" }, sql, zone)).toBe("every weekday, before its orders");
});
