import { addDays } from "@/lib/util/dates";
import type { RawRows } from "@/server/warehouse";
import { LeagueBuilder, type PlayerLine } from "./league";

/** Three pairings of six teams: who plays whom comes round. */
const ROUNDS = [
  [
    ["BOS", "NYK"],
    ["LAL", "GSW"],
    ["DEN", "MIA"],
  ],
  [
    ["NYK", "LAL"],
    ["GSW", "DEN"],
  ],
  [["MIA", "BOS"]],
  [],
  [
    ["DEN", "BOS"],
    ["MIA", "LAL"],
    ["NYK", "GSW"],
  ],
] as const;

/**
 * A clean little season: six teams of nine, none to three games a day, shots and rosters,
 * every raw row written the night after. Small enough to be built in half a second.
 */
export function smallLeague(start: string, days: number): RawRows {
  const league = new LeagueBuilder();
  let number = 1;
  for (let day = 0; day < days; day++) {
    const date = addDays(start, day);
    for (const [home, away] of ROUNDS[day % ROUNDS.length] as ReadonlyArray<readonly [string, string]>) {
      const id = `00221${String(number++).padStart(5, "0")}`;
      const players = [home, away].flatMap((team, side) =>
        Array.from({ length: 9 }, (_, i): PlayerLine => {
          const made = (day + i + side) % 7;
          return {
            team,
            player: `${team.toLowerCase()}${i}`,
            minutes: `${12 + 2 * i}:${10 + i}`,
            started: i < 5,
            fg: [made, made + 4],
            three: [made % 3, 3],
            ft: [(day + i) % 3, 2],
            orb: i % 2,
            drb: i % 4,
            ast: i % 3,
            stl: i % 2,
            blk: 0,
            tov: (day + i) % 3,
          };
        }),
      );
      league.game({ id, date, home, away, players });
      players.forEach((line, n) => {
        league.add("shots", {
          game_id: id,
          game_date: date,
          shot_number: n + 1,
          team_abbr: line.team,
          player_lookup: line.player,
          shot_value: n % 3 === 0 ? 3 : 2,
          made: n % 2 === 0,
          zone: ["above_the_break_3", "restricted_area", "mid_range"][n % 3] as string,
          assisted: n % 4 === 0,
        });
      });
      for (const team of [home, away]) {
        league.roster(
          date,
          team,
          Object.fromEntries(
            Array.from({ length: 9 }, (_, i) => [`${team.toLowerCase()}${i}`, `199${i}-05-0${i + 1}`]),
          ),
        );
      }
    }
  }
  for (const rows of league.rows.values()) {
    for (const row of rows)
      row.processed_at = `${addDays((row.game_date ?? row.roster_date) as string, 1)}T05:00:00.000Z`;
  }
  return league.rows;
}
