import { describe, expect, it } from "vitest";
import { usualByTable, usualRun } from "./usual";

const MINUTE = 60_000;
const at = (ms: number) => new Date(Date.parse("2026-03-01T06:00:00.000Z") + ms).toISOString();

/** The n-th run, an hour after the one before, of so many seconds. */
const run = (n: number, seconds: number, rest = {}) => ({
  id: `run-${n}`,
  status: "succeeded" as const,
  sample: false,
  tables: ["a", "b"],
  cells: 100,
  startedAt: at(n * 60 * MINUTE),
  endedAt: at(n * 60 * MINUTE + seconds * 1000),
  ...rest,
});

describe("what is usual", () => {
  it("of a table is the median of its last tasks, where there are three", () => {
    const tasks = [2, 9, 3].map((seconds) => ({ table: "a", seconds }));
    expect(usualByTable([...tasks, { table: "b", seconds: 1 }, { table: "b", seconds: 2 }])).toEqual({ a: 3 });
  });

  it("of a run is what earlier runs of the same tables and about as many cells took", () => {
    const like = [run(3, 40, { tables: ["b", "a"] }), run(2, 20, { cells: 120 }), run(1, 30)];
    const unlike = [
      run(4, 900, { status: "failed" }),
      run(4, 900, { sample: true }),
      run(4, 900, { cells: 9 }),
      run(4, 900, { tables: ["a"] }),
      run(9, 900),
    ];
    const own = run(5, 25);
    expect(usualRun(own, [own, ...unlike, ...like])).toEqual({ runs: 3, p50: 30, p90: 38, max: 40 });
    expect(usualRun(own, like.slice(1))).toBeNull();
  });
});
