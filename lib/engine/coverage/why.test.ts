import { describe, expect, it } from "vitest";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import { classify } from "./states";
import { type CoverageFacts, cellKey, type RawFacts } from "./types";
import { whyOf } from "./why";
import { rootCauses } from "./words";

const D = "2021-11-10";

function why(table: string, change: (facts: CoverageFacts) => void, date = D) {
  const facts = cleanFacts("2021-10-19", 40);
  change(facts);
  const cells = classify(facts, "2021-12-31");
  const cell = cells.get(cellKey(table, date));
  if (!cell) throw new Error(`no cell ${table} ${date}`);
  return whyOf(facts, cells, cell);
}

describe("why a cell is as it is", () => {
  it("goes back from blocked features to the player rows that were never built", () => {
    const chain = why("mlfs", (facts) => {
      for (const table of ["pgs", "pcf", "mlfs"]) setRows(facts, table, D, null);
    });
    expect(rootCauses(chain)).toEqual(["pgs of Nov 10"]);
    expect(chain.because.map((one) => `${one.table} ${one.edge}`)).toContain("pcf same-date");
    const pgs = JSON.stringify(chain);
    expect(pgs).toContain("It was never built, or its rows were deleted. Raw: nbac_gamebook_player_stats has 40 rows");
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
    expect(rootCauses(chain)).toContain("nbac_gamebook_player_stats of Nov 10");
    expect(JSON.stringify(chain)).toContain("The raw source is short: 3 rows. Load it with import, or accept the gap.");
  });

  it("names the earlier date that taints, and how many more", () => {
    const chain = why("upgc", (facts) => {
      for (const date of ["2021-11-05", "2021-11-07"]) setRows(facts, "togs", date, null);
    });
    const [togs] = chain.because;
    expect(togs).toMatchObject({ table: "togs", date: "2021-11-05", edge: "lookback", more: 1, isRoot: true });
    expect(rootCauses(chain)).toEqual(["togs of Nov 5"]);
  });

  it("is nothing but the cell itself where nothing upstream is wrong", () => {
    const chain = why("togs", (facts) => setRows(facts, "togs", D, { rows: 16, copies: 4 }));
    expect(chain.because).toEqual([]);
    expect(chain.words).toContain("It was written more than once without replacing what was there.");
  });
});
