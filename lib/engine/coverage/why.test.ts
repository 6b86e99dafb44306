import { describe, expect, it } from "vitest";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import { shortDate } from "../../util/dates";
import { rootCells } from "./answer";
import { reason } from "./reasons";
import { classify } from "./states";
import { type CoverageFacts, cellKey, type RawFacts } from "./types";
import { type Explanation, explainCell } from "./why";

const D = "2021-11-10";

function why(table: string, change: (facts: CoverageFacts) => void, date = D) {
  const facts = cleanFacts("2021-10-19", 40);
  change(facts);
  const cells = classify(facts, "2021-12-31");
  const cell = cells.get(cellKey(table, date));
  if (!cell) throw new Error(`no cell ${table} ${date}`);
  return explainCell(facts, cells, cell);
}

const rootsOf = (chain: Explanation) => rootCells(chain).map(({ table, date }) => `${table} of ${shortDate(date)}`);
const steps = (chain: Explanation): Explanation[] => [chain, ...chain.because.flatMap(steps)];

describe("why a cell is as it is", () => {
  it("goes back from blocked features to the player rows that were never built", () => {
    const chain = why("mlfs", (facts) => {
      for (const table of ["pgs", "pcf", "mlfs"]) setRows(facts, table, D, null);
    });
    expect(rootsOf(chain)).toEqual(["pgs of Nov 10"]);
    expect(chain.because.map((one) => `${one.table} ${one.edge}`)).toContain("pcf same-date");
    const pgs = steps(chain).find((one) => one.table === "pgs");
    expect(pgs?.isRoot).toBe(true);
    expect(pgs?.reasons).toMatchObject([
      { code: "no_rows" },
      { code: "never_built", params: { sources: [{ source: "nbac_gamebook_player_stats", rows: 40 }, {}] } },
    ]);
  });

  it("ends at the raw source where that is short", () => {
    const chain = why("pcf", (facts) => {
      for (const table of ["pgs", "pcf"]) setRows(facts, table, D, null);
      facts.expected.get("pgs")?.set(D, 0);
      (facts.raw.get("nbac_gamebook_player_stats") as Map<string, RawFacts>).set(D, {
        rows: 3,
        served: 0,
        newest: null,
      });
    });
    expect(rootsOf(chain)).toContain("nbac_gamebook_player_stats of Nov 10");
    expect(steps(chain).find((one) => one.edge === "raw")?.reasons).toEqual([reason("source_rows_short", { rows: 3 })]);
  });

  it("names the earlier date that taints, and how many more", () => {
    const chain = why("upgc", (facts) => {
      for (const date of ["2021-11-05", "2021-11-07"]) setRows(facts, "togs", date, null);
    });
    const [togs] = chain.because;
    expect(togs).toMatchObject({ table: "togs", date: "2021-11-05", edge: "lookback", more: 1, isRoot: true });
    expect(rootsOf(chain)).toEqual(["togs of Nov 5"]);
  });

  it("is nothing but the cell itself where nothing upstream is wrong", () => {
    const chain = why("togs", (facts) => setRows(facts, "togs", D, { rows: 16, copies: 4 }));
    expect(chain.because).toEqual([]);
    expect(chain.reasons.map((one) => one.code)).toEqual(["copies", "written_twice"]);
  });
});
