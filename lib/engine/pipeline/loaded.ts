import type { Processor } from "./compiled";

export interface FullcourtConfig {
  /** Derived tables, in the order in which they are shown. */
  processors: readonly Processor[];
}

export const defineConfig = (config: FullcourtConfig): FullcourtConfig => config;

/** On globalThis: a bundle and Next's server may hold this module more than once in a process. */
const holder = globalThis as typeof globalThis & { fullcourtConfig?: FullcourtConfig };

/** Makes a configuration the one of this process, before anything asks for its tables. */
export function setConfig(config: FullcourtConfig): void {
  holder.fullcourtConfig = config;
}

export function loadedConfig(): FullcourtConfig {
  if (holder.fullcourtConfig) return holder.fullcourtConfig;
  // The dashboard is built for any pipeline: it gets its tables when it starts.
  if (process.env.NEXT_PHASE === "phase-production-build") return { processors: [] };
  throw new Error("The tables are asked for before the configuration is loaded: await loadPipeline() first.");
}
