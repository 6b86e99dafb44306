import { describe, expect, it } from "vitest";
import type { CellDetail, Why } from "../../api/coverage";
import { formatAnswer } from "../view/format-answer";
import { changeTo, rootCells } from "./answer";
import type { CellState } from "./types";

const step = (table: string, because: Why[] = [], date = "2021-11-16"): Why => ({
  table,
  date,
  words: "",
  more: 0,
  isRoot: because.length === 0,
  because,
});

function answer(state: CellState, cell: Partial<CellDetail["cell"]> = {}, of: Partial<CellDetail> = {}) {
  const counts = { rows: 0, distinct: 0, copies: 0, expected: 179 };
  return formatAnswer({ cell: { state, ...counts, ...cell } as CellDetail["cell"], why: null, runs: [], ...of });
}

describe("the answer of a cell", () => {
  it("says how much of it is there and what it waits for", () => {
    expect(answer("blocked", {}, { why: step("mlfs", [step("pgs"), step("togs")]) })).toBe(
      "0 of 179 rows: it waits for pgs, togs",
    );
    expect(answer("complete", { rows: 179, distinct: 179, copies: 1 })).toBe("All 179 rows, once each");
    expect(answer("partial", { rows: 112, distinct: 112 })).toBe("112 of 179 rows");
    expect(answer("tainted", { rows: 179 }, { why: step("mlfs", [step("pgs")]) })).toBe(
      "179 rows that read a gap of pgs",
    );
  });

  it("tells rows that are gone from those that never were", () => {
    const run = {
      runId: "r",
      status: "succeeded",
      seconds: 1,
      endedAt: null,
      rows: 179,
      dates: 1,
      sample: true,
    } as const;
    expect(answer("missing")).toBe("0 of 179 rows: never built");
    expect(answer("missing", {}, { runs: [run] })).toBe("0 of 179 rows: they were built and are gone");
  });

  it("counts copies", () => {
    expect(answer("duplicated", { rows: 88, distinct: 22, copies: 4 })).toBe("88 rows: every key 4 times");
    expect(answer("duplicated", { rows: 23, distinct: 22, copies: 2 })).toBe("23 rows: 1 row too many");
  });

  it("has a sentence for each state", () => {
    for (const state of [
      "running",
      "pending",
      "bootstrap",
      "not_expected",
      "failed",
      "surplus",
      "stale",
      "outdated",
      "corrupt",
      "invalid",
    ] as const)
      expect(answer(state, { expected: 0 })).not.toBe("");
  });
});

it("root causes are each named once, whichever way leads to them", () => {
  const pgs = step("pgs");
  expect(
    rootCells(step("mlfs", [step("pcf", [pgs]), step("pdc", [pgs, step("togs")])])).map(({ table }) => table),
  ).toEqual(["pgs", "togs"]);
});

it("since when a cell is as it is, where its last change led there", () => {
  const change = { at: "2021-11-22T09:12:00.000Z", from: "complete", to: "missing", runId: null } as const;
  expect(changeTo("missing", [change])).toEqual({ at: change.at, runId: null });
  expect(changeTo("corrupt", [change])).toBeNull();
  expect(changeTo("missing", [])).toBeNull();
});
