import { describe, expect, it } from "vitest";
import type { TimedPoint } from "../../api/timings";
import { changeOf, percentilesOf, summarizeRuns, summarizeTables } from "./summary";

const at = (minutes: number) => new Date(Date.parse("2026-03-01T06:00:00.000Z") + 60_000 * minutes).toISOString();
const run = (n: number, seconds: number, rest = {}) => ({
  id: `run-${n}`,
  status: "succeeded" as const,
  sample: false,
  tables: ["a", "b"],
  start: "2026-03-01",
  end: "2026-03-01",
  startedAt: at(n * 60),
  endedAt: at(n * 60 + seconds / 60),
  ...rest,
});
const point = (date: string, check: number, compute: number, write: number): TimedPoint => ({
  date,
  seconds: check + compute + write,
  stages: { check, compute, write },
  runId: "run-1",
  sample: false,
  rows: 10,
  tookTogether: 1,
  bytes: null,
  slotSeconds: null,
  endedAt: at(0),
});

describe("summary", () => {
  it("percentiles are those of the last ten runs of the same tables", () => {
    const runs = Array.from({ length: 12 }, (_, n) => run(n, n + 1));
    const found = summarizeRuns([...runs].reverse());
    expect(found?.points.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
    expect(found?.points[0]).toMatchObject({ seconds: 1, p50: 1, p90: 1, p99: 1 });
    expect(found?.points.at(-1)).toMatchObject({ seconds: 12, p50: 7.5 });
    expect(found).toMatchObject({ tables: 2, sample: false, all: { p50: 6.5 } });
  });

  it("takes the runs that most can be compared with, and none that was not carried out", () => {
    const runs = [run(1, 10), run(2, 10), run(3, 900, { tables: ["a"] }), run(4, 900, { status: "failed" })];
    expect(summarizeRuns(runs)?.points.map(({ seconds }) => seconds)).toEqual([10, 10]);
    expect(summarizeRuns([run(4, 900, { status: "failed" })])).toBeNull();
  });

  it("a run of over three times the median is an outlier", () => {
    const runs = [10, 11, 9, 40].map((seconds, n) => run(n, seconds));
    expect(
      summarizeRuns(runs)
        ?.points.filter(({ isOutlier }) => isOutlier)
        .map(({ seconds }) => seconds),
    ).toEqual([40]);
  });

  it("sets the later half of runs against the earlier", () => {
    expect(changeOf([10, 10, 10, 12, 12, 12])).toBeCloseTo(0.2, 9);
    expect(changeOf([10, 10, 10])).toBeNull();
  });

  it("tables have their percentiles and stages, of a range and of one stage", () => {
    const points = [
      point("2026-03-02", 1, 2, 1),
      point("2026-03-03", 1, 4, 1),
      point("2026-03-09", 1, 6, 1),
      point("2026-04-01", 9, 9, 9),
    ];
    const range = { start: "2026-03-01", end: "2026-03-31" };
    const [all] = summarizeTables([{ table: "a", points }], "all", range);
    expect(all).toMatchObject({ dates: 3, percentiles: { p50: 6 }, stages: { check: 1, compute: 4, write: 1 } });
    expect(all?.weeks).toEqual([5, 8]);
    const [compute] = summarizeTables([{ table: "a", points }], "compute", range);
    expect(compute).toMatchObject({ percentiles: { p50: 4 }, stages: { check: 0, compute: 4, write: 0 } });
    const [none] = summarizeTables([{ table: "a", points: [] }], "all", range);
    expect(none).toMatchObject({ dates: 0, percentiles: null, weeks: [] });
    expect(percentilesOf([])).toBeNull();
  });
});
