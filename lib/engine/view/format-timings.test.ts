import { expect, it } from "vitest";
import { formatTrend } from "./format-timings";

const summary = (...seconds: number[]) => ({
  tables: 10,
  all: { p50: 31, p90: 34, p99: 36 },
  points: seconds.map((took, at) => ({
    id: `run-${at}`,
    start: "2026-03-01",
    end: "2026-03-01",
    startedAt: "2026-03-01T06:00:00.000Z",
    seconds: took,
    p50: took,
    p90: took,
    p99: took,
    isOutlier: took > 93,
  })),
});

it("the trend of runs is a sentence", () => {
  expect(formatTrend(summary(31, 30, 32, 31, 30, 32))).toBe("Runs of 10 tables are steady at 31 s. None stands out.");
  expect(formatTrend(summary(30, 30, 30, 45, 45, 45))).toBe(
    "Runs of 10 tables take 50% longer than before: now 45 s. None stands out.",
  );
  expect(formatTrend(summary(45, 45, 45, 30, 30, 30))).toContain("take 33% less than before: now 30 s");
  expect(formatTrend(summary(31, 100))).toBe("Runs of 10 tables took 31 s; too few for a trend. One stands out.");
});
