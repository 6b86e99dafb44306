import { type ColumnRow, columns } from "../../../engine/pipeline/columns";
import type { Source } from "../../../engine/pipeline/types";
import { FullcourtError } from "../../../errors";

/** A raw table: written by importers and other programs, read by the models. */
export interface RawTable extends Source {
  name: string;
}

const raw = (table: Omit<RawTable, "id" | "dataset" | "dateColumn"> & { dateColumn?: string }): RawTable => ({
  id: table.name,
  dataset: "nba_raw",
  dateColumn: "game_date",
  ...table,
});

/** What is counted of a player or a team in a game. */
export const COUNTS: ColumnRow[] = [
  ["points", "INT64", "points"],
  ["field_goals_made", "INT64", "field goals made"],
  ["field_goals_attempted", "INT64", "field goals attempted"],
  ["three_pointers_made", "INT64", "three-pointers made"],
  ["three_pointers_attempted", "INT64", "three-pointers attempted"],
  ["free_throws_made", "INT64", "free throws made"],
  ["free_throws_attempted", "INT64", "free throws attempted"],
  ["offensive_rebounds", "INT64", "offensive rebounds"],
  ["defensive_rebounds", "INT64", "defensive rebounds"],
  ["assists", "INT64", "assists"],
  ["steals", "INT64", "steals"],
  ["blocks", "INT64", "blocks"],
  ["turnovers", "INT64", "turnovers"],
  ["personal_fouls", "INT64", "personal fouls"],
];

const GAME: ColumnRow[] = [
  ["game_id", "STRING", "NBA.com game id"],
  ["game_date", "DATE", "US Eastern date"],
];

const PLAYER_KEYS: ColumnRow[] = [
  ...GAME,
  ["team_abbr", "STRING", "the player's team"],
  ["player_lookup", "STRING", "player key: the name in lower case, letters and digits only"],
  ["player_name", "STRING", "name as printed"],
];

const PLAYER_LINE: ColumnRow[] = [
  ["minutes", "STRING", "time played, MM:SS; NULL or empty when he did not play"],
  ...COUNTS,
  ["plus_minus", "INT64", "plus-minus"],
  ["started", "BOOL", "was in the starting five"],
];

const PLAYER_REQUIRED = ["game_id", "game_date", "team_abbr", "player_lookup", "minutes", "points"];

/** The statuses of games that are postponed or cancelled. */
export const CANCELLED = "(4, 9)";

/** A game by its teams, of a row `g`. */
const TITLE = "CONCAT(g.away_team_abbr, ' @ ', g.home_team_abbr)";

/** Final games that a source serves, and the names of the others. */
const servedGames = (is: string) => ({
  of: "done" as const,
  units: `SELECT ${TITLE} AS unit, ${is} AS is_served FROM final_games AS g WHERE g.game_date = @start_date`,
  short: `SELECT g.game_date AS d, ${TITLE} AS unit FROM final_games AS g WHERE NOT (${is})`,
});

export const RAW_TABLES: readonly RawTable[] = [
  // The league's schedule with results: the one authority on which games a date has.
  raw({
    name: "nbac_schedule",
    label: "schedule",
    description: "one row a game, with its status and, once final, its score",
    // Served: final games of which some source has a box score.
    completeness: {
      ...servedGames("players > 0 OR sides > 0"),
      of: "due",
      units: `SELECT ${TITLE} AS unit, g.game_status = 3 AND l.game_id IS NOT NULL AS is_served
    FROM schedule AS g
    LEFT JOIN (SELECT DISTINCT game_id FROM nba_raw.nbac_schedule) AS l ON l.game_id = g.game_id
    WHERE g.game_date = @start_date AND g.game_status NOT IN ${CANCELLED}`,
    },
    grain: ["game_id"],
    required: ["game_id", "game_date", "game_status", "home_team_abbr", "away_team_abbr"],
    columns: columns(
      [
        "game_id",
        "STRING",
        "NBA.com game id, ten digits: 001 preseason, 002 regular, 003 All-Star, 004 playoffs, 005 play-in, 006 Cup final",
      ],
      ["game_date", "DATE", "US Eastern date of the tip-off"],
      ["season_year", "INT64", "year in which the season began"],
      ["game_status", "INT64", "1 scheduled, 2 live, 3 final, 4 or 9 postponed or cancelled"],
      ["home_team_abbr", "STRING", "home team"],
      ["away_team_abbr", "STRING", "visiting team"],
      ["home_team_score", "INT64", "home points, once final"],
      ["away_team_score", "INT64", "visitors' points, once final"],
      ["is_regular_season", "BOOL", "counts for the regular season"],
      ["is_playoffs", "BOOL", "a playoff game"],
      ["is_all_star", "BOOL", "an All-Star game: like preseason no game of the season"],
      ["arena_timezone", "STRING", "IANA time zone of the arena"],
      ["game_start_utc", "TIMESTAMP", "tip-off, UTC"],
    ),
  }),
  // The official gamebook: every rostered player, those who did not play included.
  raw({
    name: "nbac_gamebook_player_stats",
    label: "gamebook",
    description: "one row per rostered player and game, those who did not play included",
    completeness: servedGames("players >= 16"),
    grain: ["game_id", "player_lookup"],
    required: [...PLAYER_REQUIRED, "player_status"],
    columns: columns(
      ...PLAYER_KEYS,
      ["player_status", "STRING", "active, dnp or inactive"],
      ["dnp_reason", "STRING", "why he did not play"],
      ...PLAYER_LINE,
    ),
  }),
  // The second source, read for a game that the gamebook lacks.
  raw({
    name: "bdl_player_boxscores",
    label: "BDL",
    description: "second source of player box scores, same facts, no status",
    grain: ["game_id", "player_lookup"],
    required: PLAYER_REQUIRED,
    columns: columns(...PLAYER_KEYS, ...PLAYER_LINE),
  }),
  raw({
    name: "nbac_team_boxscore",
    label: "team box",
    description: "two rows a game, one for each team",
    completeness: servedGames("sides = 2"),
    grain: ["game_id", "team_abbr"],
    required: ["game_id", "game_date", "team_abbr", "is_home", "points", "field_goals_attempted"],
    columns: columns(
      ...GAME,
      ["team_abbr", "STRING", "the team"],
      ["is_home", "BOOL", "it played at home"],
      ["minutes", "INT64", "240 and 25 more for each overtime"],
      ...COUNTS,
    ),
  }),
  // Field-goal attempts with their zone, from play by play.
  raw({
    name: "shots",
    description: "one row a field-goal attempt",
    completeness: {
      of: "done",
      units: `SELECT ${TITLE} AS unit, s.game_id IS NOT NULL AS is_served
    FROM final_games AS g
    LEFT JOIN (SELECT DISTINCT game_id FROM nba_raw.shots WHERE game_date = @start_date) AS s ON s.game_id = g.game_id
    WHERE g.game_date = @start_date`,
      counted: "COUNT(DISTINCT game_id)",
    },
    grain: ["game_id", "shot_number"],
    required: ["game_id", "game_date", "team_abbr", "player_lookup", "shot_value", "made", "zone"],
    columns: columns(
      ...GAME,
      ["shot_number", "INT64", "number of the attempt in its game, in the source's order"],
      ["team_abbr", "STRING", "the shooter's team"],
      ["player_lookup", "STRING", "the shooter"],
      ["shot_value", "INT64", "2 or 3"],
      ["made", "BOOL", "went in"],
      [
        "zone",
        "STRING",
        "restricted_area, paint_non_ra, mid_range, left_corner_3, right_corner_3, above_the_break_3 or backcourt",
      ],
      ["assisted", "BOOL", "a made shot with an assist; NULL where the source does not say"],
      ["blocked_by", "STRING", "player_lookup of the blocker"],
    ),
  }),
  // Daily roster snapshots; the roster of a date is the latest snapshot on or before it.
  raw({
    name: "team_rosters",
    label: "rosters",
    description: "one row per player of a team's roster snapshot",
    completeness: {
      of: "members",
      units: `SELECT p.team_abbr AS unit, k.team_abbr IS NOT NULL AS is_served
    FROM (SELECT DISTINCT team_abbr FROM playing WHERE game_date = @start_date) AS p
    LEFT JOIN known_rosters AS k ON k.game_date = @start_date AND k.team_abbr = p.team_abbr`,
      short: `SELECT p.game_date AS d, p.team_abbr AS unit
    FROM (SELECT DISTINCT game_date, team_abbr FROM playing) AS p
    LEFT JOIN known_rosters AS k ON k.game_date = p.game_date AND k.team_abbr = p.team_abbr
    WHERE k.team_abbr IS NULL`,
    },
    dateColumn: "roster_date",
    grain: ["roster_date", "team_abbr", "player_lookup"],
    required: ["roster_date", "team_abbr", "player_lookup"],
    columns: columns(
      ["roster_date", "DATE", "day of the snapshot"],
      ["team_abbr", "STRING", "the team"],
      ["player_lookup", "STRING", "the player"],
      ["birth_date", "DATE", "his date of birth"],
    ),
  }),
  // The league's injury report, as of the date's tip-off.
  raw({
    name: "nbac_injury_report",
    label: "injuries",
    description: "one row per listed player and date",
    grain: ["game_date", "player_lookup"],
    required: ["game_date", "player_lookup", "status"],
    columns: columns(
      ["game_date", "DATE", "date of the report"],
      ["player_lookup", "STRING", "the player"],
      ["status", "STRING", "available, probable, questionable, doubtful or out"],
    ),
  }),
  raw({
    name: "odds_player_points_props",
    label: "props",
    description: "one points line per player and date",
    grain: ["game_date", "player_lookup"],
    required: ["game_date", "player_lookup", "points_line"],
    columns: columns(
      ["game_date", "DATE", "US Eastern date"],
      ["player_lookup", "STRING", "the player"],
      ["points_line", "FLOAT64", "current line, points"],
      ["opening_line", "FLOAT64", "line at opening, points"],
    ),
  }),
  raw({
    name: "odds_game_lines",
    label: "lines",
    description: "one spread and total per game",
    // A line belongs to the date of its game; the table may not say it.
    rows: `SELECT s.game_date AS d, COUNT(*) AS n, 0 AS m, MAX(t.processed_at) AS newest
    FROM nba_raw.odds_game_lines AS t JOIN schedule AS s ON s.game_id = t.game_id GROUP BY s.game_date`,
    grain: ["game_id"],
    required: ["game_id", "spread", "total"],
    columns: columns(
      ...GAME,
      ["spread", "FLOAT64", "home team's spread, points (negative: favoured)"],
      ["total", "FLOAT64", "total points line"],
      ["opening_spread", "FLOAT64", "spread at opening"],
      ["opening_total", "FLOAT64", "total at opening"],
    ),
  }),
];

export function rawTable(name: string): RawTable {
  const found = RAW_TABLES.find((table) => table.name === name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no raw table "${name}".`,
    `Raw tables are: ${RAW_TABLES.map((table) => table.name).join(", ")}.`,
  );
}
