/** What a configuration imports from "fullcourt": always that of the running program. */

export { columns } from "./columns";
export type { JobProcessor, ObservedProcessor, Processor } from "./engine/pipeline/compiled";
export { definePipeline, source, table, yearlyFrom } from "./engine/pipeline/define";
export { defineConfig, type FullcourtConfig } from "./engine/pipeline/loaded";
export type * from "./engine/pipeline/types";
export { NBA } from "./pipelines/nba";
export { playerGameSummary } from "./pipelines/nba/processors/player-game-summary";
export { playerShotZoneAnalysis } from "./pipelines/nba/processors/player-shot-zone-analysis";
/** Parts of SQL over the NBA's raw tables. */
export * as nbaSql from "./pipelines/nba/sources/sql";
