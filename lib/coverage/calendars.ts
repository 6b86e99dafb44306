import { Calendar } from "../pipeline/windows";
import { seasonYear } from "../season";
import type { CoverageFacts } from "./types";

/** The calendar of each season of the facts, by season_year. */
export function calendarsOf(facts: CoverageFacts): Map<number, Calendar> {
  const seasons = new Map<number, Map<string, readonly string[]>>();
  for (const day of facts.dates.values()) {
    if (day.scheduled === 0) continue;
    const season = seasonYear(day.date);
    const teams = seasons.get(season) ?? new Map<string, readonly string[]>();
    teams.set(day.date, day.teams);
    seasons.set(season, teams);
  }
  return new Map([...seasons].map(([season, teams]) => [season, new Calendar(teams)]));
}
