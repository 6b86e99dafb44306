import { describe, expect, it } from "vitest";
import { countComplete, pageStates, statesBefore } from "./run-states";

const NOW = [
  { date: "2026-03-02", states: ["complete", "complete"] as const },
  { date: "2026-03-03", states: ["complete", "missing"] as const },
].map(({ date, states }) => ({ date, states: [...states] }));
const TABLES = ["a", "b"];

describe("a grid before and after a run", () => {
  it("has what the plan knew, over it the first of what the run changed, and the rest as it is now", () => {
    const planned = [
      { table: "a", date: "2026-03-02", from: "missing" as const },
      { table: "a", date: "2026-03-03", from: "stale" as const },
    ];
    const changes = [
      { table: "b", date: "2026-03-02", from: "tainted" as const },
      { table: "a", date: "2026-03-03", from: "corrupt" as const },
      { table: "a", date: "2026-03-03", from: "running" as const },
    ];
    expect(statesBefore(NOW, TABLES, planned, changes)).toEqual([
      { date: "2026-03-02", states: ["missing", "tainted"] },
      { date: "2026-03-03", states: ["corrupt", "missing"] },
    ]);
    expect(statesBefore(NOW, TABLES, [], [])).toBeNull();
  });

  it("leaves out dates on which nothing is due, and counts what is complete of the others", () => {
    const dates = [
      { date: "2026-03-02", units: 2, status: "", cells: ["K10", "M0.0.5.0"] },
      { date: "2026-03-03", units: 0, status: "", cells: [] },
      { date: "2026-03-04", units: 1, status: "", cells: ["W", "K4"] },
    ];
    const rows = pageStates({ dates, tables: TABLES });
    expect(rows.map(({ date }) => date)).toEqual(["2026-03-02", "2026-03-04"]);
    expect(countComplete(rows)).toEqual({ due: 3, complete: 2 });
  });
});
