import { expect, it } from "vitest";
import { addDays } from "../../util/dates";
import { judgeDurations } from "./slow-dates";

const day = (at: number, seconds: number | null, status: "succeeded" | "failed" = "succeeded") => ({
  date: addDays("2026-03-01", at),
  seconds,
  runId: `r${at}`,
  status,
});
const STEADY = Array.from({ length: 12 }, (_, at) => day(at, 2));

it("a date is slow that took longer than the p90 of those before it", () => {
  const judged = judgeDurations([...STEADY, day(12, 2), day(13, 3), day(14, 9, "failed"), day(15, 2)]);
  expect(judged.filter(({ isSlow }) => isSlow).map(({ date }) => date)).toEqual(["2026-03-14"]);
  expect(judged.at(-3)).toMatchObject({ seconds: 3, p90: 2 });
  // What failed is not slow, and is no measure of others.
  expect(judged.at(-1)).toMatchObject({ p90: 2, isSlow: false });
});

it("few dates are no measure, and the last ones are shown", () => {
  expect(judgeDurations([day(0, 1), day(1, 50)]).map(({ isSlow, p90 }) => [isSlow, p90])).toEqual([
    [false, null],
    [false, null],
  ]);
  expect(judgeDurations(STEADY, 5).map(({ date }) => date)).toEqual(STEADY.slice(-5).map(({ date }) => date));
});
