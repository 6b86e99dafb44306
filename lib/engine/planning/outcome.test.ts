import { describe, expect, it } from "vitest";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import { PROCESSORS } from "@/tests/support/tables";
import type { PlanRequest } from "../../api/runs";
import { classify } from "../coverage/states";
import type { CoverageFacts } from "../coverage/types";
import { outcomeOf } from "./outcome";
import { makePlan } from "./plan";

const TODAY = "2021-12-31";
const ALL: PlanRequest = {
  tables: PROCESSORS.map(({ id }) => id),
  start: "2021-11-08",
  end: "2021-11-12",
  only: "bad",
  upstream: true,
  downstream: true,
};

function outcome(change: (facts: CoverageFacts) => void, request: Partial<PlanRequest> = {}) {
  const facts = cleanFacts("2021-10-19", 25);
  change(facts);
  const cells = classify(facts, TODAY);
  const asked = { ...ALL, ...request };
  const plan = (one: PlanRequest) => makePlan(facts, cells, one).cells;
  const whole = asked.without ? plan({ ...asked, without: undefined }) : undefined;
  return outcomeOf(facts, cells, asked, plan(asked), whole, TODAY, new Date("2022-01-01T00:00:00Z"));
}
const lose = (table: string, date: string) => (facts: CoverageFacts) => setRows(facts, table, date, null);

describe("what a plan comes to", () => {
  it("is complete cells, safe to the range's end, once it builds all that is wrong", () => {
    const { cells, ...rest } = outcome(lose("pgs", "2021-11-10"));
    expect(cells).toBeGreaterThan(30);
    expect(rest).toEqual({
      complete: cells,
      outdated: 0,
      staying: [],
      safeThrough: "2021-11-12",
      safeThroughWhole: null,
      emptySources: [],
    });
  });

  it("is what stays wrong where a cell is excluded, and how much earlier the data is safe through", () => {
    const { cells, complete, staying, safeThrough, safeThroughWhole } = outcome(lose("mlfs", "2021-11-10"), {
      without: [{ table: "mlfs", date: "2021-11-10" }],
    });
    expect(complete).toBe(cells - 1);
    expect(staying).toMatchObject([{ table: "mlfs", date: "2021-11-10", state: "missing", rows: 0 }]);
    expect([safeThrough, safeThroughWhole]).toEqual(["2021-11-09", "2021-11-12"]);
  });

  it("names what stays wrong as it reads an excluded cell", () => {
    const { staying } = outcome(lose("pgs", "2021-11-10"), { without: [{ table: "pgs", date: "2021-11-10" }] });
    expect(staying.map(({ table, date }) => `${table} ${date}`)).toEqual(
      expect.arrayContaining(["pgs 2021-11-10", "pcf 2021-11-10", "upgc 2021-11-11"]),
    );
  });

  it("names optional sources that are empty on dates that are built from them", () => {
    const { emptySources } = outcome((facts) => {
      lose("pgs", "2021-11-10")(facts);
      lose("togs", "2021-11-11")(facts);
      // Of the first date that is built, of another one, and a source that a build cannot do without.
      for (const date of ["2021-11-10", "2021-11-12"]) facts.raw.get("shots")?.delete(date);
      facts.raw.get("nbac_team_boxscore")?.delete("2021-11-11");
    });
    expect(emptySources).toContainEqual({ source: "shots", tables: ["pgs"], empty: 1, dates: 1 });
    expect(emptySources.map(({ source }) => source)).not.toContain("nbac_team_boxscore");
  });

  it("leaves cells that were not asked for as they are", () => {
    const one = { tables: ["pgs"], start: "2021-11-10", end: "2021-11-10", upstream: false, downstream: false };
    expect(outcome(lose("pgs", "2021-11-10"), one)).toMatchObject({ cells: 1, complete: 1, staying: [] });
    const kept = { tables: ["pgs", "pcf"], start: "2021-11-10", end: "2021-11-10", downstream: false };
    expect(outcome(lose("pgs", "2021-11-10"), { ...kept, only: "missing" })).toMatchObject({ cells: 2, complete: 1 });
  });
});
