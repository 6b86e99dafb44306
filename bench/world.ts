import { seasonEnd, seasonStart } from "@/lib/pipelines/nba/season";
import { readConfig } from "@/server/config";
import { type Context, openContext } from "@/server/context";
import { loadPipeline } from "@/server/pipeline/load";

export interface Range {
  start: string;
  end: string;
}

/** Seasons of the warehouse that is measured on: over 450,000 player rows a table. */
export const SEASONS = 15;
/** The 15 dates with games of the main job. */
export const FIFTEEN = { start: "2021-11-15", end: "2021-11-30" };
/** A season's worth of dates, 165, of the season before. */
export const SEASON = { start: "2020-11-10", end: "2021-04-23" };
/** The season of SEASON as the grid knows it. */
export const YEAR = { start: seasonStart(2020), end: seasonEnd(2020) };

export const settingsOf = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  FULLCOURT_HOME: home,
  FULLCOURT_TODAY: "2021-12-01",
  FULLCOURT_WAREHOUSE: "duckdb",
  // As a server has it.
  FULLCOURT_MEMORY: "1GB",
  DATABASE_URL: "",
});

export const openWorld = async (home: string): Promise<Context> =>
  openContext(readConfig(settingsOf(home)), await loadPipeline(home), "`fullcourt bench`");
