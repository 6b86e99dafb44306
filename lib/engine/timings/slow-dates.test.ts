import { expect, it } from "vitest";
import { addDays } from "../../util/dates";
import { judgeDurations, recentRuns } from "./slow-dates";

const day = (at: number, seconds: number | null, status: "succeeded" | "failed" = "succeeded") => ({
  date: addDays("2026-03-01", at),
  seconds,
  runId: `r${at}`,
  status,
});
const STEADY = Array.from({ length: 12 }, (_, at) => day(at, 2));

it("a date is slow that took longer than the p90 of those before it, and far longer than the middle one", () => {
  const judged = judgeDurations([...STEADY, day(12, 2.9), day(13, 3.1), day(14, 9, "failed"), day(15, 2)]);
  expect(judged.filter(({ isSlow }) => isSlow).map(({ date }) => date)).toEqual(["2026-03-14"]);
  expect(judged.at(-3)).toMatchObject({ seconds: 3.1, p90: 2 });
  // What failed is not slow, and is no measure of others.
  expect(judged.at(-1)).toMatchObject({ isSlow: false });
});

it("few dates are no measure, and the last ones are shown", () => {
  expect(judgeDurations([day(0, 1), day(1, 50)]).map(({ isSlow, p90 }) => [isSlow, p90])).toEqual([
    [false, null],
    [false, null],
  ]);
  expect(judgeDurations(STEADY, 5).map(({ date }) => date)).toEqual(STEADY.slice(-5).map(({ date }) => date));
});

it("a date has the word of its latest run, and the seconds of the latest that built it alone", () => {
  const task = (
    runId: string,
    dates: string[],
    seconds: number | null,
    status: "succeeded" | "failed" | "cancelled",
  ) => ({
    runId,
    dates,
    seconds,
    status,
  });
  const [a, b, c, d] = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"] as const;
  const finished = [
    task("off", [a], null, "cancelled"),
    task("broken", [c], null, "failed"),
    task("all", [a, b, c, d], 8, "succeeded"),
    task("alone", [b], 5, "succeeded"),
    task("older", [b], 7, "succeeded"),
    task("lost", [d], null, "failed"),
  ];
  expect(recentRuns(finished)).toEqual([
    { date: a, seconds: 2, runId: "all", status: "succeeded" },
    { date: b, seconds: 5, runId: "alone", status: "succeeded" },
    { date: c, seconds: null, runId: "broken", status: "failed" },
    { date: d, seconds: 2, runId: "all", status: "succeeded" },
  ]);
});
