import { describe, expect, it } from "vitest";
import type { PlanCell, PlanOutcome } from "../../api/runs";
import { formatDates, formatImpact, formatOutcome, formatOutdated, formatTimeRange, planWarnings } from "./format-plan";

const cell = (table: string, date: string, state: PlanCell["state"], rows = 0, expected = 10): PlanCell => ({
  table,
  date,
  state,
  rows,
  expected,
  role: "selected",
  reason: "",
});
const estimate = { seconds: 2.1, p10: 1.5, p90: 3, bytes: null, dollars: null, pastError: null };

describe("a plan in words", () => {
  it("says dates as a range, months and years where they differ", () => {
    expect(formatDates("2021-11-15", "2021-11-30")).toBe("Nov 15 – 30, 2021");
    expect(formatDates("2021-11-28", "2021-12-02")).toBe("Nov 28 – Dec 2, 2021");
    expect(formatDates("2021-12-28", "2022-01-02")).toBe("Dec 28, 2021 – Jan 2, 2022");
    expect(formatDates("2021-11-15", "2021-11-15")).toBe("Nov 15, 2021");
  });

  it("counts outdated cells apart, with the models that changed, and says where they are left as they are", () => {
    const missing = cell("pgs", "2021-11-16", "missing");
    const cells = [missing, cell("pcf", "2021-11-16", "outdated", 10), cell("pcf", "2021-11-17", "outdated", 10)];
    const outdated = { cells: 2, models: ["pcf"], isTaken: true };
    expect(formatOutdated({ cells, outdated })).toBe("1 missing, 2 outdated since the model of pcf changed.");
    expect(formatOutdated({ cells, outdated: { ...outdated, models: [] } })).toBe("1 missing, 2 outdated.");
    expect(formatOutdated({ cells: [missing], outdated: { ...outdated, isTaken: false } })).toBe(
      "1 missing, 2 outdated since the model of pcf changed, which stay as they are.",
    );
    expect(formatOutdated({ cells: [], outdated: { cells: 1, models: ["pcf", "pgs"], isTaken: false } })).toBe(
      "1 cell outdated since the models of pcf, pgs changed, which stays as it is.",
    );
    expect(formatOutdated({ cells })).toBe("");
  });

  it("says its size and time in a line, of how many cells where some are excluded", () => {
    const cells = [cell("pgs", "2021-11-16", "missing"), cell("mlfs", "2021-11-30", "blocked")];
    expect(formatImpact({ cells, estimate }, 2)).toBe(
      "Backfill 2 cells of 2 tables, Nov 16 – 30, 2021, about 2.1 s (1.5 s – 3.0 s)",
    );
    expect(formatImpact({ cells: cells.slice(0, 1), estimate: { ...estimate, seconds: null } }, 2)).toBe(
      "Backfill 1 of 2 cells of 1 table, Nov 16, 2021",
    );
    expect(formatTimeRange({ seconds: 2, p10: 2, p90: 2 })).toBe("about 2.0 s");
  });

  it("begins with what an excluded cell costs", () => {
    const staying = [
      { table: "pgs", date: "2021-11-20", state: "missing", rows: 0, expected: 5 },
      { table: "mlfs", date: "2021-11-24", state: "missing", rows: 0, expected: 5 },
    ] as const;
    const outcome: PlanOutcome = {
      cells: 150,
      complete: 149,
      outdated: 0,
      staying: staying.slice(1),
      safeThrough: "2021-11-23",
      safeThroughWhole: "2021-11-30",
      emptySources: [],
    };
    const excluded = [{ table: "mlfs", date: "2021-11-24" }];
    expect(formatOutcome(outcome, excluded)).toBe(
      "Afterwards 149 of 150 cells are complete. mlfs on Nov 24 stays missing, so data is safe through Nov 23 instead of Nov 30.",
    );
    expect(formatOutcome({ ...outcome, complete: 147, staying: [...staying] }, excluded)).toBe(
      "Afterwards 147 of 150 cells are complete. mlfs on Nov 24 stays missing, and 2 more cells still need work, so data is safe through Nov 23 instead of Nov 30.",
    );
    expect(formatOutcome({ ...outcome, cells: 1, complete: 0, safeThroughWhole: null })).toBe(
      "mlfs on Nov 24 stays missing.",
    );
    expect(formatOutcome({ ...outcome, cells: 1, complete: 1 })).toBe("Afterwards this cell is complete.");
    expect(formatOutcome({ ...outcome, cells: 0, complete: 0, staying: [] })).toBe("");
    expect(formatOutcome({ ...outcome, complete: 150 })).toBe("Afterwards all 150 cells are complete.");
    expect(formatOutcome({ ...outcome, complete: 150, outdated: 39 })).toBe(
      "Afterwards 39 of 150 cells are outdated, and the others complete.",
    );
    expect(formatOutcome({ ...outcome, safeThroughWhole: null })).toBe(
      "Afterwards 149 of 150 cells are complete. mlfs on Nov 24 stays missing.",
    );
  });

  it("warns of rows that are replaced or removed, by table", () => {
    expect(
      planWarnings([
        cell("pcf", "2021-11-16", "corrupt", 560),
        cell("pdc", "2021-11-16", "corrupt", 522, 600),
        cell("togs", "2021-11-15", "duplicated", 88, 22),
        cell("upgc", "2021-11-15", "surplus", 12, 10),
        cell("psza", "2021-11-15", "complete", 10, 10),
        cell("pgs", "2021-11-16", "missing"),
      ]),
    ).toEqual([
      "1,082 rows built on missing or wrong inputs replaced: pcf 560, pdc 522.",
      "66 duplicate rows removed: togs 66.",
      "2 rows beyond the expected ones removed: upgc 2.",
      "1 complete cell is built again.",
    ]);
    expect(planWarnings([cell("pgs", "2021-11-16", "missing"), cell("upgc", "2021-11-16", "tainted", 9, 10)])).toEqual(
      [],
    );
  });

  it("warns of optional sources that are empty", () => {
    const empty = (source: string, empty: number, dates: number, tables = ["pgs"]) => ({
      source,
      tables,
      empty,
      dates,
    });
    expect(
      planWarnings([], [empty("shots", 15, 15, ["pgs", "tdgs"]), empty("odds", 1, 1), empty("injuries", 2, 15)]),
    ).toEqual([
      "Optional source shots is empty on all 15 dates; pgs, tdgs are built without it.",
      "Optional source odds is empty on the date; pgs is built without it.",
      "Optional source injuries is empty on 2 of 15 dates; pgs is built without it.",
    ]);
  });
});
