import { seasonYear } from "@/lib/season";
import { teamOf } from "@/lib/teams";
import type { Row } from "../warehouse";

/** A rule of the raw data that some rows break: how many, and which. */
export interface Finding {
  rule: string;
  table: string;
  count: number;
  /** Places in the files, or keys where rows were made of several lines. */
  examples: string[];
}

/** Where a row was read: "file:line". */
export type Origins = Map<Row, string>;

const MOST_MINUTES = 80;
const MOST_EXAMPLES = 3;

const BOX_TABLES = new Set(["nbac_gamebook_player_stats", "bdl_player_boxscores", "nbac_team_boxscore"]);
const PLAYER_TABLES = new Set(["nbac_gamebook_player_stats", "bdl_player_boxscores"]);

const number = (row: Row, column: string): number | null =>
  typeof row[column] === "number" ? (row[column] as number) : null;

/** A rule of one row: the fault in words, or null. */
type Rule = (table: string, row: Row) => string | null;

/** Seconds of a clock MM:SS, or null. */
function secondsOf(clock: unknown): number | null {
  const match = /^(\d+):(\d+)$/.exec(String(clock ?? ""));
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

const RULES = Object.entries<Rule>({
  [`minutes are 0 to ${MOST_MINUTES}`]: (table, row) => {
    const seconds = PLAYER_TABLES.has(table) ? secondsOf(row.minutes) : null;
    return seconds !== null && seconds > MOST_MINUTES * 60 ? String(row.minutes) : null;
  },
  "points are 2 FG + 3P + FT": (table, row) => {
    if (!BOX_TABLES.has(table)) return null;
    const [points, made] = [number(row, "points"), number(row, "field_goals_made")];
    const [three, free] = [number(row, "three_pointers_made"), number(row, "free_throws_made")];
    if (points === null || made === null || three === null || free === null) return null;
    const sum = 2 * made + three + free;
    return points === sum ? null : `${points} for ${sum}`;
  },
  "makes are at most attempts, and nothing is below zero": (table, row) => {
    if (!BOX_TABLES.has(table)) return null;
    for (const kind of ["field_goals", "three_pointers", "free_throws"]) {
      const [made, attempted] = [number(row, `${kind}_made`), number(row, `${kind}_attempted`)];
      if (made !== null && attempted !== null && made > attempted) return `${kind} ${made} of ${attempted}`;
    }
    const low = Object.keys(row).find((column) => column !== "plus_minus" && (number(row, column) ?? 0) < 0);
    return low ? `${low} ${row[low]}` : null;
  },
  "teams are known": (table, row) => {
    if (table.startsWith("odds_")) return null;
    const column = ["team_abbr", "home_team_abbr", "away_team_abbr"].find(
      (name) => typeof row[name] === "string" && !teamOf(row[name] as string),
    );
    return column ? String(row[column]) : null;
  },
  "dates are within their season": (_table, row) => {
    const date = row.game_date;
    if (typeof date !== "string") return null;
    if (date < "1946-10-01") return date;
    const season = number(row, "season_year");
    return season !== null && season !== seasonYear(date) ? `${date} in season ${season}` : null;
  },
});

/** Checks rows against the rules of the raw data. `repeats` are the lines whose key another line has with other values. */
export function checkContracts(
  rows: ReadonlyMap<string, Row[]>,
  origins: Origins,
  repeats: ReadonlyMap<string, string[]>,
): Finding[] {
  const findings = new Map<string, Finding>();
  const find = (rule: string, table: string, example: string) => {
    const key = `${rule} ${table}`;
    const finding = findings.get(key) ?? { rule, table, count: 0, examples: [] };
    finding.count++;
    if (finding.examples.length < MOST_EXAMPLES) finding.examples.push(example);
    findings.set(key, finding);
  };
  for (const [table, list] of rows) {
    for (const row of list) {
      for (const [rule, judge] of RULES) {
        const fault = judge(table, row);
        if (fault !== null)
          find(rule, table, `${origins.get(row) ?? `${row.game_id} ${row.team_abbr ?? ""}`.trim()}: ${fault}`);
      }
    }
  }
  for (const [table, places] of repeats)
    for (const place of places) find("lines with the same key agree", table, place);
  for (const fault of teamSums(rows)) find("players add up to their team", "nbac_team_boxscore", fault);
  return [...findings.values()];
}

/** Teams whose points or attempts are not the sum of their players', where both are in the files. */
function teamSums(rows: ReadonlyMap<string, Row[]>): string[] {
  const sums = new Map<string, { points: number; attempts: number }>();
  for (const row of rows.get("nbac_gamebook_player_stats") ?? []) {
    const key = `${row.game_id} ${row.team_abbr}`;
    const sum = sums.get(key) ?? { points: 0, attempts: 0 };
    sum.points += number(row, "points") ?? 0;
    sum.attempts += number(row, "field_goals_attempted") ?? 0;
    sums.set(key, sum);
  }
  const faults: string[] = [];
  for (const row of rows.get("nbac_team_boxscore") ?? []) {
    const key = `${row.game_id} ${row.team_abbr}`;
    const sum = sums.get(key);
    if (!sum) continue;
    if (number(row, "points") !== sum.points) faults.push(`${key}: points ${row.points}, its players' ${sum.points}`);
    else if (number(row, "field_goals_attempted") !== sum.attempts)
      faults.push(`${key}: attempts ${row.field_goals_attempted}, its players' ${sum.attempts}`);
  }
  return faults;
}
