import type { Processor } from "./processors/types";

export interface FullcourtConfig {
  /** Its derived tables, in the order in which they are shown. */
  processors: readonly Processor[];
}

export const defineConfig = (config: FullcourtConfig): FullcourtConfig => config;
