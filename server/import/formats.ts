import { playerLookup } from "@/lib/names";
import { RAW_TABLES, type RawTable, rawTable } from "@/lib/raw";
import { seasonYear } from "@/lib/season";
import { PROCESSED_AT } from "@/lib/stored";
import type { Row } from "../warehouse";
import type { FoundFile } from "./read";
import { BadValue, type FoundRow, toClock, toValue } from "./values";

/** Raw rows that one line of a file gives, by table; of a player's, the number by which the file knows him. */
type Given = Array<[table: string, row: Row, player?: string]>;

/** A kind of file that import understands. */
export interface Format {
  name: string;
  /** Headers by which it is recognised. */
  headers: readonly string[];
  /** Rows of one line. Errors name the column. */
  convert(row: FoundRow): Given;
  /** Rows that follow from the whole file, such as team totals. */
  finish?(rows: Map<string, Row[]>, warn: (message: string) => void): void;
}

/** A fault of one cell. */
export class BadCell extends Error {
  constructor(
    readonly column: string,
    message: string,
  ) {
    super(message);
  }
}

function read<T>(column: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BadValue) throw new BadCell(column, error.message);
    throw error;
  }
}

// Nearly every cell is text as it should be, and there are hundreds of thousands: those take the short way.
const text = (row: FoundRow, column: string): string => {
  const found = row.cells[column];
  if (typeof found === "string" && found !== "") return found;
  const value = read(column, () => toValue("STRING", row.cells[column]));
  if (value === null) throw new BadCell(column, "a value is expected, nothing is there");
  return value as string;
};
const whole = (row: FoundRow, column: string) => {
  const found = row.cells[column];
  const number = typeof found === "string" && found !== "" ? Number(found) : Number.NaN;
  return Number.isSafeInteger(number) ? number : read(column, () => toValue("INT64", found));
};
const date = (row: FoundRow, column: string): string => {
  const value = read(column, () => toValue("DATE", row.cells[column]));
  if (value === null) throw new BadCell(column, "a date is expected, nothing is there");
  return value as string;
};
/** NBA.com ids lose their leading zeros in spreadsheets. */
const gameId = (row: FoundRow, column: string) => text(row, column).padStart(10, "0");

/** Keys of names that have been read: a season's lines name each player many times. */
const lookups = new Map<string, string>();
const MOST_LOOKUPS = 10_000;

function lookupOf(name: string): string {
  const known = lookups.get(name);
  if (known !== undefined) return known;
  if (lookups.size >= MOST_LOOKUPS) lookups.clear();
  const lookup = playerLookup(name);
  lookups.set(name, lookup);
  return lookup;
}

/** Name and key of a player; one without a name is known by his number. */
function player(row: FoundRow): { player_lookup: string; player_name: string | null } {
  const name = read("player_name", () => toValue("STRING", row.cells.player_name)) as string | null;
  const lookup = name ? lookupOf(name) : "";
  return { player_lookup: lookup || `player${text(row, "player_id")}`, player_name: name };
}

/** 240 minutes and 25 more an overtime, from any count near it. */
const gameMinutes = (minutes: number) => 240 + 25 * Math.max(0, Math.round((minutes - 240) / 25));

/** nba-2025-26/games.csv: results of games that are over. */
const games: Format = {
  name: "games with results",
  headers: ["game_id", "game_date", "home_team_abbr", "away_team_abbr", "home_points", "away_points"],
  convert(row) {
    const day = date(row, "game_date");
    const id = gameId(row, "game_id");
    return [
      [
        "nbac_schedule",
        {
          game_id: id,
          game_date: day,
          season_year: seasonYear(day),
          game_status: 3,
          home_team_abbr: text(row, "home_team_abbr"),
          away_team_abbr: text(row, "away_team_abbr"),
          home_team_score: whole(row, "home_points"),
          away_team_score: whole(row, "away_points"),
          is_regular_season: id.startsWith("002"),
          is_playoffs: id.startsWith("004"),
          is_all_star: id.startsWith("003"),
        },
      ],
    ];
  },
};

/** Counts of a box score: the raw table's columns, by their names in player_box.csv. */
export const BOX_COUNTS = {
  points: "points",
  field_goals_made: "fg_made",
  field_goals_attempted: "fg_attempted",
  three_pointers_made: "three_pt_made",
  three_pointers_attempted: "three_pt_attempted",
  free_throws_made: "ft_made",
  free_throws_attempted: "ft_attempted",
  offensive_rebounds: "offensive_rebounds",
  defensive_rebounds: "defensive_rebounds",
  assists: "assists",
  steals: "steals",
  blocks: "blocks",
  turnovers: "turnovers",
  personal_fouls: "personal_fouls",
};
const COUNTS = Object.entries(BOX_COUNTS);

/** nba-2025-26/player_box.csv: player box scores; the teams' are their sums. */
const playerBox: Format = {
  name: "player box scores",
  headers: ["game_id", "game_date", "team_abbr", "player_id", "player_name", "minutes", "fg_made", "fg_attempted"],
  convert(row) {
    const minutes = read("minutes", () => toClock(row.cells.minutes));
    const { player_lookup, player_name } = player(row);
    const line: Row = {
      game_id: gameId(row, "game_id"),
      game_date: date(row, "game_date"),
      team_abbr: text(row, "team_abbr"),
      player_lookup,
      player_name,
      player_status: minutes ? "active" : "dnp",
      minutes,
    };
    for (const [name, column] of COUNTS) line[name] = whole(row, column);
    line.plus_minus = whole(row, "plus_minus");
    return [["nbac_gamebook_player_stats", line, text(row, "player_id")]];
  },
  finish(rows, warn) {
    const players = rows.get("nbac_gamebook_player_stats") ?? [];
    const nameless = new Set(players.filter((row) => row.player_name === null).map((row) => row.player_lookup));
    if (nameless.size > 0)
      warn(`${nameless.size} player without a name is known by number: ${[...nameless].join(", ")}.`);
    const teams = new Map<string, Row[]>();
    for (const row of players) {
      const key = `${row.game_id} ${row.team_abbr}`;
      teams.set(key, [...(teams.get(key) ?? []), row]);
    }
    const home = new Map((rows.get("nbac_schedule") ?? []).map((row) => [row.game_id, row.home_team_abbr]));
    rows.set("nbac_team_boxscore", [
      ...(rows.get("nbac_team_boxscore") ?? []),
      ...[...teams.values()].map((list): Row => {
        const first = list[0] as Row;
        const sum = (column: string) => list.reduce((total, row) => total + ((row[column] as number | null) ?? 0), 0);
        const seconds = list.reduce((total, row) => {
          const [m = 0, s = 0] = String(row.minutes ?? "0:0")
            .split(":")
            .map(Number);
          return total + m * 60 + s;
        }, 0);
        return {
          game_id: first.game_id as string,
          game_date: first.game_date as string,
          team_abbr: first.team_abbr as string,
          is_home: home.has(first.game_id as string) ? home.get(first.game_id as string) === first.team_abbr : null,
          minutes: gameMinutes(seconds / 60),
          ...Object.fromEntries(Object.keys(BOX_COUNTS).map((column) => [column, sum(column)])),
        };
      }),
    ]);
  },
};

/** team-logs: NBA.com team game logs, one row per team and game. */
const teamLogs: Format = {
  name: "NBA.com team logs",
  headers: ["SEASON_ID", "TEAM_ABBREVIATION", "GAME_ID", "GAME_DATE", "MATCHUP", "PTS", "FGA"],
  convert(row) {
    const matchup = /^(\w{3}) (vs\.|@) (\w{3})$/.exec(text(row, "MATCHUP"));
    if (!matchup)
      throw new BadCell("MATCHUP", `"GSW vs. HOU" or "HOU @ GSW" is expected, "${String(row.cells.MATCHUP)}" is there`);
    const home = matchup[2] === "vs.";
    const [own, other] = [matchup[1] as string, matchup[3] as string];
    const id = gameId(row, "GAME_ID");
    const day = date(row, "GAME_DATE");
    const points = whole(row, "PTS");
    const minutes = whole(row, "MIN") as number | null;
    return [
      [
        "nbac_team_boxscore",
        {
          game_id: id,
          game_date: day,
          team_abbr: text(row, "TEAM_ABBREVIATION"),
          is_home: home,
          minutes: minutes === null ? null : gameMinutes(minutes),
          points,
          field_goals_made: whole(row, "FGM"),
          field_goals_attempted: whole(row, "FGA"),
          three_pointers_made: whole(row, "FG3M"),
          three_pointers_attempted: whole(row, "FG3A"),
          free_throws_made: whole(row, "FTM"),
          free_throws_attempted: whole(row, "FTA"),
          offensive_rebounds: whole(row, "OREB"),
          defensive_rebounds: whole(row, "DREB"),
          assists: whole(row, "AST"),
          steals: whole(row, "STL"),
          blocks: whole(row, "BLK"),
          turnovers: whole(row, "TOV"),
          personal_fouls: whole(row, "PF"),
        },
      ],
      [
        "nbac_schedule",
        {
          game_id: id,
          game_date: day,
          season_year: seasonYear(day),
          game_status: 3,
          home_team_abbr: home ? own : other,
          away_team_abbr: home ? other : own,
          home_team_score: home ? points : null,
          away_team_score: home ? null : points,
          is_regular_season: id.startsWith("002"),
          is_playoffs: id.startsWith("004"),
          is_all_star: id.startsWith("003"),
        },
      ],
    ];
  },
  finish(rows) {
    // Each side's row knows its own points: put the two together.
    const merged = new Map<string, Row>();
    for (const row of rows.get("nbac_schedule") ?? []) {
      const other = merged.get(row.game_id as string);
      if (!other) merged.set(row.game_id as string, { ...row });
      else {
        other.home_team_score ??= row.home_team_score ?? null;
        other.away_team_score ??= row.away_team_score ?? null;
      }
    }
    rows.set("nbac_schedule", [...merged.values()]);
  },
};

/** shots-2017-18.csv: NBA.com shot charts; attempts are numbered in the file's order. */
const shotChart: Format = {
  name: "shot chart",
  headers: ["game_id", "game_date", "team_abbr", "player_id", "player_name", "shot_value", "made", "zone"],
  convert(row) {
    return [
      [
        "shots",
        {
          game_id: gameId(row, "game_id"),
          game_date: date(row, "game_date"),
          team_abbr: text(row, "team_abbr"),
          player_lookup: player(row).player_lookup,
          shot_value: whole(row, "shot_value"),
          made: read("made", () => toValue("BOOL", row.cells.made)),
          zone: text(row, "zone"),
        },
      ],
    ];
  },
  finish: numberShots,
};

/** Gives each attempt its number in its game, in the order of the file, where it has none. */
function numberShots(rows: Map<string, Row[]>): void {
  const last = new Map<string, number>();
  for (const row of rows.get("shots") ?? []) {
    if (row.shot_number !== null && row.shot_number !== undefined) continue;
    const number = (last.get(row.game_id as string) ?? 0) + 1;
    last.set(row.game_id as string, number);
    row.shot_number = number;
  }
}

/** A raw table's own columns. */
function ownColumns(table: RawTable): Format {
  const columns = [...table.columns, PROCESSED_AT];
  return {
    name: table.name,
    headers: table.required,
    convert(row) {
      const result: Row = {};
      for (const { name, type } of columns) {
        if (!(name in row.cells)) continue;
        const isClock = name === "minutes" && type === "STRING";
        result[name] = read(name, () => (isClock ? toClock(row.cells[name]) : toValue(type, row.cells[name])));
      }
      for (const name of table.grain) {
        const generated = table.name === "shots" && name === "shot_number";
        if (!generated && (result[name] === null || result[name] === undefined)) {
          throw new BadCell(name, "a value is expected, nothing is there");
        }
      }
      return [[table.name, result]];
    },
    ...(table.name === "shots" ? { finish: numberShots } : {}),
  };
}

const FOREIGN = [teamLogs, games, playerBox, shotChart];

/** The format of a file, by its headers; of several raw tables the one that uses most columns. */
export function recognise(found: FoundFile, into?: string): Format | undefined {
  if (into) return ownColumns(rawTable(into));
  const has = (format: Format) => format.headers.every((header) => found.headers.includes(header));
  const foreign = FOREIGN.find(has);
  if (foreign) return foreign;
  const used = (table: RawTable) => table.columns.filter((column) => found.headers.includes(column.name)).length;
  const own = RAW_TABLES.filter((table) => has(ownColumns(table))).sort(
    (a, b) => used(b) - used(a) || b.required.length - a.required.length,
  )[0];
  return own && ownColumns(own);
}
