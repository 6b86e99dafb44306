import { describe, expect, it } from "vitest";
import { type Reason, reason } from "../coverage/reasons";
import {
  formatExplanation,
  formatLeft,
  formatNoTasks,
  formatPercent,
  formatPlan,
  formatProblems,
  formatReason,
  formatReasons,
} from "./format";

const UNIT = { one: "game", many: "games", none: "no games", member: { one: "team", many: "teams" } };
const DATES = ["2021-11-05", "2021-11-07"];

describe("sentences of what is left", () => {
  it("count what was left out in the sentence that says what is to be done", () => {
    expect(formatNoTasks("bad", 0)).toBe("Nothing to do: no cell that was asked for needs work.");
    expect(formatNoTasks("missing", 0)).toBe("Nothing to do: no cell that was asked for is missing or partial.");
    for (const only of ["bad", "missing", "all"] as const)
      expect(formatNoTasks(only, 5)).toBe("Nothing can be built: 5 cells that were asked for are left out.");
    expect(formatLeft(1)).toBe("1 cell that was asked for is not complete");
    const cell = { table: "pgs", date: "2021-11-05", state: "missing", rows: 0, expected: 2 } as const;
    expect(formatProblems([cell, cell], 1)).toBe(
      "2 cells that were asked for are not complete: pgs 2021-11-05 missing, ...",
    );
  });
});

describe("sentences of reasons", () => {
  it.each<[Reason, string]>([
    [reason("not_due", { cancelled: false }), "No games on this date."],
    [reason("not_due", { cancelled: true }), "All games of the date are postponed."],
    [reason("rows_kept", { rows: 1 }), "1 row are there, though none are expected."],
    [reason("rows_not_due", { rows: 1200 }), "1,200 rows on a date without games."],
    [
      reason("table_differs", {
        faults: [
          { column: "d", is: "TIMESTAMP", wanted: "DATE", isReadable: true },
          { column: "n", is: null, wanted: "BIGINT", isReadable: false },
        ],
      }),
      "The table differs from its definition: d is TIMESTAMP, not DATE, column n is gone.",
    ],
    [reason("warm_up", { days: 14, left: 1 }), "No rows are expected in the first 14 days (1 day left)."],
    [reason("not_over", { done: 3, due: 8 }), "The date is not over: 3 of 8 games final."],
    [reason("not_done", { open: 1, late: 0 }), "The schedule has no final result for 1 game."],
    [
      reason("not_done", { open: 3, late: 2 }),
      "The schedule has no final result for 3 games, though box scores of 2 are there.",
    ],
    [
      reason("done_unseen", { units: ["NYK @ BOS"] }),
      "Final in the schedule, without a score or a box score anywhere: NYK @ BOS. Played? Postponed?",
    ],
    [reason("source_short", { source: "box", short: 2, needed: 9, of: "units" }), "box is short of 2 of 9 games."],
    [
      reason("source_short", { source: "rosters", short: 1, needed: 1, of: "members" }),
      "rosters is short of 1 of 1 team.",
    ],
    [reason("done_without_rows", { units: 1 }), "1 game is final in the schedule and has no box score anywhere."],
    [
      reason("optional_source_short", { source: "shots", short: 2, needed: 2, of: "units", effect: "Zones are NULL" }),
      "Zones are NULL: no shots for 2 of 2 games.",
    ],
    [reason("no_rows", { expected: 66 }), "0 of 66 rows."],
    [reason("too_few_rows", { rows: 416, expected: 450 }), "416 of 450 rows."],
    [reason("too_many_rows", { rows: 5, expected: 4 }), "5 rows where 4 belong."],
    [reason("copies", { rows: 16, distinct: 4, copies: 4 }), "Every row is there 4 times: 16 rows, 4 distinct."],
    [reason("copies", { rows: 5, distinct: 4, copies: 2 }), "1 row too many: some are there twice."],
    [reason("source_newer", { source: "box" }), "box changed after these rows were built."],
    [
      reason("input_defect", { input: "pgs", state: "missing", edge: "gate" }),
      "Rows are there though pgs of the date is missing (gate).",
    ],
    [
      reason("input_newer", { input: "pgs", edge: "same-date" }),
      "Rows are older than pgs of the date, which they were built from.",
    ],
    [reason("input_affected", { input: "pgs", state: "stale" }), "pgs of the date is stale."],
    [
      reason("window_defect", { input: "togs", dates: DATES, window: { kind: "days", days: 30 } }),
      "togs is not complete on Nov 5, Nov 7, in the last 30 days.",
    ],
    [reason("window_newer", { input: "togs", dates: ["2021-11-05"] }), "togs of Nov 5 was rebuilt after these rows."],
    [reason("waits_for", { inputs: ["pgs", "togs"], dates: DATES }), "Waits for pgs, togs of Nov 5, Nov 7."],
    [reason("none_of_read", { inputs: ["a", "b"] }), "No rows, though a, b have some."],
    [reason("run_failed", { error: null }), "The last run failed: no reason is recorded"],
    [
      reason("needed_by", { table: "pcf", date: "2021-11-05", because: reason("no_rows", { expected: 2 }) }),
      "needed by pcf of Nov 5: 0 of 2 rows.",
    ],
    [
      reason("task_of", {
        counts: [
          { state: "missing", cells: 6 },
          { state: "downstream", cells: 8 },
        ],
      }),
      "6 missing, 8 stale downstream",
    ],
  ])("%j", (one, sentence) => expect(formatReason(one, UNIT)).toBe(sentence));

  it("call what is counted as the calendar does", () => {
    const calls = { one: "delivery", many: "deliveries", none: "no deliveries" };
    const said = (one: Reason) => formatReason(one, calls);
    expect(said(reason("not_due", { cancelled: false }))).toBe("No deliveries on this date.");
    expect(said(reason("rows_not_due", { rows: 2 }))).toBe("2 rows on a date without deliveries.");
    expect(said(reason("not_over", { done: 0, due: 3 }))).toBe("The date is not over: 0 of 3 deliveries final.");
    expect(said(reason("not_done", { open: 1, late: 0 }))).toBe("The schedule has no final result for 1 delivery.");
  });

  it("name the rows of each source where a chain begins", () => {
    const sources = [
      { source: "box", rows: 1 },
      { source: "team_box", rows: 2000 },
    ];
    const step = { table: "pgs", date: "2021-11-05", more: 0, isRoot: true, because: [] };
    expect(
      formatExplanation(
        { ...step, reasons: [reason("no_rows", { expected: 2 }), reason("never_built", { sources })] },
        UNIT,
      ).words,
    ).toBe(
      "0 of 2 rows. It was never built, or its rows were deleted. Raw: box has 1 row, team_box has 2,000 rows. A backfill can build it.",
    );
  });

  it("are one list for all cells that have none", () => {
    expect(formatReasons([], UNIT)).toBe(formatReasons([], UNIT));
  });

  it("of a plan are its tasks', its cells' and of what it leaves out", () => {
    const cell = {
      table: "pgs",
      date: "2021-11-05",
      state: "missing",
      rows: 0,
      expected: 2,
      role: "selected",
    } as const;
    const [first, second] = [reason("no_rows", { expected: 2 }), reason("in_state", { state: "complete" })];
    const cells = [first, first, second].map((one) => ({ ...cell, reason: one }));
    expect(
      formatPlan({ tasks: [], cells, leftOut: [{ table: "a", date: "2021-11-05", reason: second }] }, UNIT),
    ).toEqual({
      tasks: [],
      cells: ["0 of 2 rows.", "0 of 2 rows.", "complete"].map((words) => ({ ...cell, reason: words })),
      leftOut: [{ table: "a", date: "2021-11-05", reason: "complete" }],
    });
  });
});

it("a share is rounded half up, and is whole or nothing only where it is", () => {
  const shares = [
    [0, 15],
    [1, 1_000],
    [1, 15],
    [5, 200],
    [31, 150],
    [999, 1_000],
    [15, 15],
    [0, 0],
  ] as const;
  expect(shares.map(([part, whole]) => formatPercent(part, whole))).toEqual([
    "0%",
    "1%",
    "7%",
    "3%",
    "21%",
    "99%",
    "100%",
    "100%",
  ]);
});
