/** What a configuration imports from "fullcourt": always that of the running program. */

export type * from "./engine/import/importer";
export { columns } from "./engine/pipeline/columns";
export {
  defineConfig,
  definePipeline,
  type FullcourtConfig,
  source,
  table,
  yearlyFrom,
} from "./engine/pipeline/define";
export type * from "./engine/pipeline/types";
export { BUILT_IN } from "./pipelines";
export { nba } from "./pipelines/nba";
/** Parts of SQL over the NBA's raw tables. */
export * as nbaSql from "./pipelines/nba/sources/sql";
