import { addDays } from "@/lib/util/dates";
import { Random } from "@/lib/util/random";
import type { RawRows, Row } from "@/server/warehouse";
import { LeagueBuilder, type PlayerLine } from "./league";

const TEAMS = ["BOS", "NYK", "LAL", "GSW", "DEN", "MIA"];
const ZONES = ["restricted_area", "paint_non_ra", "mid_range", "left_corner_3", "above_the_break_3", "backcourt"];

/**
 * A small league with all that goes wrong in real ones, from one seed: doubled and
 * corrected rows, NULLs, players who did not play or were traded, overtime, postponed and
 * moved games, games without shots, teams without rosters, playoffs, All-Star games.
 */
export function randomLeague(seed: number, start: string, days: number): RawRows {
  const random = new Random(seed);
  const league = new LeagueBuilder();
  const teamOf = new Map<string, string>();
  for (const team of TEAMS) for (let i = 0; i < 6; i++) teamOf.set(`${team.toLowerCase()}player${i}`, team);
  const squad = (team: string) => [...teamOf].filter(([, own]) => own === team).map(([player]) => player);
  const withRoster = new Set(TEAMS.filter(() => random.chance(0.7)));
  let number = 1;
  for (let day = 0; day < days; day++) {
    const date = addDays(start, day);
    if (random.chance(0.05)) {
      const traded = random.pick([...teamOf.keys()]);
      teamOf.set(traded, random.pick(TEAMS));
    }
    if (random.chance(0.4)) {
      for (const team of withRoster) {
        // Whoever is traded stands on two rosters for a while.
        if (random.chance(0.3)) continue;
        league.roster(
          date,
          team,
          Object.fromEntries(
            squad(team).map((player, i) => [player, i === 0 ? null : `19${85 + i}-0${1 + i}-2${random.int(0, 8)}`]),
          ),
        );
      }
    }
    const order = random.shuffle(TEAMS);
    const games = random.int(0, 3);
    for (let g = 0; g < games; g++) {
      const [home, away] = [order[2 * g] as string, order[2 * g + 1] as string];
      const id = `00${random.chance(0.04) ? 1 : 2}21${String(number++).padStart(5, "0")}`;
      const roll = random.next();
      const status = day > days - 3 ? random.pick([1, 2, 3]) : roll < 0.06 ? 4 : 3;
      const overtimes = random.chance(0.15) ? random.int(1, 2) : 0;
      const players = [home, away].flatMap((team) => squad(team).map((player, i) => line(random, team, player, i)));
      const score: [number, number] = [random.int(80, 130), 0];
      score[1] = score[0] + (random.chance(0.5) ? -1 : 1) * random.int(1, 20);
      league.game({ id, date, home, away, status, players, overtimes, score, playoffs: random.chance(0.05) });
      if (random.chance(0.03)) last(league, "nbac_schedule").is_all_star = true;
      if (status === 3 && random.chance(0.8)) addShots(random, league, id, date, players);
      if (random.chance(0.7))
        league.add("odds_game_lines", {
          game_id: id,
          game_date: date,
          spread: random.int(-20, 20) / 2,
          total: 200 + random.int(0, 60) / 2,
          opening_spread: null,
          opening_total: null,
        });
      for (const { player } of players) {
        if (random.chance(0.15))
          league.add("nbac_injury_report", {
            game_date: date,
            player_lookup: player,
            status: random.pick(["Out", "questionable", "Doubtful", "probable"]),
          });
        if (random.chance(0.4))
          league.add("odds_player_points_props", {
            game_date: date,
            player_lookup: player,
            points_line: random.int(2, 50) / 2,
            opening_line: random.chance(0.2) ? null : random.int(2, 50) / 2,
          });
      }
    }
  }
  spoil(random, league);
  return league.rows;
}

function last(league: LeagueBuilder, table: string): Row {
  return (league.rows.get(table) ?? []).at(-1) as Row;
}

function line(random: Random, team: string, player: string, rank: number): PlayerLine {
  if (random.chance(0.2))
    return { team, player, minutes: random.pick([null, "", "0:00"]), status: random.pick(["dnp", "inactive"]) };
  const attempted = random.int(0, 20);
  const made = random.int(0, attempted);
  const threes = random.int(0, attempted);
  const free = random.int(0, 8);
  return {
    team,
    player,
    minutes: `${random.int(0, 45)}:${String(random.int(0, 59)).padStart(2, "0")}`,
    started: rank < 5,
    fg: [made, attempted],
    three: [random.int(0, Math.min(made, threes)), threes],
    ft: [random.int(0, free), free],
    orb: random.int(0, 4),
    drb: random.int(0, 8),
    ast: random.int(0, 9),
    stl: random.int(0, 3),
    blk: random.int(0, 3),
    tov: random.int(0, 5),
  };
}

function addShots(random: Random, league: LeagueBuilder, id: string, date: string, players: PlayerLine[]): void {
  const knowsAssists = random.chance(0.8);
  const played = players.filter((one) => one.minutes);
  const count = played.length > 0 ? random.int(5, 25) : 0;
  for (let n = 1; n <= count; n++) {
    const shooter = random.pick(played);
    const zone = random.pick(ZONES);
    const made = random.chance(0.45);
    league.add("shots", {
      game_id: id,
      game_date: date,
      shot_number: n,
      team_abbr: shooter.team,
      player_lookup: shooter.player,
      shot_value: zone.endsWith("3") || zone === "backcourt" ? 3 : 2,
      made,
      zone,
      assisted: knowsAssists && made ? random.chance(0.6) : null,
      blocked_by: !made && random.chance(0.2) ? random.pick(played).player : null,
    });
  }
}

/** Doubles rows, adds earlier versions of some, moves games, and empties cells. */
function spoil(random: Random, league: LeagueBuilder): void {
  for (const [table, list] of league.rows) {
    for (const row of [...list]) {
      row.processed_at = "2022-06-01T10:00:00.000Z";
      if (random.chance(0.06)) list.push({ ...row });
      if (random.chance(0.05)) {
        const older: Row = { ...row, processed_at: "2022-05-01T10:00:00.000Z" };
        for (const column of [
          "minutes",
          "points",
          "assists",
          "status",
          "points_line",
          "spread",
          "made",
          "home_team_score",
        ]) {
          if (column in older && random.chance(0.5)) older[column] = null;
        }
        // A game that was moved left its first date behind.
        if (table === "nbac_schedule") older.game_date = addDays(row.game_date as string, random.int(-4, 4) || 1);
        list.push(older);
      }
    }
    league.rows.set(table, random.shuffle(list));
  }
  const box = league.rows.get("nbac_gamebook_player_stats") ?? [];
  const lost = new Set(box.filter(() => random.chance(0.01)).map((row) => row.game_id));
  // Of some games no source has a player.
  const gone = new Set(box.filter(() => random.chance(0.004)).map((row) => row.game_id));
  for (const row of box) {
    if (gone.has(row.game_id as string)) continue;
    if (lost.has(row.game_id as string) || random.chance(0.1)) league.add("bdl_player_boxscores", { ...row });
    if (random.chance(0.01)) row.turnovers = null;
  }
  league.rows.set(
    "nbac_gamebook_player_stats",
    box.filter((row) => !lost.has(row.game_id as string) && !gone.has(row.game_id as string)),
  );
}
