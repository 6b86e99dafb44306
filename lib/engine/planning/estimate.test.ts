import { describe, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import { endsOf, forecast, layOut, pastError, quantile } from "./estimate";

const tasks = (...tables: string[]) => tables.map((table) => ({ table }));
const history = (table: string, ...seconds: number[]) => seconds.map((one) => ({ table, seconds: one }));

describe("estimates", () => {
  it("lay tasks out on the lanes, each after the tables that it reads", () => {
    const plan = tasks("pgs", "togs", "upgc");
    const ends = (limit: number) => endsOf(NBA, plan, () => 2, limit);
    expect(ends(1)).toEqual([2, 4, 6]);
    // pgs and togs side by side; upgc reads both.
    expect(ends(2)).toEqual([2, 2, 4]);
    expect(ends(9)).toEqual([2, 2, 4]);
  });

  it("are the medians of each table's own history, with a 90th percentile, or nothing", () => {
    const plan = tasks("pgs", "togs");
    expect(forecast(NBA, plan, history("pgs", 2), 1)).toEqual({ seconds: null, p90: null });
    const known = [...history("pgs", 1, 9, 2), ...history("togs", 0.5)];
    // 2 + 0.5; the 90th percentile of 1, 2, 9 is 7.6, that is 5.6 above its median.
    expect(forecast(NBA, plan, known, 1)).toEqual({ seconds: 2.5, p90: 8.1 });
    expect(forecast(NBA, plan, known, 2)).toEqual({ seconds: 2, p90: 7.6 });
  });

  it("say when each task begins, and the range that its table's history gives", () => {
    const known = [...history("pgs", 1, 9, 2), ...history("upgc", 0.5)];
    const layout = layOut(NBA, tasks("pgs", "upgc"), known, 2);
    expect(layout?.tasks).toEqual([
      { begin: 0, seconds: 2 },
      { begin: 2, seconds: 0.5 },
    ]);
    // The 10th percentile of 1, 2, 9 is 1.2, that is 0.8 below its median.
    expect(layout).toMatchObject({ seconds: 2.5, p10: 1.7, p90: 8.1 });
    expect(layOut(NBA, tasks("mlfs"), known, 2)).toBeNull();
  });

  it("look at the last twenty tasks only", () => {
    const old = history("pgs", ...new Array(20).fill(1), ...new Array(30).fill(100));
    expect(forecast(NBA, tasks("pgs"), old, 1).seconds).toBe(1);
  });

  it("say how far they were off, once three runs had one", () => {
    expect(pastError([{ estimate: 1, seconds: 2 }])).toBeNull();
    const runs = [
      { estimate: 10, seconds: 12 },
      { estimate: 10, seconds: 9 },
      { estimate: 10, seconds: 20 },
      { estimate: 0, seconds: 3 },
    ];
    expect(pastError(runs)).toEqual({ runs: 3, median: expect.closeTo(0.2, 9) });
  });

  it("quantiles lie between neighbours", () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([1, 2], 0.5)).toBe(1.5);
    expect(quantile([5], 0.9)).toBe(5);
  });
});
