import { PROCESSORS } from "../processors";
import { downstreamOf, upstreamOf } from "./graph";
import type { PipelineManifest } from "./manifest";

export function makeManifest(): PipelineManifest {
  return {
    tables: PROCESSORS.map((table) => ({
      id: table.short,
      name: table.name,
      description: table.about,
      phase: table.phase,
      grain: table.grain,
      expects: table.expected.words,
      inputs: table.inputs.map(({ table: input, edge }) => ({ table: input, edge })),
      upstream: upstreamOf(table),
      downstream: downstreamOf(table.short),
    })),
  };
}
