import { expect, it } from "vitest";
import { ARENAS } from "./teams";

const seasonsOf = (team: string): number[] =>
  ARENAS.filter(({ abbr }) => abbr === team).flatMap(({ first, last }) =>
    Array.from({ length: Math.min(last, 2026) - first + 1 }, (_, at) => first + at),
  );

it("every abbreviation has one home a season, and none between its first and last is left out", () => {
  for (const team of new Set(ARENAS.map(({ abbr }) => abbr))) {
    const seasons = seasonsOf(team);
    // The Capitols of 1946 and the Wizards share theirs.
    const without = team === "WAS" ? Array.from({ length: 1972 - 1951 + 1 }, (_, at) => 1951 + at) : [];
    const [first, last] = [Math.min(...seasons), Math.max(...seasons)];
    const all = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((one) => !without.includes(one));
    expect([team, [...seasons].sort()]).toEqual([team, all]);
  }
});

it.each([
  ["NJN", 1977, 2011],
  ["NOH", 2002, 2012],
  ["NOK", 2005, 2006],
  ["SEA", 1967, 2007],
  ["VAN", 1995, 2000],
  ["CHH", 1988, 2001],
  ["NOP", 2013, 2026],
  ["BKN", 2012, 2026],
])("%s plays at home from %i to %i", (team, first, last) => {
  const seasons = seasonsOf(team);
  expect([Math.min(...seasons), Math.max(...seasons)]).toEqual([first, last]);
});
