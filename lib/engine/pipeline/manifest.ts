import type { Pipeline } from "./compile";

/** The pipeline as plain JSON, for the browser, which imports its type alone: no SQL, no job, no address of one. */
export const makeManifest = ({ definition, tables, upstream, downstream }: Pipeline) => ({
  layers: definition.layers,
  unit: definition.calendar.unit,
  tables: tables.map((table) => ({
    id: table.short,
    name: table.name,
    description: table.about,
    layer: table.layer,
    grain: table.grain,
    /** How many rows are expected, in words. */
    expects: table.expected.words,
    inputs: table.inputs.map(({ table: input, edge }) => ({ table: input, edge })),
    upstream: upstream.get(table.id) ?? [],
    downstream: downstream.get(table.id) ?? [],
  })),
});

export type PipelineManifest = ReturnType<typeof makeManifest>;
export type TableManifest = PipelineManifest["tables"][number];
