import { seasonYear } from "@/lib/pipelines/nba/season";
import type { RawRows, Row, Warehouse } from "@/server/warehouse";
import { rangeParams } from "@/server/warehouse";
import { processor, qualifiedName } from "@/tests/support/tables";

/** What one player did; what is left out is zero. */
export interface PlayerLine {
  team: string;
  player: string;
  minutes?: string | null;
  points?: number;
  fg?: [made: number, attempted: number];
  three?: [made: number, attempted: number];
  ft?: [made: number, attempted: number];
  orb?: number;
  drb?: number;
  ast?: number;
  stl?: number;
  blk?: number;
  tov?: number;
  started?: boolean;
  status?: string;
}

export interface GameInput {
  id: string;
  date: string;
  home: string;
  away: string;
  status?: number;
  score?: [home: number, away: number];
  players?: PlayerLine[];
  playoffs?: boolean;
  overtimes?: number;
}

/** Raw tables of a few games, written as a story in a test. */
export class LeagueBuilder {
  readonly rows: RawRows = new Map();

  add(table: string, row: Row): this {
    const list = this.rows.get(table) ?? [];
    list.push(row);
    this.rows.set(table, list);
    return this;
  }

  /** A game with its schedule row, players' rows and the team rows that they add up to. */
  game(game: GameInput): this {
    const { id, date, home, away, status = 3, players = [], overtimes = 0 } = game;
    const pointsOf = (team: string) =>
      players.filter((one) => one.team === team).reduce((sum, one) => sum + points(one), 0);
    const [homeScore, awayScore] = game.score ?? [pointsOf(home), pointsOf(away)];
    this.add("nbac_schedule", {
      game_id: id,
      game_date: date,
      season_year: seasonYear(date),
      game_status: status,
      home_team_abbr: home,
      away_team_abbr: away,
      home_team_score: status === 3 ? homeScore : null,
      away_team_score: status === 3 ? awayScore : null,
      is_regular_season: !game.playoffs,
      is_playoffs: game.playoffs ?? false,
      is_all_star: false,
    });
    if (status !== 3) return this;
    for (const line of players) this.player(id, date, line);
    for (const team of [home, away]) {
      const own = players.filter((one) => one.team === team);
      const sum = (count: (line: PlayerLine) => number) => own.reduce((total, line) => total + count(line), 0);
      this.add("nbac_team_boxscore", {
        game_id: id,
        game_date: date,
        team_abbr: team,
        is_home: team === home,
        minutes: 240 + 25 * overtimes,
        points: sum(points),
        field_goals_made: sum((one) => one.fg?.[0] ?? 0),
        field_goals_attempted: sum((one) => one.fg?.[1] ?? 0),
        three_pointers_made: sum((one) => one.three?.[0] ?? 0),
        three_pointers_attempted: sum((one) => one.three?.[1] ?? 0),
        free_throws_made: sum((one) => one.ft?.[0] ?? 0),
        free_throws_attempted: sum((one) => one.ft?.[1] ?? 0),
        offensive_rebounds: sum((one) => one.orb ?? 0),
        defensive_rebounds: sum((one) => one.drb ?? 0),
        assists: sum((one) => one.ast ?? 0),
        steals: sum((one) => one.stl ?? 0),
        blocks: sum((one) => one.blk ?? 0),
        turnovers: sum((one) => one.tov ?? 0),
        personal_fouls: 0,
      });
    }
    return this;
  }

  player(id: string, date: string, line: PlayerLine): this {
    const minutes = line.minutes === undefined ? "24:00" : line.minutes;
    return this.add("nbac_gamebook_player_stats", {
      game_id: id,
      game_date: date,
      team_abbr: line.team,
      player_lookup: line.player,
      player_name: line.player,
      player_status: line.status ?? (minutes ? "active" : "dnp"),
      minutes,
      points: points(line),
      field_goals_made: line.fg?.[0] ?? 0,
      field_goals_attempted: line.fg?.[1] ?? 0,
      three_pointers_made: line.three?.[0] ?? 0,
      three_pointers_attempted: line.three?.[1] ?? 0,
      free_throws_made: line.ft?.[0] ?? 0,
      free_throws_attempted: line.ft?.[1] ?? 0,
      offensive_rebounds: line.orb ?? 0,
      defensive_rebounds: line.drb ?? 0,
      assists: line.ast ?? 0,
      steals: line.stl ?? 0,
      blocks: line.blk ?? 0,
      turnovers: line.tov ?? 0,
      personal_fouls: 0,
      plus_minus: 0,
      started: line.started ?? false,
    });
  }

  roster(date: string, team: string, players: Record<string, string | null>): this {
    for (const [player, birth] of Object.entries(players)) {
      this.add("team_rosters", { roster_date: date, team_abbr: team, player_lookup: player, birth_date: birth });
    }
    return this;
  }
}

/** Points of a line: given, or 2 FG + 3P + FT. */
function points(line: PlayerLine): number {
  return line.points ?? 2 * (line.fg?.[0] ?? 0) + (line.three?.[0] ?? 0) + (line.ft?.[0] ?? 0);
}

/** Builds tables for a range in the given order, as a run would. */
export async function build(
  warehouse: Warehouse,
  tables: string[],
  start: string,
  end: string,
  dates?: string[],
): Promise<void> {
  const all = dates ?? (await gameDates(warehouse, start, end));
  for (const short of tables) {
    const table = processor(short);
    await warehouse.replacePartitions({
      table,
      dates: all,
      stamp: { processedAt: new Date().toISOString(), runId: "test" },
    });
  }
}

/** Dates of a range with games that are not postponed. */
export async function gameDates(warehouse: Warehouse, start: string, end: string): Promise<string[]> {
  const rows = await warehouse.query(
    "SELECT DISTINCT game_date AS d FROM nba_raw.nbac_schedule WHERE game_status NOT IN (4, 9) AND game_date BETWEEN @start_date AND @end_date ORDER BY d",
    rangeParams(start, end),
  );
  return rows.map((row) => row.d as string);
}

/** Rows of a table on a date, by the value of one column. */
export async function rowsBy(
  warehouse: Warehouse,
  short: string,
  date: string,
  column: string,
): Promise<Map<string, Row>> {
  const table = processor(short);
  const rows = await warehouse.query(`SELECT * FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = @date`, {
    date: { type: "DATE", value: date },
  });
  return new Map(rows.map((row) => [row[column] as string, row]));
}
