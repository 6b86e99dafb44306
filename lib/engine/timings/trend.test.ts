import { describe, expect, it } from "vitest";
import { trendOf } from "./trend";

const points = (...seconds: number[]) => seconds.map((value, i) => ({ date: `2021-11-${16 + i}`, seconds: value }));

describe("trend", () => {
  it("sees a run that grows with its range", () => {
    const trend = trendOf(points(5, 30, 55, 80, 105));
    expect(trend?.slope).toBeCloseTo(25, 9);
    expect(trend?.words).toBe("+25 s a date since Nov 16: something grows with the range");
  });
  it("calls small or proportionally small changes steady", () => {
    expect(trendOf(points(2, 2.1, 1.9, 2))?.words).toBe("steady since Nov 16");
    expect(trendOf(points(0.01, 0.02, 0.03))?.words).toBe("steady since Nov 16");
  });
  it("names a fall, and says nothing of two points", () => {
    expect(trendOf(points(9, 6, 3))?.words).toBe("-3.0 s a date since Nov 16");
    expect(trendOf(points(1, 2))).toBeNull();
  });
});
