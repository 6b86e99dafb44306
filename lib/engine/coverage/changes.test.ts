import { describe, expect, it } from "vitest";
import type { Overview } from "../../api/coverage";
import { changedCells, undoChanges } from "./changes";
import { stateLetter } from "./page";
import type { CellState } from "./types";

const overview = (start: string, rows: Record<string, CellState[]>): Overview => ({
  start,
  end: "2026-11-30",
  tables: Object.keys(rows),
  states: Object.values(rows).map((states) => states.map(stateLetter).join("")),
  epochs: [],
});

const NOW = overview("2026-11-01", {
  orders: ["complete", "complete", "missing"],
  sales: ["complete", "tainted", "corrupt"],
});

describe("what changed since a time", () => {
  it("is what the history has from then on, undone: the first state of a cell that changed twice", () => {
    const before = undoChanges(NOW, [
      { table: "orders", date: "2026-11-02", from: "missing" },
      { table: "orders", date: "2026-11-02", from: "partial" },
      { table: "sales", date: "2026-11-03", from: "complete" },
      { table: "sales", date: "2026-12-24", from: "complete" },
      { table: "dropped", date: "2026-11-01", from: "complete" },
    ]);
    expect(changedCells(before, NOW)).toEqual([
      { table: "orders", date: "2026-11-02", from: "missing", to: "complete" },
      { table: "sales", date: "2026-11-03", from: "complete", to: "corrupt" },
    ]);
  });

  it("leaves out a cell that is as it was", () => {
    const before = undoChanges(NOW, [
      { table: "orders", date: "2026-11-01", from: "complete" },
      { table: "orders", date: "2026-11-01", from: "missing" },
    ]);
    expect(changedCells(before, NOW)).toEqual([]);
  });

  it("compares dates, wherever the overviews begin", () => {
    const later = overview("2026-11-02", { orders: ["missing", "missing"], sales: ["tainted", "corrupt"] });
    expect(changedCells(NOW, later)).toEqual([
      { table: "orders", date: "2026-11-02", from: "complete", to: "missing" },
    ]);
    expect(changedCells({ ...NOW, start: "", tables: [], states: [] }, NOW)).toEqual([]);
  });
});
