import { TEAMS } from "@/lib/pipelines/nba/teams";
import { groupBy } from "@/lib/util/group-by";
import type { Random } from "../../../util/random";
import { COUNTED_FROM, PLAYED, ROSTERED, SEASONED } from "./counts";
import type { DemoGame } from "./schedule";

/** Players of a team are numbered by rank, 0 the best; 17 at all times and an 18th at some. */
export const ROSTER_SIZE = 17;

export interface Lineup {
  rostered: number[];
  playing: number[];
}

interface TeamGame {
  team: string;
  game: DemoGame;
  /** Players with at least five games before this one; -1 before the counted dates. */
  seasoned: number;
}

/**
 * Finds, for each counted game of each team, how many players have five games by then:
 * never falling, summing by date to the known rows of pdc. A local search: moves that
 * bring sums nearer are kept.
 */
function seasonedCounts(games: TeamGame[], random: Random): void {
  const byTeam = groupBy(games, (one) => one.team);
  const byDate = groupBy(games, (one) => one.game.date);
  for (const one of games) one.seasoned = 9;
  const off = (date: string) => {
    const target = SEASONED[date];
    if (target === undefined) return 0;
    return target - (byDate.get(date) ?? []).reduce((sum, one) => sum + one.seasoned, 0);
  };
  const total = () => Object.keys(SEASONED).reduce((sum, date) => sum + Math.abs(off(date)), 0);
  let best = total();
  for (let step = 0; best > 0 && step < 400_000; step++) {
    const one = random.pick(games);
    const up = random.chance(0.5);
    const list = byTeam.get(one.team) as TeamGame[];
    const at = list.indexOf(one);
    const before = list.map((entry) => entry.seasoned);
    const value = one.seasoned + (up ? 1 : -1);
    if (value < 7 || value > 13) continue;
    // Games before may not have more, games after may not have fewer.
    list.forEach((entry, i) => {
      if (i === at) entry.seasoned = value;
      else if (up && i > at) entry.seasoned = Math.max(entry.seasoned, value);
      else if (!up && i < at) entry.seasoned = Math.min(entry.seasoned, value);
    });
    const now = total();
    if (now <= best || random.chance(0.002)) best = now;
    else
      list.forEach((entry, i) => {
        entry.seasoned = before[i] as number;
      });
  }
  if (best > 0) throw new Error(`demo lineups: the counts of pdc are ${best} off`);
}

/** Splits `total` over `parts` as evenly as can be, the larger ones in random places. */
function split(total: number, parts: number, random: Random): number[] {
  const base = Math.floor(total / parts);
  return random.shuffle(Array.from({ length: parts }, (_, i) => base + (i < total - base * parts ? 1 : 0)));
}

/** Draws every lineup so that the counts of counts.ts come out: key is `${game.id} ${team}`. */
export function drawLineups(schedule: DemoGame[], random: Random): Map<string, Lineup> {
  const teamGames: TeamGame[] = schedule.flatMap((game) =>
    [game.home, game.away].map((team) => ({ team, game, seasoned: -1 })),
  );
  const counted = teamGames.filter((one) => one.game.date >= COUNTED_FROM);
  seasonedCounts(counted, random);

  const size = new Map<TeamGame, number>();
  const rosterSize = new Map<TeamGame, number>();
  for (const date of Object.keys(PLAYED)) {
    const list = counted.filter((one) => one.game.date === date);
    split(PLAYED[date] as number, list.length, random).forEach((n, i) => {
      size.set(list[i] as TeamGame, n);
    });
    split(ROSTERED[date] as number, list.length, random).forEach((n, i) => {
      rosterSize.set(list[i] as TeamGame, n);
    });
  }

  const lineups = new Map<string, Lineup>();
  for (const { abbr } of TEAMS) {
    const early = teamGames.filter((one) => one.team === abbr && one.game.date < COUNTED_FROM);
    const late = counted.filter((one) => one.team === abbr);
    for (const [one, playing] of drawTeam(early, late, size, random)) {
      const count = rosterSize.get(one) ?? ROSTER_SIZE;
      const rostered = Array.from({ length: Math.max(count, ROSTER_SIZE) }, (_, rank) => rank);
      // A roster one short is without its last player who does not play.
      if (count < ROSTER_SIZE)
        rostered.splice(
          rostered.findLastIndex((rank) => !playing.includes(rank)),
          1,
        );
      lineups.set(`${one.game.id} ${abbr}`, { rostered, playing });
    }
  }
  return lineups;
}

/**
 * Who plays in each game of one team. A player who is to reach his fifth game before
 * counted game k plays four times early and in game k - 1; one who never is to, plays
 * four times at most.
 */
function drawTeam(
  early: TeamGame[],
  late: TeamGame[],
  size: Map<TeamGame, number>,
  random: Random,
): Array<[TeamGame, number[]]> {
  const ranks = Array.from({ length: ROSTER_SIZE }, (_, rank) => rank);
  const games = new Array<number>(ROSTER_SIZE).fill(0);
  const first = late[0]?.seasoned ?? 9;
  /** Index of the counted game before which a rank has five games; late.length: never. */
  const reaches = ranks.map((rank) => {
    const k = late.findIndex((one) => one.seasoned > rank);
    return k < 0 ? late.length : k;
  });
  const result: Array<[TeamGame, number[]]> = [];
  const play = (one: TeamGame, playing: number[]) => {
    for (const rank of playing) games[rank] = (games[rank] as number) + 1;
    result.push([one, playing.sort((a, b) => a - b)]);
  };

  early.forEach((one, i) => {
    const left = early.length - i;
    const regulars = ranks.filter((rank) => rank < first);
    const needed = regulars.filter((rank) => 5 - (games[rank] as number) >= left);
    const resting = regulars.filter((rank) => !needed.includes(rank) && random.chance(0.04));
    const rising = ranks.filter((rank) => rank >= first && (reaches[rank] as number) < late.length);
    const due = rising.filter((rank) => 4 - (games[rank] as number) >= left);
    const free = random.shuffle(rising.filter((rank) => (games[rank] as number) < 4 && !due.includes(rank)));
    const playing = [...regulars.filter((rank) => !resting.includes(rank)), ...due];
    while (playing.length < 10 && free.length > 0) playing.push(free.pop() as number);
    // A short bench is filled by players who will not see a fifth game.
    const deep = random.shuffle(
      ranks.filter((rank) => rank >= first && (reaches[rank] as number) === late.length && (games[rank] as number) < 2),
    );
    while (playing.length < 9 && deep.length > 0) playing.push(deep.pop() as number);
    play(one, playing);
  });

  late.forEach((one, k) => {
    const want = size.get(one) as number;
    const forced = ranks.filter((rank) => reaches[rank] === k + 1);
    const regulars = ranks.filter((rank) => (reaches[rank] as number) <= k);
    const last = k === late.length - 1;
    const spare = ranks
      .filter((rank) => (reaches[rank] as number) === late.length && (last || (games[rank] as number) < 4))
      .sort((a, b) => (games[a] as number) - (games[b] as number) || a - b);
    const bench = regulars.slice(4);
    const playing = [...forced];
    const regularsNeeded = Math.min(regulars.length, want - forced.length);
    const sitting = new Set(random.shuffle(bench).slice(0, regulars.length - regularsNeeded));
    playing.push(...regulars.filter((rank) => !sitting.has(rank)));
    for (const rank of spare) {
      if (playing.length >= want) break;
      if (!playing.includes(rank)) playing.push(rank);
    }
    if (playing.length !== want)
      throw new Error(`demo lineups: ${one.team} ${one.game.date} has ${playing.length} of ${want}`);
    play(one, playing);
  });
  return result;
}
