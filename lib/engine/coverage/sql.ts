import { RAW_TABLES, type RawTable } from "../../pipelines/nba/sources";
import {
  isOfSeason,
  isOn,
  playerBox,
  ROSTER_KEYS,
  SEASON_START,
  scheduleAs,
  seasonOf,
  TEAM_GAMES,
} from "../../pipelines/nba/sources/sql";
import { dateOf, findProcessor, PROCESSORS, type Processor, qualifiedName } from "../pipeline/registry";

/** The tables that are built here: of others nothing is expected. */
const BUILT = PROCESSORS.filter((table) => !table.observed);

const NO_TIMES = "CAST(NULL AS TIMESTAMP) AS oldest, CAST(NULL AS TIMESTAMP) AS newest";

/** The table whose game dates stand in for a schedule that has none of a month; an installation may lack it. */
export const SCHEDULE_FALLBACK = findProcessor("pgs");

const GAMES = `SELECT
  'games' AS kind, IF(MAX(g.from_results) = 1, '${SCHEDULE_FALLBACK?.name ?? ""}', 'nbac_schedule') AS name, g.game_date AS d,
  COUNTIF(g.game_status = 3) AS n, COUNTIF(${isOn("g.game_status")}) AS m, COUNTIF(NOT ${isOn("g.game_status")}) AS k,
  ${NO_TIMES},
  STRING_AGG(IF(${isOn("g.game_status")}, CONCAT(g.home_team_abbr, ',', g.away_team_abbr), NULL), ',' ORDER BY g.game_id) AS info
FROM schedule AS g
GROUP BY g.game_date`;

const IN_RANGE = (table: Processor) => `${dateOf(table)} BETWEEN @start_date AND @end_date`;

/** Where a table's rows are counted from: with a date and a processed_at, whatever another program calls them. */
function source(table: Processor, where: string, keys: readonly string[]): { from: string; date: string } {
  if (!table.observed) return { from: `${qualifiedName(table)}\n  WHERE ${where}`, date: table.dateColumn };
  const builtAt = table.observed.builtAt ?? "NULL";
  return {
    from: `(
    SELECT ${[`${dateOf(table)} AS row_date`, ...keys, `CAST(${builtAt} AS TIMESTAMP) AS processed_at`].join(", ")}
    FROM ${qualifiedName(table)}
    WHERE ${where}
  ) AS rows_of_${table.short}`,
    date: "row_date",
  };
}

const together = (parts: readonly string[]) => parts.join("\nUNION ALL\n");

/** The columns of a table's grain beside its date: they tell the rows of one date apart. */
const keysOf = (table: Processor) => table.grain.filter((column) => column !== dateOf(table));

/**
 * Rows, different grain keys, oldest and newest row, by date. Keys are counted by their fingerprints, at half of what
 * grouping by the keys themselves costs: where n = m no key is there twice, and otherwise exactCountsOf has to tell.
 */
function countsOf(table: Processor, where: (table: Processor) => string): string {
  const keys = keysOf(table);
  const { from, date } = source(table, where(table), keys);
  const texts = keys.map((key) => `CAST(${key} AS STRING)`);
  const key = texts.length > 1 ? `CONCAT(${texts.join(", ',', ")})` : (texts[0] ?? "''");
  return `SELECT
  'table' AS kind, '${table.short}' AS name, ${date} AS d, COUNT(*) AS n, COUNT(DISTINCT FARM_FINGERPRINT(${key})) AS m, 1 AS k,
  MIN(processed_at) AS oldest, MAX(processed_at) AS newest, CAST(NULL AS STRING) AS info
FROM ${from}
GROUP BY ${date}`;
}

/**
 * The same of several tables, with keys counted one by one, and how often the most repeated one is there: in one grouping
 * for all tables, as a plan of many parts takes longer to make than it takes to find that there is nothing to count.
 */
function exactCountsOf(tables: readonly Processor[], where: (table: Processor) => string): string {
  const columns = Array.from(
    { length: Math.max(...tables.map((table) => keysOf(table).length)) },
    (_, i) => `key_${i}`,
  );
  const rows = tables.map((table) => {
    const keys = keysOf(table);
    const { from, date } = source(table, where(table), keys);
    const texts = columns.map((column, i) => `CAST(${keys[i] ?? "NULL"} AS STRING) AS ${column}`);
    return `SELECT ${[`'${table.short}' AS name`, `${date} AS d`, ...texts, "processed_at"].join(", ")}
    FROM ${from}`;
  });
  const key = ["name", "d", ...columns].join(", ");
  return `SELECT
  'table' AS kind, name, d, CAST(SUM(copies) AS INT64) AS n, COUNT(*) AS m, MAX(copies) AS k,
  MIN(oldest) AS oldest, MAX(newest) AS newest, CAST(NULL AS STRING) AS info
FROM (
  SELECT ${key}, COUNT(*) AS copies, MIN(processed_at) AS oldest, MAX(processed_at) AS newest
  FROM (${together(rows)}) AS rows_of_tables
  GROUP BY ${key}
) AS keys_of_tables
GROUP BY name, d`;
}

const EXPECTED = new Set(BUILT.map((table) => table.expected.sql));

function expectedOf(sql: string): string {
  const names = BUILT.filter((table) => table.expected.sql === sql).map((table) => table.short);
  return `SELECT 'expected' AS kind, '${names.join(",")}' AS name, d, CAST(n AS INT64) AS n, 0 AS m, 0 AS k,
  ${NO_TIMES}, CAST(NULL AS STRING) AS info
FROM (${sql}) AS expected_of_${names[0]}`;
}

/** Games or teams of the date that a raw table serves, as a query of (d, m); those in neither list serve none. */
const SERVED: Record<string, string> = {
  nbac_gamebook_player_stats: "SELECT game_date AS d, COUNTIF(players >= 16) AS m FROM final_games GROUP BY game_date",
  nbac_team_boxscore: "SELECT game_date AS d, COUNTIF(sides = 2) AS m FROM final_games GROUP BY game_date",
  // Final games of which some source has a box score.
  nbac_schedule: "SELECT game_date AS d, COUNTIF(players > 0 OR sides > 0) AS m FROM final_games GROUP BY game_date",
  team_rosters: `SELECT game_date AS d, COUNT(*) AS m
    FROM (
      SELECT game_date, team_abbr FROM latest_snapshot UNION ALL SELECT game_date, team_abbr FROM latest_box
    ) AS known_teams
    GROUP BY game_date`,
};

/** The same where the table's rows say it by themselves, counted along with them. */
const SERVED_BY_ROWS: Record<string, string> = { shots: "COUNT(DISTINCT game_id)" };

function rawCounts({ name, dateColumn, columns }: RawTable): string {
  const others = columns.some((column) => column.name === "game_id")
    ? ` AND ${isOfSeason.byId} AND ${isOfSeason.bySchedule}`
    : "";
  const rows =
    name === "odds_game_lines"
      ? // A line belongs to the date of its game; the table may not say it.
        `SELECT s.game_date AS d, COUNT(*) AS n, 0 AS m, MAX(t.processed_at) AS newest
    FROM nba_raw.odds_game_lines AS t JOIN schedule AS s ON s.game_id = t.game_id GROUP BY s.game_date`
      : `SELECT ${dateColumn} AS d, COUNT(*) AS n, ${SERVED_BY_ROWS[name] ?? 0} AS m, MAX(processed_at) AS newest
    FROM nba_raw.${name} WHERE ${dateColumn} BETWEEN @start_date AND @end_date${others} GROUP BY ${dateColumn}`;
  const served = SERVED[name];
  if (!served) {
    return `SELECT 'raw' AS kind, '${name}' AS name, d, n, m, 0 AS k,
  CAST(NULL AS TIMESTAMP) AS oldest, newest, CAST(NULL AS STRING) AS info
FROM (${rows}) AS rows_of_${name}`;
  }
  return `SELECT 'raw' AS kind, '${name}' AS name, COALESCE(r.d, s.d) AS d, COALESCE(r.n, 0) AS n, COALESCE(s.m, 0) AS m,
  0 AS k, CAST(NULL AS TIMESTAMP) AS oldest, r.newest AS newest, CAST(NULL AS STRING) AS info
FROM (${rows}) AS r
FULL JOIN (${served}) AS s ON s.d = r.d`;
}

/**
 * `schedule` with the games that results alone know of: those of calendar months in which the
 * schedule has no game at all, as other programs' warehouses may have lost it.
 */
const SCHEDULE_OR_RESULTS = `${scheduleAs("listed_games")},
listed_months AS (
  SELECT DISTINCT EXTRACT(YEAR FROM game_date) * 100 + EXTRACT(MONTH FROM game_date) AS game_month FROM listed_games
),
schedule AS (
  SELECT *, 0 AS from_results FROM listed_games${
    SCHEDULE_FALLBACK
      ? `
  UNION ALL
  SELECT
    game_id, game_date, 3 AS game_status,
    MIN(LEAST(team_abbr, opponent_team_abbr)) AS home_team_abbr,
    MAX(GREATEST(team_abbr, opponent_team_abbr)) AS away_team_abbr,
    CAST(NULL AS INT64) AS home_team_score, CAST(NULL AS INT64) AS away_team_score, FALSE AS is_playoffs,
    ${seasonOf("game_date")} AS season_year, 1 AS from_results
  FROM ${qualifiedName(SCHEDULE_FALLBACK)}
  WHERE game_date BETWEEN ${SEASON_START} AND @end_date AND ${isOfSeason.byId}
    AND EXTRACT(YEAR FROM game_date) * 100 + EXTRACT(MONTH FROM game_date)
      NOT IN (SELECT game_month FROM listed_months)
  GROUP BY game_id, game_date`
      : ""
  }
)`;

const CONTEXT = `WITH ${SCHEDULE_OR_RESULTS},
${TEAM_GAMES},
${playerBox(SEASON_START, "who")},
${ROSTER_KEYS},
players_of_game AS (
  SELECT game_id, game_date, COUNTIF(seconds > 0) AS players FROM player_box GROUP BY game_id, game_date
),
final_games AS (
  SELECT
    g.game_id, g.game_date, g.season_year, g.home_team_abbr, g.away_team_abbr,
    COALESCE(b.players, 0) AS players, COALESCE(t.sides, 0) AS sides
  FROM schedule AS g
  LEFT JOIN players_of_game AS b ON b.game_id = g.game_id AND b.game_date = g.game_date
  LEFT JOIN (
    SELECT game_id, game_date, COUNT(DISTINCT team_abbr) AS sides FROM nba_raw.nbac_team_boxscore
    WHERE game_date BETWEEN @start_date AND @end_date GROUP BY game_id, game_date
  ) AS t ON t.game_id = g.game_id AND t.game_date = g.game_date
  WHERE g.game_status = 3
),
careers AS (
  SELECT player_lookup, season_year, ARRAY_AGG(game_date ORDER BY game_date) AS game_dates
  FROM (
    SELECT b.player_lookup, b.game_date, ${seasonOf("b.game_date")} AS season_year
    FROM player_box AS b
    JOIN final_games AS g ON g.game_id = b.game_id AND g.game_date = b.game_date
    WHERE b.seconds > 0
  ) AS played
  GROUP BY player_lookup, season_year
),
fifth_games AS (
  SELECT player_lookup, season_year, game_dates[SAFE_OFFSET(4)] AS game_date FROM careers WHERE ARRAY_LENGTH(game_dates) >= 5
),
game_dates AS (
  SELECT DISTINCT game_date, season_year FROM playing
),
players_before AS (
  SELECT d.game_date, COUNT(p.player_lookup) AS players
  FROM game_dates AS d
  LEFT JOIN careers AS p ON p.season_year = d.season_year AND p.game_dates[OFFSET(0)] < d.game_date
  GROUP BY d.game_date
),
first_team_games AS (
  SELECT team_abbr, season_year, MIN(game_date) AS game_date
  FROM team_games WHERE game_status = 3 GROUP BY team_abbr, season_year
),
teams_before AS (
  SELECT d.game_date, COUNT(t.team_abbr) AS teams
  FROM game_dates AS d
  LEFT JOIN first_team_games AS t ON t.season_year = d.season_year AND t.game_date < d.game_date
  GROUP BY d.game_date
)`;

const CONTEXT_PARTS = [GAMES, ...[...EXPECTED].map(expectedOf), ...RAW_TABLES.map(rawCounts)];

/** The part of the next that the raw tables alone decide: games, expected rows, raw rows. */
export const CONTEXT_SQL = `${CONTEXT}
${together(CONTEXT_PARTS)}`;

/**
 * The one statement behind the grid, checks and plans: for all dates of @start_date to
 * @end_date (whole seasons) the games, and for every table rows, different grain keys,
 * oldest and newest processed_at, and the rows expected. Its cost does not depend on
 * how many cells are asked for.
 */
export const COVERAGE_SQL =
  PROCESSORS.length === 0
    ? CONTEXT_SQL
    : `${CONTEXT},
counted AS (
  ${together(PROCESSORS.map((table) => countsOf(table, IN_RANGE)))}
)
${together([
  ...CONTEXT_PARTS,
  "SELECT * FROM counted WHERE n = m",
  exactCountsOf(
    PROCESSORS,
    (table) =>
      `${IN_RANGE(table)} AND ${dateOf(table)} IN (SELECT d FROM counted WHERE name = '${table.short}' AND n <> m)`,
  ),
])}`;

/** Of a table's dates of its own: @dates_SHORT, from @first_SHORT to @last_SHORT; by BETWEEN too, as partitions are left unread by it. */
function onDates(table: Processor): string {
  const [date, { short }] = [dateOf(table), table];
  return `${date} BETWEEN @first_${short} AND @last_${short} AND ${date} IN (SELECT d FROM UNNEST(@dates_${short}) AS d)`;
}

/** The rest of it for some tables on dates of their own; where n and m of a date differ, exactCountsSql is to be asked. */
export const countsSql = (tables: readonly Processor[]): string =>
  together(tables.map((table) => countsOf(table, onDates)));

/** The same with keys counted one by one, and how often the most repeated one is there. */
export const exactCountsSql = (tables: readonly Processor[]): string => exactCountsOf(tables, onDates);
