import { expect, it } from "vitest";
import type { PipelineDefinition } from "../pipeline/types";
import { type Firing, planCatchUp, schedulesOf } from "./schedule";

const SCHEDULE = { tables: ["pgs"], only: "missing" as const };
const NOW = new Date("2021-11-30T12:00:00.000Z");
const at = (date: string, time = "11:00"): Firing => ({ at: `${date}T${time}`, date });
const ranges = (firings: Firing[]) => {
  const { runs, missed } = planCatchUp(SCHEDULE, firings, NOW);
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
  expect(planCatchUp(SCHEDULE, [], NOW)).toEqual({ runs: [], missed: [] });
});

const table = (id: string, layer: string) => ({ id, layer }) as PipelineDefinition["tables"][number];
const SHOP = {
  layers: [
    { id: "staging", label: "Staging" },
    { id: "late-marts", label: "Level 2 · Marts" },
  ],
  tables: [table("orders", "staging"), table("sales", "late-marts"), table("cohorts", "late-marts")],
  schedules: [
    { id: "nightly", tables: ["orders", "cohorts"], cron: "0 3 * * *", only: "bad" },
    { id: "by-hand", layer: "staging" },
  ],
} satisfies Pick<PipelineDefinition, "layers" | "tables" | "schedules">;

it("a pipeline has any number of schedules, and one of each layer; settings of that name set, change and end them", () => {
  const nightly = { id: "nightly", label: "nightly", tables: ["orders", "cohorts"], pattern: "0 3 * * *", only: "bad" };
  expect(schedulesOf(SHOP, {})).toEqual([nightly]);
  expect(
    schedulesOf(SHOP, {
      FULLCOURT_SCHEDULE_NIGHTLY: "0 4 * * *",
      FULLCOURT_SCHEDULE_LATE_MARTS: "0 5 * * *",
      FULLCOURT_SCHEDULE_BY_HAND: "0 6 * * *",
    }),
  ).toEqual([
    { ...nightly, pattern: "0 4 * * *" },
    { id: "by-hand", label: "by-hand", tables: ["orders"], pattern: "0 6 * * *", only: "missing" },
    {
      id: "late-marts",
      label: "Level 2 · Marts",
      tables: ["sales", "cohorts"],
      pattern: "0 5 * * *",
      only: "missing",
    },
  ]);
  expect(schedulesOf(SHOP, { FULLCOURT_SCHEDULE_NIGHTLY: "off" })).toEqual([]);
});

it("a setting that names no schedule says which there are, and what one of another name is called", () => {
  expect(() => schedulesOf(SHOP, { FULLCOURT_SCHEDULE_WEEKLY: "0 4 * * *" })).toThrow(
    /FULLCOURT_SCHEDULE_WEEKLY: the pipeline has no schedule and no layer of this name/,
  );
  for (const old of ["FULLCOURT_SCHEDULE_LEVEL2", "FULLCOURT_SCHEDULE_LEVEL_2"])
    expect(() => schedulesOf(SHOP, { [old]: "0 4 * * *" })).toThrow(
      `${old}: is called FULLCOURT_SCHEDULE_LATE_MARTS now.`,
    );
  expect(() => schedulesOf({ layers: [], tables: [] }, { FULLCOURT_SCHEDULE_X: "off" })).toThrow(/has no schedule/);
});
