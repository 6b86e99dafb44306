import { describe, expect, it } from "vitest";
import { cleanFacts, ROWS, setRows } from "@/tests/support/clean-facts";
import { PROCESSORS } from "@/tests/support/tables";
import { addDays } from "../../util/dates";
import { formatHeadline, formatSafeThrough } from "../view/format-state";
import { toGrid } from "./grid";
import { overlayRuns } from "./overlay";
import { reason } from "./reasons";
import { classify } from "./states";
import { type CoverageFacts, cellKey, type RawFacts } from "./types";

const START = "2021-10-19";
const TODAY = "2021-12-31";
/** A date well after bootstrap. */
const D = "2021-11-10";
const LATER = "9999-01-01T00:00:00.000Z";

/** States by cell of a season after one change, complete cells left out. */
function statesAfter(change: (facts: CoverageFacts) => void, today = TODAY) {
  const facts = cleanFacts(START, 40);
  change(facts);
  const cells = classify(facts, today);
  const state = (table: string, date = D) => cells.get(cellKey(table, date))?.states.join(" ");
  const wrong = [...cells.values()].filter((cell) => !["complete", "not_expected", "bootstrap"].includes(cell.state));
  return {
    facts,
    cells,
    state,
    reasons: (table: string, date = D) => cells.get(cellKey(table, date))?.reasons ?? [],
    wrong: wrong.map((cell) => cellKey(cell.table, cell.date)),
    tables: (state: string) =>
      [...new Set(wrong.filter((cell) => cell.states.some((one) => one === state)).map((cell) => cell.table))].sort(),
  };
}

const rawOf = (facts: CoverageFacts, table: string) => facts.raw.get(table) as Map<string, RawFacts>;

describe("states of a cell", () => {
  it("a clean season is complete, but for bootstrap and dates without games", () => {
    const { wrong, state, cells } = statesAfter(() => undefined);
    expect(wrong).toEqual([]);
    expect(state("pgs")).toBe("complete");
    expect(state("pcf", "2021-11-01")).toBe("bootstrap");
    expect(state("pcf", "2021-11-02")).toBe("complete");
    expect(cells.get(cellKey("pgs", "2021-10-23"))?.state).toBeUndefined();
  });

  it("missing: 0 rows; the cells that wait for it are corrupt where they have rows, and later readers tainted", () => {
    const { state, tables } = statesAfter((facts) => setRows(facts, "pgs", D, null));
    expect(state("pgs")).toBe("missing");
    expect(state("pcf")).toBe("corrupt");
    expect(state("upgc")).toBe("complete");
    expect(state("upgc", addDays(D, 1))).toBe("tainted");
    expect(state("psza", addDays(D, 1))).toBe("tainted");
    // Its own inputs are tainted, so it is.
    expect(state("pcf", addDays(D, 1))).toBe("tainted");
    expect(tables("corrupt")).toEqual(["mlfs", "pcf", "pdc"]);
    expect(tables("tainted")).toEqual(["mlfs", "pcf", "pdc", "psza", "upgc"]);
  });

  it("a hole taints only within the window", () => {
    const { wrong } = statesAfter((facts) => setRows(facts, "togs", "2021-10-19", null));
    const upgc = wrong.filter((key) => key.startsWith("upgc"));
    // The last 30 days of league pace, and the last 10 games of the teams that play.
    expect(upgc[0]).toBe("upgc 2021-10-20");
    expect(upgc.at(-1)).toBe("upgc 2021-11-18");
    expect(wrong.some((key) => key.startsWith("psza"))).toBe(false);
  });

  it("partial, surplus and duplicated are told apart", () => {
    expect(statesAfter((facts) => setRows(facts, "togs", D, { rows: 2, distinct: 2 })).state("togs")).toBe("partial");
    expect(statesAfter((facts) => setRows(facts, "togs", D, { rows: 6, distinct: 6 })).state("togs")).toBe("surplus");
    const four = statesAfter((facts) => setRows(facts, "togs", D, { rows: 16, distinct: 4, copies: 4 }));
    expect(four.state("togs")).toBe("duplicated");
    expect(four.reasons("togs")).toEqual([reason("copies", { rows: 16, distinct: 4, copies: 4 })]);
    // Nothing is said of what is complete: all such cells share one list.
    expect(four.reasons("pgs")).toBe(four.reasons("tdgs"));
    expect(four.reasons("pgs")).toEqual([]);
    // The count looks complete, the keys are not.
    const hidden = statesAfter((facts) => setRows(facts, "togs", D, { rows: 4, distinct: 2, copies: 2 }));
    expect(hidden.state("togs")).toBe("duplicated partial");
  });

  it("corrupt: older than a same-date or gate input; stale where that input is read", () => {
    const rebuilt = statesAfter((facts) => setRows(facts, "upgc", D, { oldest: LATER, newest: LATER }));
    expect(rebuilt.state("pcf")).toBe("corrupt stale");
    expect(rebuilt.state("upgc")).toBe("complete");
    const gate = statesAfter((facts) => setRows(facts, "pgs", D, { oldest: LATER, newest: LATER }));
    expect(gate.state("pcf")).toBe("corrupt");
    expect(gate.state("psza", addDays(D, 1))).toBe("stale");
    expect(gate.state("pcf", addDays(D, 1))).toBe("stale");
    expect(gate.state("psza")).toBe("complete");
  });

  it("stale is judged by the oldest row of the reader and the newest of the input", () => {
    const partly = statesAfter((facts) => setRows(facts, "psza", D, { oldest: "2021-01-01T00:00:00.000Z" }));
    expect(partly.state("psza")).toBe("stale");
  });

  it("blocked: missing, and an input is not there; it says which", () => {
    const { state, reasons } = statesAfter((facts) => {
      setRows(facts, "pgs", D, null);
      setRows(facts, "pcf", D, null);
    });
    expect(state("pcf")).toBe("blocked missing");
    expect(reasons("pcf")[0]).toEqual(reason("waits_for", { inputs: ["pgs"], dates: [D] }));
    // mlfs has rows: it is corrupt, by the gate and by pcf.
    expect(state("mlfs")).toBe("corrupt");
  });

  it("blocked by a raw source that is short, and left complete when the rows are there", () => {
    const gone = statesAfter((facts) => {
      rawOf(facts, "nbac_team_boxscore").set(D, { rows: 0, served: 0, newest: null });
      setRows(facts, "togs", D, null);
    });
    expect(gone.state("togs")).toBe("blocked missing");
    expect(gone.reasons("togs")[0]).toEqual(
      reason("source_short", { source: "nbac_team_boxscore", short: 2, needed: 2, of: "units" }),
    );
    // One of them is in no source at all: the schedule may be wrong of it.
    const nowhere = statesAfter((facts) => {
      rawOf(facts, "nbac_schedule").set(D, { rows: 2, served: 1, newest: null });
      rawOf(facts, "nbac_team_boxscore").set(D, { rows: 0, served: 0, newest: null });
      setRows(facts, "togs", D, null);
    });
    expect(nowhere.reasons("togs").map((one) => one.code)).toEqual(["source_short", "done_without_rows", "no_rows"]);
    expect(nowhere.reasons("togs")[1]?.params).toEqual({ units: 1 });
    const kept = statesAfter((facts) =>
      rawOf(facts, "nbac_team_boxscore").set(D, { rows: 0, served: 0, newest: null }),
    );
    expect(kept.state("togs")).toBe("complete");
  });

  it("a raw source that changed after makes its readers stale", () => {
    const { state } = statesAfter((facts) =>
      rawOf(facts, "nbac_gamebook_player_stats").set(D, { rows: 40, served: 2, newest: LATER }),
    );
    expect(state("pgs")).toBe("stale");
    // pcf reads nothing of it, but would be older than its gate once pgs is built again.
    expect(state("pcf")).toBe("stale");
    expect(state("psza")).toBe("complete");
    expect(state("psza", addDays(D, 1))).toBe("stale");
  });

  it("pending: a date that is not over expects no summaries, but what is known before", () => {
    const { state } = statesAfter((facts) => {
      const day = facts.dates.get(D);
      if (day) facts.dates.set(D, { ...day, done: 0 });
      for (const table of PROCESSORS) setRows(facts, table.id, D, null);
      setRows(facts, "upgc", D, {
        rows: ROWS.upgc ?? 0,
        distinct: ROWS.upgc ?? 0,
        copies: 1,
        oldest: LATER,
        newest: LATER,
      });
    }, D);
    expect(state("pgs")).toBe("pending");
    expect(state("upgc")).toBe("complete");
    // A date still to come has no gate: its pgs cannot exist. It waits for psza, tdza and utgc only.
    expect(state("psza")).toBe("missing");
    expect(state("pcf")).toBe("blocked missing");
  });

  it("a past date whose games never became final is blocked by the schedule", () => {
    const { state, reasons } = statesAfter((facts) => {
      const day = facts.dates.get(D);
      if (day) facts.dates.set(D, { ...day, done: 0 });
      setRows(facts, "pgs", D, null);
    });
    expect(state("pgs")).toBe("blocked");
    expect(reasons("pgs")[0]).toEqual(reason("not_done", { open: 2, late: 0 }));
  });

  it("postponed games expect nothing; rows that stayed behind are surplus", () => {
    const { state } = statesAfter((facts) => {
      const day = facts.dates.get(D);
      if (day) facts.dates.set(D, { ...day, done: 0, due: 0, cancelled: 2, members: [] });
      setRows(facts, "utgc", D, null);
    });
    expect(state("utgc")).toBe("not_expected");
    // psza and tdza look back from any date: their rows may stay.
    expect(state("psza")).toBe("not_expected");
    expect(state("pgs")).toBe("surplus");
  });

  it("running and failed come from the runs", () => {
    const facts = cleanFacts(START, 40);
    setRows(facts, "togs", D, null);
    const overlay = {
      running: new Set([cellKey("pgs", D)]),
      failed: new Map([
        [cellKey("togs", D), "disk full"],
        [cellKey("tdgs", D), "old error"],
      ]),
      unchecked: new Map([[cellKey("upgc", D), "r9"]]),
    };
    const cells = overlayRuns(classify(facts, TODAY), overlay);
    expect(cells.get(cellKey("pgs", D))?.state).toBe("running");
    expect(cells.get(cellKey("togs", D))?.states).toEqual(["failed", "missing"]);
    expect(cells.get(cellKey("upgc", D))?.reasons).toEqual([reason("preflight_skipped", { run: "r9" })]);
    // The rows are right by now: an old failure is no state.
    expect(cells.get(cellKey("tdgs", D))?.state).toBe("complete");
  });

  it("no shots is a note, not a gap", () => {
    const { state, reasons } = statesAfter((facts) => facts.raw.set("shots", new Map()));
    expect(state("pgs")).toBe("complete");
    expect(reasons("pgs")).toEqual([
      reason("optional_source_short", {
        ...{ source: "shots", short: 2, needed: 2, of: "units" },
        effect: "Zone columns are NULL",
      }),
    ]);
  });
});

describe("words", () => {
  const grid = (change: (facts: CoverageFacts) => void) => {
    const { facts, cells } = statesAfter(change);
    return toGrid(facts, cells, { start: "2021-11-08", end: "2021-11-14" });
  };
  it("sum a date up, the worst first and what follows from it after", () => {
    const words = (change: (facts: CoverageFacts) => void) =>
      grid(change).dates.find((date) => date.date === D)?.status;
    expect(words(() => undefined)).toBe("complete");
    expect(
      words((facts) => {
        for (const table of ["togs", "tdgs"]) setRows(facts, table, D, { rows: 16, distinct: 4, copies: 4 });
      }),
    ).toBe("togs, tdgs held 4 times");
    expect(
      words((facts) => {
        for (const table of ["pgs", "togs", "pcf"]) setRows(facts, table, D, null);
      }),
    ).toBe("pgs, togs missing; pdc, mlfs corrupt; pcf blocked");
    expect(words((facts) => setRows(facts, "pgs", addDays(D, -1), null))).toBe("upgc, psza, pcf, pdc, mlfs tainted");
  });
  it("say how many dates need work and how far it is safe", () => {
    const { summary, unit } = grid((facts) => setRows(facts, "pgs", D, null));
    expect(formatHeadline(summary, unit)).toBe("4 of 6 dates need work");
    expect(formatSafeThrough(summary)).toBe("safe to use through Nov 9, 2021");
    const clean = grid(() => undefined).summary;
    expect(formatHeadline(clean, unit)).toBe("All data is complete");
    expect(clean.safeThrough).toBe("2021-11-14");
    const outdated = (cells: number) => formatHeadline({ ...clean, counts: { complete: 50, outdated: cells } }, unit);
    expect([outdated(1), outdated(24)]).toEqual([
      "No date needs work, 1 cell is outdated",
      "No date needs work, 24 cells are outdated",
    ]);
  });
});
