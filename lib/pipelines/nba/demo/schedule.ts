import { TEAMS } from "@/lib/pipelines/nba/teams";
import { addDays, dayNumber } from "@/lib/util/dates";
import type { Random } from "../../../util/random";
import { GAMES } from "./counts";

export interface DemoGame {
  id: string;
  date: string;
  home: string;
  away: string;
}

/**
 * Draws who plays whom: teams with fewest games first, nobody three days in a row
 * where it can be helped, home and away in balance.
 */
export function drawSchedule(random: Random): DemoGame[] {
  const games: DemoGame[] = [];
  const played = new Map<string, string[]>(TEAMS.map((team) => [team.abbr, []]));
  const homeGames = new Map<string, number>();
  let number = 1;
  for (const [date, count] of Object.entries(GAMES)) {
    const tired = (abbr: string) => {
      const dates = played.get(abbr) as string[];
      return dates.includes(addDays(date, -1)) ? (dates.includes(addDays(date, -2)) ? 60 : 4) : 0;
    };
    const ranked = random
      .shuffle(TEAMS)
      .map(({ abbr }) => {
        const dates = played.get(abbr) as string[];
        const last = dates.at(-1);
        const idle = last ? dayNumber(date) - dayNumber(last) : 3;
        return { abbr, rank: dates.length * 3 + tired(abbr) - Math.min(idle, 5) };
      })
      .sort((a, b) => a.rank - b.rank)
      .slice(0, 2 * count)
      .map((one) => one.abbr);
    const pairs = random.shuffle(ranked);
    for (let i = 0; i < pairs.length; i += 2) {
      const [one, other] = [pairs[i] as string, pairs[i + 1] as string];
      const oneFirst = (homeGames.get(one) ?? 0) <= (homeGames.get(other) ?? 0);
      const [home, away] = oneFirst ? [one, other] : [other, one];
      homeGames.set(home, (homeGames.get(home) ?? 0) + 1);
      for (const abbr of [home, away]) played.get(abbr)?.push(date);
      games.push({ id: `00221${String(number++).padStart(5, "0")}`, date, home, away });
    }
  }
  return games;
}
