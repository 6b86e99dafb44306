import { describe, expect, it } from "vitest";
import { compilePipeline, type Pipeline } from "@/lib/engine/pipeline/compile";
import type { PipelineDefinition } from "@/lib/engine/pipeline/types";
import { BUILT_IN } from "@/lib/pipelines";
import { bandsOf, joinSources, SOURCES } from "./graph";
import { type LayoutEdge, layOut, mainEdges, type Point, routePath } from "./layout";

const box = (id: string, band = 0) => ({ id, band, width: 160, height: 60 });
const edgesOf = (...pairs: string[]): LayoutEdge[] =>
  pairs.map((pair) => {
    const [from = "", to = ""] = pair.split(" ");
    return { from, to };
  });

/** A pipeline as the page draws it: all sources are one box. */
function drawn({ tables, definition: { layers } }: Pipeline) {
  const bands = bandsOf(
    tables.map(({ id, layer }) => ({ name: id, layer })),
    layers,
  );
  const edges = joinSources(
    tables.flatMap(({ id, inputs }) => inputs.map(({ table }) => ({ from: table, to: id }))),
    (name) => !bands.has(name),
  );
  const nodes = [box(SOURCES), ...tables.map(({ id }) => box(id, bands.get(id)))];
  return { nodes, edges: mainEdges(edges) };
}

/** Crossings as they can be seen: pairs of lines that change sides in a gap between columns. */
function seenCrossings(routes: ReadonlyArray<{ points: Point[] }>): number {
  const lines = new Map<string, [Point, Point]>();
  for (const { points } of routes)
    for (let at = 0; at + 1 < points.length; at += 2) {
      const [a, b] = [points[at] as Point, points[at + 1] as Point];
      lines.set(JSON.stringify([a, b]), [a, b]);
    }
  const list = [...lines.values()];
  return list.reduce(
    (sum, [a, b], index) =>
      sum + list.slice(index + 1).filter(([c, d]) => a.x === c.x && (a.y - c.y) * (b.y - d.y) < 0).length,
    0,
  );
}

describe("layout", () => {
  it.each(Object.entries(BUILT_IN))("draws the pipeline %s with at most 6 crossings", (_, definition) => {
    const { nodes, edges } = drawn(compilePipeline(definition));
    const { routes, crossings } = layOut(nodes, edges);
    expect(routes).toHaveLength(edges.length);
    expect(crossings).toBeLessThanOrEqual(6);
    expect(seenCrossings(routes)).toBe(crossings);
  });

  it("puts a box after all that it reads and after earlier bands, without overlaps", () => {
    const { nodes, edges } = drawn(compilePipeline(BUILT_IN.nba as PipelineDefinition));
    const layout = layOut(nodes, edges);
    const at = new Map(layout.nodes.map((node) => [node.id, node]));
    for (const { from, to } of edges) expect(at.get(from)?.column).toBeLessThan(at.get(to)?.column as number);
    for (const one of layout.nodes)
      for (const other of layout.nodes) {
        if (one.band < other.band) expect(one.column).toBeLessThan(other.column);
        if (one === other || one.column !== other.column) continue;
        expect(Math.abs(one.y - other.y)).toBeGreaterThanOrEqual(60);
      }
  });

  it("untangles what can be untangled and counts what cannot", () => {
    const crossed = layOut(
      ["a", "b", "c", "d"].map((id) => box(id)),
      edgesOf("a d", "b c"),
    );
    expect(crossed.crossings).toBe(0);
    const all = ["a", "b", "c", "x", "y", "z"].map((id) => box(id));
    const full = edgesOf("a x", "a y", "a z", "b x", "b y", "b z", "c x", "c y", "c z");
    expect(layOut(all, full).crossings).toBe(9);
  });

  it("leaves out edges that a longer way shows, and edges of boxes that are not there", () => {
    expect(mainEdges(edgesOf("a b", "b c", "a c", "c d", "a d"))).toEqual(edgesOf("a b", "b c", "c d"));
    expect(layOut([box("a")], edgesOf("a gone", "gone a")).routes).toEqual([]);
    expect(layOut([], []).nodes).toEqual([]);
  });

  it("tables of no layer stand in one band with the others", () => {
    const tables = [
      { name: "a", layer: "first" },
      { name: "b", layer: null },
    ];
    expect([...bandsOf(tables, [{ id: "first" }, { id: "second" }]).values()]).toEqual([1, 1]);
    expect([...bandsOf(tables.slice(0, 1), [{ id: "zero" }, { id: "first" }]).values()]).toEqual([2]);
  });

  it("ends on a circle, which no pipeline has", () => {
    expect(layOut([box("a"), box("b")], edgesOf("a b", "b a")).nodes).toHaveLength(2);
  });

  it("gives a line through the columns that it passes as one path", () => {
    expect(
      routePath([
        { x: 0, y: 0 },
        { x: 10, y: 20 },
        { x: 30, y: 20 },
      ]),
    ).toBe("M0,0C5,0 5,20 10,20H30");
    expect(routePath([])).toBe("");
  });
});
