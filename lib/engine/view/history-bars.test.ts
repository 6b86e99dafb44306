import { describe, expect, it } from "vitest";
import type { CellState } from "../coverage/cell-states";
import { stateLetter } from "../coverage/page";
import { historyBars } from "./history-bars";

const letters = (...states: CellState[]) => states.map(stateLetter).join("");

describe("the bars of the history", () => {
  it("are one a date while there is room, each with the share of its states' families", () => {
    const bars = historyBars({ states: [letters("complete", "missing"), letters("complete", "complete")] }, 10);
    expect(bars).toEqual([
      { from: 0, to: 1, shares: [{ family: "complete", share: 1 }] },
      {
        from: 1,
        to: 2,
        shares: [
          { family: "complete", share: 0.5 },
          { family: "absent", share: 0.5 },
        ],
      },
    ]);
  });

  it("leave out what is not expected, and leave the room of a warm-up empty", () => {
    const states = [letters("not_expected", "complete"), letters("not_expected", "bootstrap")];
    expect(historyBars({ states }, 10).map(({ shares }) => shares)).toEqual([[], [{ family: "complete", share: 0.5 }]]);
  });

  it("show one missing cell among a thousand, and are never taller than their place", () => {
    const days = Array.from({ length: 1_000 }, (_, day): CellState => (day === 500 ? "missing" : "complete"));
    const [bar, ...more] = historyBars({ states: [letters(...days)] }, 1);
    expect(more).toEqual([]);
    expect(bar).toMatchObject({ from: 0, to: 1_000 });
    expect(bar?.shares.find(({ family }) => family === "absent")?.share).toBeGreaterThan(0.05);
    const all: CellState[] = ["complete", "tainted", "blocked", "missing", "duplicated", "corrupt", "running"];
    const crowded = historyBars({ states: [letters(...Array(1_000).fill("complete"), ...all)] }, 1)[0]?.shares ?? [];
    expect(crowded).toHaveLength(7);
    expect(crowded.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it("divide a long history evenly, without a date twice or left out", () => {
    const bars = historyBars({ states: [letters(...Array(101).fill("complete"))] }, 10);
    expect(bars).toHaveLength(10);
    expect(bars.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at))).toEqual(
      Array.from({ length: 101 }, (_, day) => day),
    );
  });

  it("are none without a table", () => expect(historyBars({ states: [] }, 10)).toEqual([]));
});
