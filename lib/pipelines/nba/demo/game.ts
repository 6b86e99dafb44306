import type { Row } from "@/lib/api/common";
import type { Random } from "../../../util/random";
import type { DemoPlayer } from "./players";

/** What is counted of a player shot by shot, by the raw tables' columns. */
const NOTHING = {
  field_goals_made: 0,
  field_goals_attempted: 0,
  three_pointers_made: 0,
  three_pointers_attempted: 0,
  free_throws_made: 0,
  free_throws_attempted: 0,
  offensive_rebounds: 0,
  defensive_rebounds: 0,
  assists: 0,
  steals: 0,
  blocks: 0,
  turnovers: 0,
  personal_fouls: 0,
};
type Counts = typeof NOTHING;

interface Line extends Counts {
  player: DemoPlayer;
  seconds: number;
  started: boolean;
  plus_minus: number;
}

export interface PlayedGame {
  home: Line[];
  away: Line[];
  overtimes: number;
  shots: Row[];
}

const ZONE_CHANCE = [0.64, 0.42, 0.41, 0.355];
const ZONE_ASSIST = [0.5, 0.4, 0.35, 0.82];
const ZONE_BLOCK = [0.16, 0.12, 0.04, 0.01];

const pointsOf = (line: Line) => 2 * line.field_goals_made + line.three_pointers_made + line.free_throws_made;

export function score(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + pointsOf(line), 0);
}

/** Minutes by rank in the rotation, scaled so that a team's seconds are 5 x game seconds exactly. */
function shareMinutes(players: DemoPlayer[], overtimes: number, random: Random): Line[] {
  const total = 14_400 + 1_500 * overtimes;
  const most = 2_640 + 280 * overtimes;
  const curve = [35, 34, 33, 31, 29, 24, 21, 17, 13, 9, 6, 5, 4];
  const wanted = players.map((_, i) => Math.max(2, random.normal(curve[i] ?? 3, 2.5)));
  const sum = wanted.reduce((a, b) => a + b, 0);
  const seconds = wanted.map((minutes) => Math.min(most, Math.max(60, Math.round((minutes / sum) * total))));
  let rest = total - seconds.reduce((a, b) => a + b, 0);
  for (let i = 0; rest !== 0; i = (i + 1) % seconds.length) {
    const room = rest > 0 ? most - (seconds[i] as number) : (seconds[i] as number) - 60;
    const step = Math.sign(rest) * Math.min(Math.abs(rest), room, 45);
    seconds[i] = (seconds[i] as number) + step;
    rest -= step;
  }
  return players.map((player, i) => ({
    player,
    seconds: seconds[i] as number,
    started: i < 5,
    plus_minus: 0,
    ...NOTHING,
  }));
}

function drawn(lines: Line[], random: Random, weight: (line: Line) => number): Line {
  return lines[random.weighted(lines.map((line) => weight(line) * line.seconds))] as Line;
}

/** One side's attack: attempts with zone, block and assist, rebounds, fouls, turnovers. */
function attack(own: Line[], other: Line[], edge: number, length: number, random: Random, shots: Row[]): void {
  const attempts = Math.round(random.normal(87, 5) * length);
  for (let i = 0; i < attempts; i++) {
    const shooter = drawn(own, random, (line) => line.player.usage);
    const zone = random.weighted(shooter.player.zones);
    const three = zone === 3;
    const made = random.chance((ZONE_CHANCE[zone] as number) + shooter.player.touch + edge);
    const corner = three && random.chance(0.24);
    const names = ["restricted_area", "paint_non_ra", "mid_range", "above_the_break_3"];
    const shot: Row = {
      team_abbr: shooter.player.team,
      player_lookup: shooter.player.lookup,
      shot_value: three ? 3 : 2,
      made,
      zone: corner ? random.pick(["left_corner_3", "right_corner_3"]) : (names[zone] as string),
      assisted: null,
      blocked_by: null,
    };
    shooter.field_goals_attempted++;
    if (three) shooter.three_pointers_attempted++;
    if (made) {
      shooter.field_goals_made++;
      if (three) shooter.three_pointers_made++;
      shot.assisted = random.chance(ZONE_ASSIST[zone] as number);
      if (shot.assisted) {
        drawn(
          own.filter((line) => line !== shooter),
          random,
          (line) => (line.player.big ? 0.6 : 1.4),
        ).assists++;
      }
    } else {
      if (random.chance(ZONE_BLOCK[zone] as number)) {
        const blocker = drawn(other, random, (line) => (line.player.big ? 4 : 1));
        blocker.blocks++;
        shot.blocked_by = blocker.player.lookup;
      }
      // Some misses go out of bounds: a team rebound, nobody's.
      if (random.chance(0.24)) drawn(own, random, (line) => (line.player.big ? 3 : 1)).offensive_rebounds++;
      else if (random.chance(0.88)) drawn(other, random, (line) => (line.player.big ? 2 : 1)).defensive_rebounds++;
    }
    shots.push(shot);
  }
  const trips = Math.round(random.normal(10.5, 2.5) * length);
  for (let i = 0; i < trips; i++) {
    const shooter = drawn(own, random, (line) => line.player.usage);
    shooter.free_throws_attempted += 2;
    for (let throwing = 0; throwing < 2; throwing++)
      if (random.chance(shooter.player.freeThrows)) shooter.free_throws_made++;
    const fouling = other.filter((line) => line.personal_fouls < 6);
    drawn(fouling, random, (line) => (line.player.big ? 1.5 : 1)).personal_fouls++;
  }
  const turnovers = Math.max(4, Math.round(random.normal(13.5, 3) * length));
  for (let i = 0; i < turnovers; i++) {
    drawn(own, random, (line) => line.player.usage).turnovers++;
    if (random.chance(0.55)) drawn(other, random, (line) => (line.player.big ? 0.6 : 1.2)).steals++;
  }
}

/** Plus-minus that sums to 5 x the margin, as a box score's must. */
function sharePlusMinus(lines: Line[], margin: number, random: Random): void {
  const total = lines.reduce((sum, line) => sum + line.seconds, 0);
  let rest = 5 * margin;
  for (const line of lines) {
    line.plus_minus = Math.round((5 * margin * line.seconds) / total + random.normal(0, 4));
    rest -= line.plus_minus;
  }
  for (let i = 0; rest !== 0; i = (i + 1) % lines.length) {
    (lines[i] as Line).plus_minus += Math.sign(rest);
    rest -= Math.sign(rest);
  }
}

/** Plays one game; `edge` is the home side's advantage in shooting. A tie is broken at the line. */
export function playGame(home: DemoPlayer[], away: DemoPlayer[], edge: number, random: Random): PlayedGame {
  const overtimes = random.chance(0.06) ? (random.chance(0.15) ? 2 : 1) : 0;
  const length = 1 + overtimes * 0.1;
  const shots: Row[] = [];
  const homeLines = shareMinutes(home, overtimes, random);
  const awayLines = shareMinutes(away, overtimes, random);
  attack(homeLines, awayLines, edge, length, random, shots);
  attack(awayLines, homeLines, -edge, length, random, shots);
  if (score(homeLines) === score(awayLines)) {
    const hero = (edge >= 0 ? homeLines : awayLines)[0] as Line;
    hero.free_throws_attempted++;
    hero.free_throws_made++;
  }
  const margin = score(homeLines) - score(awayLines);
  sharePlusMinus(homeLines, margin, random);
  sharePlusMinus(awayLines, -margin, random);
  return { home: homeLines, away: awayLines, overtimes, shots: random.shuffle(shots) };
}

const clock = (seconds: number) =>
  `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;

const countsOf = (of: (count: keyof Counts) => number) =>
  Object.fromEntries((Object.keys(NOTHING) as Array<keyof Counts>).map((count) => [count, of(count)]));

export const playerRow = (line: Line): Row => ({
  minutes: clock(line.seconds),
  points: pointsOf(line),
  ...countsOf((count) => line[count]),
  plus_minus: line.plus_minus,
  started: line.started,
});

export const teamRow = (lines: readonly Line[], overtimes: number): Row => ({
  minutes: 240 + 25 * overtimes,
  points: score(lines),
  ...countsOf((count) => lines.reduce((total, line) => total + line[count], 0)),
});
