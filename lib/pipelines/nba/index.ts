import { definePipeline } from "../../engine/pipeline/define";
import { calendar } from "./calendar";
import { CHECKS } from "./checks";
import { SEASON_FIRST, SEASON_LAST } from "./demo/counts";
import { DAMAGE } from "./demo/damage";
import { drawLeague } from "./demo/league";
import { OLDER_SEASONS } from "./demo/older";
import { importer } from "./import";
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
import { seasonEnd, seasonStart, seasonYear } from "./season";
import { RAW_TABLES } from "./sources";
import { isOfSeason } from "./sources/sql";

const withChecks = <T extends { id: string }>(table: T) => ({ ...table, checks: CHECKS[table.id] ?? [] });

/** The pipeline that comes with Fullcourt: ten tables of NBA statistics. */
export const nba = definePipeline({
  id: "nba",
  name: "NBA statistics",
  timeZone: "America/New_York",
  calendar: {
    unit: { one: "game", many: "games", none: "no games", member: { one: "team", many: "teams" } },
    source: calendar,
  },
  // A season is named by the year in which it begins.
  epochs: {
    of: (date) => String(seasonYear(date)),
    start: (season) => seasonStart(Number(season)),
    end: (season) => seasonEnd(Number(season)),
    label: (season) => `${season}-${String(Number(season) + 1).slice(2)}`,
  },
  layers: [
    { id: "analytics", label: "Phase 3 · Analytics" },
    { id: "precompute", label: "Phase 4 · Precompute" },
  ],
  // Box scores of preseason and All-Star games are none of the pipeline's.
  sources: RAW_TABLES.map(withChecks).map((table) =>
    table.columns.some((column) => column.name === "game_id")
      ? { ...table, where: `${isOfSeason.byId} AND ${isOfSeason.bySchedule}` }
      : table,
  ),
  tables: [
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
  ].map(withChecks),
  importers: [importer],
  demo: {
    today: "2021-12-01",
    start: SEASON_FIRST,
    end: SEASON_LAST,
    sources: drawLeague,
    damage: DAMAGE,
    older: OLDER_SEASONS,
    slowing: {
      table: "upgc",
      from: "2021-11-16",
      startedAt: "2021-12-01T04:12:00.000Z",
      checkSeconds: [5, 31, 58, 95, 133, 174, 220, 268, 318],
    },
  },
});
