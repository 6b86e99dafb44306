import { Calendar } from "../pipeline/windows";
import { seasonYear } from "../season";
import type { CoverageFacts } from "./types";

/** Calendars of facts that have been asked for: facts do not change once they are read. */
const known = new WeakMap<CoverageFacts, ReadonlyMap<number, Calendar>>();

export function calendarsOf(facts: CoverageFacts): ReadonlyMap<number, Calendar> {
  const found = known.get(facts);
  if (found) return found;
  const seasons = new Map<number, Map<string, readonly string[]>>();
  for (const day of facts.dates.values()) {
    if (day.scheduled === 0) continue;
    const season = seasonYear(day.date);
    const teams = seasons.get(season) ?? new Map<string, readonly string[]>();
    teams.set(day.date, day.teams);
    seasons.set(season, teams);
  }
  return joinCalendars(facts, new Map([...seasons].map(([season, teams]) => [season, new Calendar(teams)])));
}

/** Gives facts that were put together the calendars of their parts, so that none is worked out again. */
export function joinCalendars(
  facts: CoverageFacts,
  calendars: ReadonlyMap<number, Calendar>,
): ReadonlyMap<number, Calendar> {
  known.set(facts, calendars);
  return calendars;
}
