import { describe, expect, it } from "vitest";
import type { CellState } from "./cell-states";
import { stateLetter } from "./page";
import { binHistory, historyOf, moveRange, standingOf } from "./standing";

const letters = (...states: CellState[]) => states.map(stateLetter).join("");
const START = "2021-11-15";

describe("a table's standing", () => {
  const history = letters("complete", "not_expected", "missing", "tainted", "bootstrap", "complete", "pending");

  it("counts what is due, and names the worst state and the last complete date", () => {
    expect(standingOf(history, START)).toEqual({
      due: 4,
      complete: 2,
      toDo: 2,
      counts: { complete: 2, not_expected: 1, missing: 1, tainted: 1, bootstrap: 1, pending: 1 },
      state: "missing",
      lastComplete: "2021-11-20",
    });
  });

  it("of a range counts its dates alone", () => {
    expect(standingOf(history, START, { start: "2021-11-18", end: "2021-11-20" })).toMatchObject({
      due: 2,
      toDo: 1,
      state: "tainted",
    });
    expect(standingOf(history, START, { start: "2021-11-20", end: "2021-11-30" }).state).toBe("complete");
    expect(standingOf(history, START, { start: "2021-11-16", end: "2021-11-16" }).state).toBe(null);
    expect(standingOf("", START)).toMatchObject({ due: 0, state: null, lastComplete: null });
  });
});

it("a history has a state a date, and in bins the worst of each", () => {
  const history = historyOf(letters("complete", "missing", "complete", "not_expected"), START);
  expect(history.map(({ date }) => date)).toEqual(["2021-11-15", "2021-11-16", "2021-11-17", "2021-11-18"]);
  expect(binHistory(history, 2)).toEqual([
    { start: "2021-11-15", end: "2021-11-16", state: "missing" },
    { start: "2021-11-17", end: "2021-11-18", state: "complete" },
  ]);
  expect(binHistory(history, 9).map(({ state }) => state)).toEqual(["complete", "missing", "complete", null]);
  expect(binHistory([], 9)).toEqual([]);
});

describe("a range that is moved", () => {
  const within = { start: "2021-11-01", end: "2021-11-30" };
  const range = { start: "2021-11-10", end: "2021-11-14" };

  it("keeps its length and stays within the known dates", () => {
    expect(moveRange(range, 7, within)).toEqual({ start: "2021-11-17", end: "2021-11-21" });
    expect(moveRange(range, -90, within)).toEqual({ start: "2021-11-01", end: "2021-11-05" });
    expect(moveRange(range, 90, within)).toEqual({ start: "2021-11-26", end: "2021-11-30" });
  });

  it("by its end alone is never shorter than a date", () => {
    expect(moveRange(range, 2, within, true)).toEqual({ start: "2021-11-10", end: "2021-11-16" });
    expect(moveRange(range, -90, within, true)).toEqual({ start: "2021-11-10", end: "2021-11-10" });
    expect(moveRange(range, 90, within, true)).toEqual({ start: "2021-11-10", end: "2021-11-30" });
  });
});
