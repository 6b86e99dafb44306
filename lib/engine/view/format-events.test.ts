import { describe, expect, it } from "vitest";
import { cellEvents, missingNames } from "./format-events";

describe("the history of a cell", () => {
  const run = { runId: "r1", status: "succeeded", seconds: 0.34, rows: 179, dates: 1, sample: true } as const;

  it("is its changes and its runs in one list, newest first", () => {
    const events = cellEvents({
      history: [{ at: "2021-11-22T09:12:00.000Z", from: "complete", to: "missing", runId: null }],
      runs: [
        { ...run, endedAt: "2021-11-22T06:00:00.000Z" },
        { ...run, runId: "r2", status: "failed", seconds: null, sample: false, endedAt: "2021-11-23T06:00:00.000Z" },
        { ...run, endedAt: null },
      ],
    });
    expect(events.map(({ words, runId, state }) => [words, runId, state])).toEqual([
      ["failed of 1 date", "r2", "failed"],
      ["complete to missing, outside of runs", null, "missing"],
      ["wrote 179 rows of 1 date in 0.3 s (sample)", "r1", "complete"],
    ]);
  });

  it("names what sources lack once, whichever source lacks it", () => {
    const short = (names?: string[]) => ({
      code: "source_short",
      params: { source: "s", ...(names ? { names } : {}) },
    });
    expect(
      missingNames({ codes: [short(["A @ B", "C @ D"]), short(["A @ B"]), short(), { code: "no_rows", params: {} }] }),
    ).toEqual(["A @ B", "C @ D"]);
  });
});
