import { playerLookup } from "@/lib/pipelines/nba/names";
import { TEAMS } from "@/lib/pipelines/nba/teams";
import { addDays } from "@/lib/util/dates";
import type { Random } from "../../../util/random";

/** One invented player: what he is like decides what he does in games. */
export interface DemoPlayer {
  lookup: string;
  name: string;
  team: string;
  birthDate: string;
  /** Relative share of the team's shots while he plays. */
  usage: number;
  /** Shares of his attempts: at the rim, other paint, mid-range, three. */
  zones: [number, number, number, number];
  /** Added to the chance that a shot goes in. */
  touch: number;
  freeThrows: number;
  big: boolean;
}

const FIRST = `
  Marcus Dante Elijah Jalen Tobias Luca Andrés Nikola Terrell Quincy Isaac Malik Rashad Owen Caleb Desmond Anton
  Jérôme Kofi Amari Bryce Cedric Darnell Emmett Felipe Gideon Hakeem Ivan Jordan Kelvin Lamar Mateo Nate Omari
  Perry Rodney Silas Trey Vince Wesley Xavier Yusuf Zeke Aleksandar Bojan Corey D.J. K.J.`
  .trim()
  .split(/\s+/);
const LAST = `
  Abernathy Bellweather Calloway Dunmore Eastman Farrow Gaines Holloway Ingram-Bell Jessup Kincaid Lockett
  Merriweather Northcutt O'Dell Pettigrew Quarles Redmond Satterfield Thibault Underhill Vasquez Whitlock
  Yarborough Zamora Petrović Jovanović Čale Müller Nuñez Okafor-Lane Adeyemi Diallo Traoré Sørensen Kowalski
  Bianchi Moreau Santos Takeda`
  .trim()
  .split(/\s+/);

/** Draws 18 players for each team, with names that no two share. */
export function drawPlayers(random: Random): Map<string, DemoPlayer[]> {
  const taken = new Set<string>();
  const name = () => {
    for (;;) {
      const drawn = `${random.pick(FIRST)} ${random.pick(LAST)}${random.chance(0.05) ? " Jr." : ""}`;
      const lookup = playerLookup(drawn);
      if (taken.has(lookup)) continue;
      taken.add(lookup);
      return { name: drawn, lookup };
    }
  };
  return new Map(
    TEAMS.map(({ abbr }) => [
      abbr,
      Array.from({ length: 18 }, (_, rank): DemoPlayer => {
        const big = rank % 5 === 3;
        const three = big ? 0.12 + random.next() * 0.2 : 0.3 + random.next() * 0.25;
        const rim = big ? 0.4 + random.next() * 0.2 : 0.15 + random.next() * 0.2;
        const paint = (1 - three - rim) * (0.35 + random.next() * 0.4);
        return {
          ...name(),
          team: abbr,
          birthDate: addDays("1985-01-01", random.int(0, 17 * 365)),
          usage: Math.max(0.6, 1.9 - rank * 0.12 + random.normal(0, 0.2)),
          zones: [rim, paint, 1 - three - rim - paint, three],
          touch: random.normal(0.015 - rank * 0.002, 0.02),
          freeThrows: Math.min(0.93, Math.max(0.5, random.normal(big ? 0.68 : 0.8, 0.07))),
          big,
        };
      }),
    ]),
  );
}
