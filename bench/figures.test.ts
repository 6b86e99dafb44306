import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MEASURES, toFigure, worseThan } from "./figures";

describe("figures", () => {
  it("are ratios against their baseline, judged by their target", () => {
    expect(toFigure("chain_15_dates", 1.2, 1)).toEqual({
      name: "chain_15_dates",
      value: 1.2,
      unit: "s",
      baseline: 1,
      ratio: 1.2,
      target: 1.25,
      ok: true,
    });
    expect(toFigure("chain_15_dates", 1.3, 1).ok).toBe(false);
    expect(toFigure("plan_all", 51)).toMatchObject({ baseline: null, ratio: null, ok: false });
    expect(toFigure("memory", 900).ok).toBeNull();
  });

  it("are better when they are larger, for rows a second", () => {
    expect(toFigure("import", 25_000, 75_000)).toMatchObject({ ratio: 3, ok: false });
    expect(toFigure("import", 50_000, 75_000)).toMatchObject({ ratio: 1.5, ok: true });
  });

  it("that got worse by over a fifth are told, whichever way is worse", () => {
    const before = [toFigure("chain_15_dates", 1, 1), toFigure("import", 90, 90), toFigure("memory", 1000)];
    const now = [toFigure("chain_15_dates", 1.3, 1), toFigure("import", 60, 90), toFigure("memory", 1100)];
    expect(worseThan(before, now)).toEqual([
      "chain_15_dates got worse by 30 %: 1 before, 1.3 now",
      "import got worse by 50 %: 1 before, 1.5 now",
    ]);
    expect(worseThan(now, before)).toEqual([]);
    expect(worseThan([], now)).toEqual([]);
  });

  it("are each explained in docs/speed.md", () => {
    const page = readFileSync("docs/speed.md", "utf8");
    for (const { name } of MEASURES) expect(page, name).toContain(`\`${name}\``);
  });
});
