import { describe, expect, it } from "vitest";
import { stateLetter } from "../coverage/page";
import type { CellState } from "../coverage/types";
import { type StateStep, timeToHeal, weeklyShare } from "./health";

const letters = (...states: CellState[]) => states.map(stateLetter).join("");
const step = (at: string, from: CellState, to: CellState, rest: Partial<StateStep> = {}): StateStep => ({
  table: "a",
  date: "2026-03-02",
  from,
  to,
  at: `${at}:00.000Z`,
  ...rest,
});
/** Three dates of one table, from Monday on; 2026-03-02 is one. */
const seen = (...states: CellState[]) => [{ start: "2026-03-02", states: { a: letters(...states) } }];

describe("health", () => {
  it("goes back from what is now to the end of each week", () => {
    const changes = [
      step("2026-03-03T08:00", "complete", "missing"),
      step("2026-03-10T08:00", "missing", "complete"),
      step("2026-03-17T08:00", "complete", "corrupt", { date: "2026-03-03" }),
    ];
    const now = "2026-03-18T00:00:00.000Z";
    expect(weeklyShare(seen("complete", "corrupt", "complete"), changes, now)).toEqual([
      { week: "2026-03-02", due: 3, complete: 2 },
      { week: "2026-03-09", due: 3, complete: 3 },
      { week: "2026-03-16", due: 3, complete: 2 },
    ]);
    expect(weeklyShare(seen("complete", "corrupt", "complete"), changes, now, 1)).toHaveLength(1);
  });

  it("counts no date before its week, and none in which nothing is due", () => {
    const now = "2026-03-10T00:00:00.000Z";
    const later = [{ start: "2026-03-08", states: { a: letters("complete", "missing", "pending", "not_expected") } }];
    const changes = [step("2026-03-04T08:00", "pending", "complete", { date: "2026-03-08" })];
    expect(weeklyShare(later, changes, now)).toEqual([
      { week: "2026-03-02", due: 1, complete: 1 },
      { week: "2026-03-09", due: 2, complete: 1 },
    ]);
    expect(weeklyShare([], [], now)).toEqual([{ week: "2026-03-09", due: 0, complete: 0 }]);
  });

  it("a gap lasts from its first bad state to complete, over runs and other bad states", () => {
    const changes = [
      step("2026-03-03T08:00", "complete", "missing"),
      step("2026-03-03T09:00", "missing", "running"),
      step("2026-03-03T09:10", "running", "corrupt"),
      step("2026-03-03T10:00", "corrupt", "complete"),
      step("2026-03-04T08:00", "complete", "stale", { date: "2026-03-03" }),
      step("2026-03-04T12:00", "stale", "complete", { date: "2026-03-03" }),
    ];
    expect(timeToHeal(["a"], seen("complete", "complete", "complete"), changes)).toEqual([
      { table: "a", healed: 2, p50: 10_800, p90: 13_680, healedOlder: 0, open: 0, openSince: null },
    ]);
  });

  it("parts gaps that are older than the history, and those that are open", () => {
    const changes = [
      step("2026-03-03T08:00", "missing", "complete"),
      step("2026-03-05T08:00", "complete", "missing", { date: "2026-03-03" }),
      // What somebody accepts, or what is due no more, was not healed.
      step("2026-03-05T09:00", "missing", "not_expected", { date: "2026-03-04" }),
    ];
    expect(timeToHeal(["a", "b"], seen("complete", "missing", "not_expected"), changes)).toEqual([
      { table: "a", healed: 0, p50: null, p90: null, healedOlder: 1, open: 1, openSince: "2026-03-05T08:00:00.000Z" },
      { table: "b", healed: 0, p50: null, p90: null, healedOlder: 0, open: 0, openSince: null },
    ]);
  });
});
