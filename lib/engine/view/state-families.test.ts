import { describe, expect, it } from "vitest";
import { isDueState, STATES } from "../coverage/cell-states";
import { NEEDS_WORK } from "../coverage/types";
import { FAMILIES, FOLLOWING, familyOf, formatCauses, ROOTS, STATES_SHOWN } from "./state-families";

describe("families of states", () => {
  it("hold every state in which rows are due, and none that says nothing", () => {
    for (const state of STATES)
      expect(familyOf(state) !== undefined, state).toBe(isDueState(state) || state === "pending");
    expect(familyOf("bootstrap")).toBeUndefined();
    expect(familyOf("not_expected")).toBeUndefined();
  });

  it("are each of some state, and the states are shown family by family", () => {
    const shown = STATES_SHOWN.map((state) => familyOf(state));
    expect(new Set(shown)).toEqual(new Set(FAMILIES));
    expect(shown.map((family) => FAMILIES.indexOf(family as (typeof FAMILIES)[number]))).toEqual(
      shown.map((family) => FAMILIES.indexOf(family as (typeof FAMILIES)[number])).sort((a, b) => a - b),
    );
    expect(STATES_SHOWN[0]).toBe("complete");
  });
});

describe("causes", () => {
  it("are of every state that needs work, each a root or what follows from one", () => {
    expect([...ROOTS, ...FOLLOWING].sort()).toEqual([...NEEDS_WORK].sort());
    expect(ROOTS.filter((state) => FOLLOWING.includes(state))).toEqual([]);
  });

  it("are counted in words", () => {
    expect(formatCauses({ missing: 35, duplicated: 2, tainted: 64, corrupt: 10, blocked: 8, complete: 31 })).toBe(
      "37 root causes, 82 cells follow",
    );
    expect(formatCauses({ missing: 1, tainted: 1 })).toBe("1 root cause, 1 cell follows");
    expect(formatCauses({ stale: 2_000 })).toBe("2,000 cells follow");
    expect(formatCauses({ complete: 10, pending: 3 })).toBe("");
  });
});
