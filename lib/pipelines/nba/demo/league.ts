import type { Row } from "@/lib/api/common";
import { RAW_TABLES } from "@/lib/pipelines/nba/sources";
import { TEAMS } from "@/lib/pipelines/nba/teams";
import { addDays, eachDate } from "@/lib/util/dates";
import { Random } from "../../../util/random";
import { SEASON_FIRST, SEASON_LAST } from "./counts";
import { playerRow, playGame, score, teamRow } from "./game";
import { drawLineups, ROSTER_SIZE } from "./lineups";
import { type DemoPlayer, drawPlayers } from "./players";
import { drawSchedule } from "./schedule";

/** The seed of the demo league: another one is another league with the same counts. */
const SEED = 14;

const half = (value: number) => Math.round(value * 2) / 2;

/**
 * The raw tables of the demo season, drawn from one seed: players' points add up to the
 * team's, shots to field goals, minutes to five times the game's length.
 */
export function drawLeague(): Map<string, Row[]> {
  const random = new Random(SEED);
  const schedule = drawSchedule(random);
  const lineups = drawLineups(schedule, random);
  const players = drawPlayers(random);
  const strength = new Map(TEAMS.map(({ abbr }) => [abbr, random.normal(0, 0.014)]));
  const rows = new Map<string, Row[]>(RAW_TABLES.map(({ name }) => [name, []]));
  const add = (table: string, processedAt: string, row: Row) =>
    rows.get(table)?.push({ ...row, processed_at: processedAt });
  const rosterNow = new Map(TEAMS.map(({ abbr }) => [abbr, Array.from({ length: ROSTER_SIZE }, (_, rank) => rank)]));
  const seen = new Map<string, { games: number; points: number }>();

  for (const date of eachDate(SEASON_FIRST, SEASON_LAST)) {
    const morning = `${date}T12:00:00.000Z`;
    const night = `${addDays(date, 1)}T05:30:00.000Z`;
    for (const game of schedule.filter((one) => one.date === date)) {
      const sides = [game.home, game.away].map((team) => {
        const lineup = lineups.get(`${game.id} ${team}`);
        if (!lineup) throw new Error(`no lineup for ${game.id} ${team}`);
        rosterNow.set(team, lineup.rostered);
        const squad = players.get(team) as DemoPlayer[];
        return { team, lineup, squad, playing: lineup.playing.map((rank) => squad[rank] as DemoPlayer) };
      });
      const [home, away] = sides as [(typeof sides)[0], (typeof sides)[0]];
      const edge = (strength.get(game.home) ?? 0) - (strength.get(game.away) ?? 0) + 0.008;
      const played = playGame(home.playing, away.playing, edge, random);
      const timezone = TEAMS.find(({ abbr }) => abbr === game.home)?.timezone ?? "America/New_York";
      add("nbac_schedule", night, {
        game_id: game.id,
        game_date: date,
        season_year: 2021,
        game_status: 3,
        home_team_abbr: game.home,
        away_team_abbr: game.away,
        home_team_score: score(played.home),
        away_team_score: score(played.away),
        is_regular_season: true,
        is_playoffs: false,
        is_all_star: false,
        arena_timezone: timezone,
        // 19:00 at the arena, in standard time; a late Pacific game ends on the next UTC day.
        game_start_utc: `${addDays(date, 1)}T0${timezone === "America/Los_Angeles" ? 3 : 0}:00:00.000Z`,
      });
      const spread = half(-edge * 350);
      const total = half(random.normal(219, 5));
      add("odds_game_lines", morning, {
        game_id: game.id,
        game_date: date,
        spread,
        total,
        opening_spread: spread + random.pick([-0.5, 0, 0, 0.5]),
        opening_total: total + random.pick([-1, 0, 0, 1]),
      });
      for (const [i, shot] of played.shots.entries()) {
        add("shots", night, { game_id: game.id, game_date: date, shot_number: i + 1, ...shot });
      }
      for (const side of sides) {
        const lines = side === home ? played.home : played.away;
        add("nbac_team_boxscore", night, {
          game_id: game.id,
          game_date: date,
          team_abbr: side.team,
          is_home: side === home,
          ...teamRow(lines, played.overtimes),
        });
        for (const rank of side.lineup.rostered) {
          const player = side.squad[rank] as DemoPlayer;
          const line = lines.find((one) => one.player === player);
          const injured = !line && (rank < 9 || random.chance(0.3));
          add("nbac_gamebook_player_stats", night, {
            game_id: game.id,
            game_date: date,
            team_abbr: side.team,
            player_lookup: player.lookup,
            player_name: player.name,
            player_status: line ? "active" : injured ? "inactive" : "dnp",
            dnp_reason: line ? null : injured ? "Injury/Illness" : "DNP - Coach's Decision",
            ...(line ? playerRow(line) : { minutes: null, started: false }),
          });
          let status: string | undefined;
          if (injured) status = random.chance(0.85) ? "out" : "doubtful";
          else if (random.chance(0.04)) status = random.pick(["questionable", "probable"]);
          if (status) add("nbac_injury_report", morning, { game_date: date, player_lookup: player.lookup, status });
          const before = seen.get(player.lookup);
          if (rank < 9 && !injured) {
            const line_ = half(before ? before.points / before.games : 16 - rank * 1.2);
            add("odds_player_points_props", morning, {
              game_date: date,
              player_lookup: player.lookup,
              points_line: line_,
              opening_line: line_ + random.pick([-0.5, 0, 0, 0.5]),
            });
          }
          if (line) {
            const points = playerRow(line).points as number;
            seen.set(player.lookup, { games: (before?.games ?? 0) + 1, points: (before?.points ?? 0) + points });
          }
        }
      }
    }
    for (const [team, ranks] of rosterNow) {
      for (const rank of ranks) {
        const player = players.get(team)?.[rank] as DemoPlayer;
        add("team_rosters", morning, {
          roster_date: date,
          team_abbr: team,
          player_lookup: player.lookup,
          birth_date: player.birthDate,
        });
      }
    }
  }
  return rows;
}
