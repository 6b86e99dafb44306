import { loadedPipeline } from "./loaded";
import { downstreamOf, PROCESSORS, upstreamOf } from "./registry";

/** The pipeline as plain JSON, for the browser, which imports its type alone: no SQL, no job, no address of one. */
export const makeManifest = () => ({
  layers: loadedPipeline().definition.layers,
  tables: PROCESSORS.map((table) => ({
    id: table.short,
    name: table.name,
    description: table.about,
    layer: table.layer,
    grain: table.grain,
    /** How many rows are expected, in words. */
    expects: table.expected.words,
    inputs: table.inputs.map(({ table: input, edge }) => ({ table: input, edge })),
    upstream: upstreamOf(table),
    downstream: downstreamOf(table.short),
  })),
});

export type PipelineManifest = ReturnType<typeof makeManifest>;
export type TableManifest = PipelineManifest["tables"][number];
