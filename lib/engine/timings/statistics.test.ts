import { describe, expect, it } from "vitest";
import { processor, upstreamOf } from "@/tests/support/tables";
import { compareRuns, criticalPath } from "./path";
import { stagesOf, totalOf } from "./stages";
import { outliersOf, weeksOf } from "./statistics";

const upstream = (table: string) => upstreamOf(processor(table));

const task = (id: number, table: string, seconds: number, dates = ["2021-11-16"]) => ({
  id,
  table,
  seconds,
  dates,
  rows: 10,
});

describe("timings", () => {
  it("a value far from the others is an outlier, a growth is not", () => {
    expect(outliersOf([2, 2.1, 1.9, 2, 30, 2.2])).toEqual([4]);
    expect(outliersOf([2, 2, 2, 2, 9])).toEqual([4]);
    expect(outliersOf([5, 31, 58, 95, 133, 174, 220, 268, 318])).toEqual([]);
    expect(outliersOf([0.01, 0.01, 0.01, 0.01, 0.2])).toEqual([]);
    expect(outliersOf([1, 99])).toEqual([]);
  });

  it("weeks begin on Monday and have their percentiles", () => {
    const points = [
      { day: "2021-11-21", seconds: 1 },
      { day: "2021-11-15", seconds: 3 },
      { day: "2021-11-22", seconds: 9 },
    ];
    expect(weeksOf(points)).toEqual([
      { week: "2021-11-15", n: 2, p50: 2, p90: expect.closeTo(2.8, 9), p99: expect.closeTo(2.98, 9) },
      { week: "2021-11-22", n: 1, p50: 9, p90: 9, p99: 9 },
    ]);
  });

  it("stages share out a task's seconds among its dates", () => {
    const measured = { seconds: 4, checkSeconds: 1, computeSeconds: 3, writeSeconds: 1 };
    expect(stagesOf(measured, 0.5)).toEqual({ check: 0.5, compute: 1.5, write: 0.5 });
    // An older record, of which only the whole and the writing are known.
    const old = { seconds: 4, checkSeconds: null, computeSeconds: null, writeSeconds: 1 };
    expect(totalOf(stagesOf(old))).toBe(4);
  });

  it("the critical path runs along what tables read, not along time", () => {
    const tasks = (utgc: number) => [
      task(1, "pgs", 1),
      task(2, "togs", 5),
      task(3, "utgc", utgc),
      task(4, "upgc", 2),
      task(5, "pcf", 1),
    ];
    // pcf reads upgc, which reads togs; utgc reads no derived table.
    expect(criticalPath(tasks(3), upstream)).toEqual([2, 4, 5]);
    expect(criticalPath(tasks(9), upstream)).toEqual([3, 5]);
    expect(criticalPath([], upstream)).toEqual([]);
  });

  it("two runs are compared by seconds a date", () => {
    const a = [task(1, "pgs", 2, ["2021-11-16", "2021-11-17"])];
    const b = [task(2, "pgs", 3), task(3, "togs", 1)];
    expect(compareRuns(a, b)).toMatchObject([
      { table: "pgs", ratio: 3, a: { seconds: 2, dates: 2 }, b: { seconds: 3, dates: 1 } },
      { table: "togs", ratio: null, a: null },
    ]);
  });
});
