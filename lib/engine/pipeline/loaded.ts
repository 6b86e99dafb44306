import { compilePipeline, type Pipeline } from "./compile";
import type { PipelineDefinition } from "./types";

export interface FullcourtConfig {
  pipeline: PipelineDefinition;
  /** "duckdb", "duckdb:FILE" or "bigquery:PROJECT", where it is not the home's own file; FULLCOURT_WAREHOUSE wins. */
  warehouse?: string;
}

export const defineConfig = (config: FullcourtConfig): FullcourtConfig => config;

/** On globalThis: a bundle and Next's server may hold this module more than once in a process. */
const holder = globalThis as typeof globalThis & { fullcourtPipeline?: Pipeline };

/** Makes a configuration the one of this process, before anything asks for its tables. */
export function setConfig(config: FullcourtConfig): Pipeline {
  holder.fullcourtPipeline = compilePipeline(config.pipeline);
  return holder.fullcourtPipeline;
}

export function loadedPipeline(): Pipeline {
  if (holder.fullcourtPipeline) return holder.fullcourtPipeline;
  // The dashboard is built for any pipeline: it gets its tables when it starts.
  if (process.env.NEXT_PHASE === "phase-production-build")
    return compilePipeline({
      id: "none",
      name: "none",
      timeZone: "UTC",
      calendar: { unit: { one: "date", many: "dates", none: "nothing" }, source: { kind: "daily" } },
      layers: [],
      sources: [],
      tables: [],
    });
  throw new Error("The tables are asked for before the configuration is loaded: await loadPipeline() first.");
}
