import type { Processor } from "./processors/types";

/** What an installation is made of. */
export interface FullcourtConfig {
  /** Its derived tables, in the order in which they are shown. */
  processors: readonly Processor[];
}

/** The configuration as it is given, typed. */
export const defineConfig = (config: FullcourtConfig): FullcourtConfig => config;
