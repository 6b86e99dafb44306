import type { LineageEdge } from "../../api/lineage";

/** The box that stands for all sources: one by one their lines could not be told apart. */
export const SOURCES = "sources";

/** The band of each table from left to right: sources are 0, layers follow; of one band where some belong to no layer. */
export function bandsOf(
  tables: ReadonlyArray<{ name: string; layer: string | null }>,
  layers: ReadonlyArray<{ id: string }>,
): Map<string, number> {
  const areLayered = tables.every(({ layer }) => layers.some(({ id }) => id === layer));
  return new Map(
    tables.map(({ name, layer }) => [name, areLayered ? 1 + layers.findIndex(({ id }) => id === layer) : 1]),
  );
}

/** Edges between tables, those from sources as one from the box of all sources. */
export function joinSources<E extends Pick<LineageEdge, "from" | "to">>(
  edges: readonly E[],
  isSource: (name: string) => boolean,
): Array<E & { sources: string[] }> {
  const joined = new Map<string, E & { sources: string[] }>();
  for (const edge of edges) {
    const from = isSource(edge.from) ? SOURCES : edge.from;
    const found = joined.get(`${from} ${edge.to}`);
    const sources = from === SOURCES ? [...(found?.sources ?? []), edge.from] : [];
    joined.set(`${from} ${edge.to}`, { ...edge, from, sources });
  }
  return [...joined.values()];
}
