import { expect, it } from "vitest";
import { runsByDate } from "./runs-by-date";

const run = (id: string, start: string, end: string, startedAt: string, tables = ["a"]) => ({
  id,
  start,
  end,
  startedAt,
  tables,
  status: "succeeded" as const,
});
const RUNS = [
  run("old", "2026-03-01", "2026-03-02", "2026-03-03T06:00:00Z"),
  run("again", "2026-03-02", "2026-03-03", "2026-03-09T06:00:00Z", ["b"]),
  run("far", "2020-01-01", "2020-01-01", "2026-03-05T06:00:00Z"),
];

it("runs by date: each date of their ranges, the newest first, with the last run before earlier ones", () => {
  const found = runsByDate(RUNS, 100);
  expect(found.map(({ date, runs }) => [date, runs.map(({ id }) => id)])).toEqual([
    ["2026-03-03", ["again"]],
    ["2026-03-02", ["again", "old"]],
    ["2026-03-01", ["old"]],
    ["2020-01-01", ["far"]],
  ]);
  expect(found[1]?.tables).toEqual(["b", "a"]);
  expect(runsByDate(RUNS, 2)).toHaveLength(2);
  expect(runsByDate([], 2)).toEqual([]);
});
