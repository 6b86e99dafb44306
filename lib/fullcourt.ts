/** What a configuration imports from "fullcourt": always that of the running program. */

export { columns } from "./columns";
export { defineConfig, type FullcourtConfig } from "./processors/loaded";
export { NBA } from "./processors/nba";
export { playerGameSummary } from "./processors/player-game-summary";
export { playerShotZoneAnalysis } from "./processors/player-shot-zone-analysis";
export type { Input, Job, JobProcessor, ObservedProcessor, Processor, Window } from "./processors/types";
/** Parts of SQL over the NBA's raw tables. */
export * as nbaSql from "./raw/sql";
