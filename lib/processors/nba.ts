import { mlFeatureStore } from "./ml-feature-store";
import { playerCompositeFactors } from "./player-composite-factors";
import { playerDailyCache } from "./player-daily-cache";
import { playerGameSummary } from "./player-game-summary";
import { playerShotZoneAnalysis } from "./player-shot-zone-analysis";
import { teamDefenseGameSummary } from "./team-defense-game-summary";
import { teamDefenseZoneAnalysis } from "./team-defense-zone-analysis";
import { teamOffenseGameSummary } from "./team-offense-game-summary";
import type { Processor } from "./types";
import { upcomingPlayerGameContext } from "./upcoming-player-game-context";
import { upcomingTeamGameContext } from "./upcoming-team-game-context";

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
