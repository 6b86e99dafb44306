import { expect, it } from "vitest";
import { type Firing, planCatchUp } from "./schedule";

const NOW = new Date("2021-11-30T12:00:00.000Z");
const at = (date: string, time = "11:00"): Firing => ({ at: `${date}T${time}`, date });
const ranges = (firings: Firing[]) => {
  const { runs, missed } = planCatchUp(3, firings, NOW);
  return {
    runs: runs.map(({ firing, request }) => [firing.at, request.start, request.end]),
    missed: missed.map(({ date }) => date),
  };
};

it("the last missed runs of 48 hours are caught up as one plan where their dates overlap, older ones are missed", () => {
  const nights = ["2021-11-26", "2021-11-27", "2021-11-28", "2021-11-29", "2021-11-30"].map((date) => at(date));
  expect(ranges(nights)).toEqual({
    runs: [["2021-11-30T11:00", "2021-11-28", "2021-11-30"]],
    missed: ["2021-11-26", "2021-11-27", "2021-11-28"],
  });
});

it("no more than three of them, however often a schedule runs", () => {
  const hours = ["08:00", "09:00", "10:00", "11:00"].map((time) => at("2021-11-30", time));
  expect(ranges(hours)).toEqual({
    runs: [["2021-11-30T11:00", "2021-11-29", "2021-11-30"]],
    missed: ["2021-11-30"],
  });
});

it("dates that do not overlap are plans of their own", () => {
  expect(ranges([at("2021-11-27", "23:00"), at("2021-11-28", "23:00"), at("2021-11-30")]).runs).toEqual([
    ["2021-11-28T23:00", "2021-11-27", "2021-11-28"],
    ["2021-11-30T11:00", "2021-11-29", "2021-11-30"],
  ]);
});

it("nothing is done where nothing was missed", () => {
  expect(planCatchUp(3, [], NOW)).toEqual({ runs: [], missed: [] });
});
