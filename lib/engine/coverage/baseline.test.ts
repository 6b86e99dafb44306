import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, eachDate } from "../../util/dates";
import { Baseline } from "./baseline";

/** A Monday. */
const FIRST = "2024-01-01";
const week = (n: number) => addDays(FIRST, 7 * n);

/** A baseline that has seen these counts on the first Mondays of the year. */
function learned(rows: readonly number[], options = {}): Baseline {
  const baseline = new Baseline(options);
  for (const [n, count] of rows.entries()) baseline.learn(week(n), count);
  return baseline;
}

describe("a baseline", () => {
  it("says nothing before four like dates are known", () => {
    expect(learned([100, 100, 100]).of(week(3))).toBeNull();
    expect(learned([100, 100, 100, 100]).of(week(4))).toEqual({ rows: 100, atLeast: 50, atMost: 200 });
  });
  it("is the median of the last eight dates of the same weekday", () => {
    expect(learned([10, 20, 1000, 30]).of(week(4))?.rows).toBe(25);
    // The first two are forgotten.
    expect(learned([1, 1, 90, 90, 90, 90, 100, 100, 100, 100]).of(week(10))?.rows).toBe(95);
    expect(learned([100, 100, 100, 100]).of(addDays(week(4), 1))).toBeNull();
  });
  it("takes fewer than half as partial and more than double as surplus, or other bounds", () => {
    expect(learned([7, 7, 7, 7]).of(week(4))).toEqual({ rows: 7, atLeast: 4, atMost: 14 });
    const narrow = learned([100, 100, 100, 100], { partialBelow: 0.55, surplusAbove: 1.15 });
    expect(narrow.of(week(4))).toEqual({ rows: 100, atLeast: 55, atMost: 115 });
  });
  it("lets any number be right where nothing is usual", () => {
    expect(learned([0, 0, 0, 0]).of(week(4))).toEqual({ rows: 0, atLeast: 0, atMost: Number.POSITIVE_INFINITY });
  });
  it("is that of its definition, for any counts", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 120 }), (counts) => {
        const baseline = new Baseline();
        const dates = eachDate(FIRST, addDays(FIRST, counts.length - 1));
        for (const [at, date] of dates.entries()) {
          const like = counts.filter((_, other) => other < at && (at - other) % 7 === 0).slice(-8);
          const sorted = like.sort((a, b) => a - b);
          const half = sorted.length / 2;
          const median = ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
          const usual = baseline.of(date);
          if (sorted.length < 4) expect(usual).toBeNull();
          for (const rows of usual ? [0, ...counts.slice(at, at + 5), Math.floor(median / 2), 2 * median] : []) {
            expect(rows < (usual?.atLeast as number)).toBe(rows < median / 2);
            expect(rows > (usual?.atMost as number)).toBe(median > 0 && rows > 2 * median);
          }
          baseline.learn(date, counts[at] as number);
        }
      }),
    );
  });
});
