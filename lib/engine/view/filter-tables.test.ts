import { expect, it } from "vitest";
import { countTables, filterTables } from "./filter-tables";

const table = (id: string, toDo: number, rest = {}) => ({
  id,
  name: `shop.${id}`,
  description: "one order",
  standing: { toDo },
  ...rest,
});
const TABLES = [
  table("orders", 0, { owner: "ann", tags: ["core"] }),
  table("sales", 3, { description: "sales of a day", tags: ["core", "daily"] }),
  table("unknown", 0, { standing: null }),
];
const ids = (asked: Parameters<typeof filterTables>[1]) => filterTables(TABLES, asked).map(({ id }) => id);

it("tables are filtered by state and by every word of a search", () => {
  expect(ids({ filter: "all", search: "" })).toEqual(["orders", "sales", "unknown"]);
  expect(ids({ filter: "needs work", search: "" })).toEqual(["sales"]);
  expect(ids({ filter: "complete", search: "" })).toEqual(["orders"]);
  expect(ids({ filter: "all", search: "CORE ann" })).toEqual(["orders"]);
  expect(ids({ filter: "all", search: "daily" })).toEqual(["sales"]);
  expect(ids({ filter: "complete", search: "daily" })).toEqual([]);
  expect(countTables(TABLES)).toEqual({ all: 3, "needs work": 1, complete: 1 });
});
