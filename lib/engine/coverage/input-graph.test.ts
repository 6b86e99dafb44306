import { describe, expect, it } from "vitest";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import type { Cell } from "../../api/coverage";
import { inputGraph } from "./input-graph";
import { classify } from "./states";
import { type CoverageFacts, cellKey, type RawFacts } from "./types";

const D = "2021-11-10";

function graph(table: string, change: (facts: CoverageFacts) => void = () => {}) {
  const facts = cleanFacts("2021-10-19", 40);
  change(facts);
  const cells = classify(facts, "2021-12-31");
  const made = inputGraph(facts, cells, cells.get(cellKey(table, D)) as Cell);
  return { ...made, node: (name: string) => made.nodes.find((one) => one.table === name) };
}

describe("the inputs of a cell as a graph", () => {
  it("are two steps back, at most twelve, each left of what reads it", () => {
    const { nodes, edges, node } = graph("mlfs");
    expect(nodes.length).toBeLessThanOrEqual(12);
    expect(nodes[0]).toMatchObject({ table: "mlfs", date: D, hop: 0, column: 0, state: "complete" });
    expect(Math.max(...nodes.map(({ hop }) => hop))).toBe(2);
    for (const { from, to } of edges)
      expect(node(from)?.column, `${from} to ${to}`).toBeGreaterThan(node(to)?.column ?? 99);
  });

  it("stand for the worst of the dates that are read, and say how many more are like it", () => {
    const { node, edges } = graph("upgc", (facts) => {
      for (const date of ["2021-11-05", "2021-11-07"]) setRows(facts, "togs", date, null);
    });
    expect(node("togs")).toMatchObject({ state: "missing", date: "2021-11-07", rows: 0, more: 1 });
    expect(edges).toContainEqual(expect.objectContaining({ from: "togs", to: "upgc", edge: "lookback" }));
  });

  it("have the sources of the cell itself, and further back those at fault alone", () => {
    const sources = ({ nodes }: ReturnType<typeof graph>) => nodes.filter(({ state }) => state === null);
    expect(sources(graph("pgs")).map(({ table }) => table)).toContain("nbac_gamebook_player_stats");
    expect(sources(graph("pcf"))).toEqual([]);
    const lost = graph("pcf", (facts) => {
      setRows(facts, "pgs", D, null);
      (facts.raw.get("nbac_gamebook_player_stats") as Map<string, RawFacts>).set(D, {
        rows: 0,
        served: 0,
        newest: null,
      });
    });
    expect(sources(lost)).toMatchObject([{ table: "nbac_gamebook_player_stats", rows: 0, isShort: true, hop: 2 }]);
  });

  it("keep what needs work where there are too many", () => {
    const { nodes, hidden } = graph("mlfs", (facts) => setRows(facts, "tdgs", D, null));
    expect(hidden).toBeGreaterThanOrEqual(0);
    expect(nodes.map(({ table }) => table)).toContain("tdgs");
  });
});
