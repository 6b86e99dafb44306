import { expect, it } from "vitest";
import { formatSeconds } from "./format-time";

it("durations have the unit that fits them", () => {
  const durations = [0, 0.0001, 0.04, 0.095, 9.96, 89.6, 119.7, 3_599.4, 3_600, 18_720, 172_799, 157_434_444];
  expect(durations.map(formatSeconds)).toEqual([
    "0.0 s",
    "1 ms",
    "40 ms",
    "0.1 s",
    "10 s",
    "1 min 30 s",
    "2 min 0 s",
    "59 min 59 s",
    "1 h 0 min",
    "5 h 12 min",
    "2 days",
    "1,822 days",
  ]);
});
