import type { Processor } from "../../engine/pipeline/compiled";
import { mlFeatureStore } from "./processors/ml-feature-store";
import { playerCompositeFactors } from "./processors/player-composite-factors";
import { playerDailyCache } from "./processors/player-daily-cache";
import { playerGameSummary } from "./processors/player-game-summary";
import { playerShotZoneAnalysis } from "./processors/player-shot-zone-analysis";
import { teamDefenseGameSummary } from "./processors/team-defense-game-summary";
import { teamDefenseZoneAnalysis } from "./processors/team-defense-zone-analysis";
import { teamOffenseGameSummary } from "./processors/team-offense-game-summary";
import { upcomingPlayerGameContext } from "./processors/upcoming-player-game-context";
import { upcomingTeamGameContext } from "./processors/upcoming-team-game-context";

/** The chain that comes with Fullcourt: ten NBA tables. */
export const NBA: readonly Processor[] = [
  playerGameSummary,
  teamOffenseGameSummary,
  teamDefenseGameSummary,
  upcomingPlayerGameContext,
  upcomingTeamGameContext,
  playerShotZoneAnalysis,
  teamDefenseZoneAnalysis,
  playerCompositeFactors,
  playerDailyCache,
  mlFeatureStore,
];
