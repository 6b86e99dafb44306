/**
 * Common table expressions (GoogleSQL) over the raw tables that more than one
 * statement needs. All read a raw table through one row per grain, the newest
 * processed_at first and then by value, so that every engine picks the same row.
 * They use the parameters @start_date and @end_date.
 */
import { LATE_DATES, seasonEnd, seasonStart } from "../season";
import { CANCELLED, COUNTS, type RawTable, rawTable } from "./index";

/** The season of a date, as seasonYear says it. */
export function seasonOf(date: string): string {
  return `(EXTRACT(YEAR FROM DATE_SUB(${date}, INTERVAL 9 MONTH))
    - IF(${date} BETWEEN DATE '${LATE_DATES.first}' AND DATE '${LATE_DATES.last}', 1, 0))`;
}

/** First day of the season of @start_date, as seasonStart says it. */
export const SEASON_START = `(CASE
    WHEN @start_date BETWEEN DATE '${seasonStart(2020)}' AND DATE '${seasonEnd(2020)}' THEN DATE '${seasonStart(2020)}'
    ELSE DATE(${seasonOf("@start_date")}, 10, 1) END)`;

/**
 * The date of the next row of a window, up to which the figures of a row hold; far off for the last
 * one, as a join on "is NULL or later" would compare every row with every other.
 */
export const NEXT_DATE = "LEAD(game_date, 1, DATE '9999-12-31')";

/** Windows over a season's games of each player or team, the row's own the last: `so_far`, and `last_N`. */
export function gameWindows(who: string, ...last: number[]): string {
  const since = (from: number | "UNBOUNDED") => `(in_order ROWS BETWEEN ${from} PRECEDING AND CURRENT ROW)`;
  return `WINDOW
    in_order AS (PARTITION BY ${who}, season_year ORDER BY game_date, game_id),
    ${last.map((n) => `last_${n} AS ${since(n - 1)},`).join("\n    ")}
    so_far AS ${since("UNBOUNDED")}`;
}

/** The row of `rows`, which has NEXT_DATE, that holds before the game of `row`. */
export const holdsFor = (rows: string, row: string): string =>
  `${rows}.season_year = ${row}.season_year AND ${rows}.game_date < ${row}.game_date AND ${rows}.next_date >= ${row}.game_date`;

/** A rate as an integer: the sum of floats depends on their order. */
export const exact = (rate: string): string => `CAST(ROUND(${rate} * 1e10) AS INT64)`;

/** The mean of a rate over a window, by integers. */
export const meanOver = (window: string, rate: string): string =>
  `SUM(${exact(rate)}) OVER ${window} / NULLIF(COUNT(${rate}) OVER ${window}, 0) / 1e10`;

/** The game is not postponed (4) or cancelled (4, 9). */
export const isOn = (status = "game_status"): string => `${status} NOT IN ${CANCELLED}`;

/**
 * By its NBA.com id of ten digits a game is preseason (001) or an All-Star game (003), which are not the season's; 002 is
 * regular, 004 a playoff game, 005 a play-in, 006 the Cup's final. Of other ids nothing is known.
 */
const isOtherById = "(game_id LIKE '001__0____' OR game_id LIKE '003__0____')";

/** Rows of the schedule that are no games of the season: by their ids, or else by their flags. Nobody plays for the season in the autumn before it. */
const IS_OTHER = `(${isOtherById} OR COALESCE(is_all_star, FALSE) OR (
      game_id NOT LIKE '00________' AND EXTRACT(MONTH FROM game_date) IN (9, 10)
      AND NOT COALESCE(is_regular_season, TRUE) AND NOT COALESCE(is_playoffs, TRUE)))`;

/** Rows of the schedule that are games of the season. */
export const IS_OF_SEASON = `NOT ${IS_OTHER}`;

/** Rows about games that are not known to be others than the season's. */
export const isOfSeason = {
  byId: `NOT ${isOtherById}`,
  /** Needs SCHEDULE. */
  bySchedule: "game_id NOT IN (SELECT game_id FROM other_games)",
};

/** The dates of the range. */
export const inRange = (date = "game_date"): string => `${date} BETWEEN @start_date AND @end_date`;

/** The season's games before the range's last date. */
export const SEASON_TO_DATE = `game_date >= ${SEASON_START} AND game_date < @end_date`;

/** Rows of a raw table on the dates @start_date to @end_date; those whose date is not known belong to every range. */
export const rawRange = ({ dateColumn }: Pick<RawTable, "dateColumn">): string =>
  `(${inRange(dateColumn)} OR ${dateColumn} IS NULL)`;

/** Rows of a raw table, one per grain, of those that `where` (the range by default) leaves to choose from. */
export function oneRowPerGrain(name: string, where = inRange()): string {
  const table = rawTable(name);
  return `SELECT *
  FROM nba_raw.${name}
  WHERE ${where}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ${table.grain.join(", ")} ORDER BY ${newestFirst(table)}) = 1`;
}

/**
 * The order in which a grain's rows are chosen. With `needs` it stops at the last of those columns, as what comes after
 * changes none of them.
 */
function newestFirst({ grain, columns }: RawTable, needs?: readonly string[]): string {
  const others = columns.map((column) => column.name).filter((column) => !grain.includes(column));
  const last = needs ? Math.max(...needs.map((column) => others.indexOf(column))) : others.length;
  return ["processed_at DESC", ...others.slice(0, last + 1).map((column) => `${column} DESC`)].join(", ");
}

/**
 * The same rows, of some columns alone: keys and at least one other. Nearly all keys have one row: grouping tells, at a
 * third of what sorting costs, and the rows of the others alone are put in order.
 */
function someOfOneRow(name: string, where: string, needs: readonly string[]): string {
  const table = rawTable(name);
  const keys = table.grain.join(", ");
  const values = needs.filter((column) => !table.grain.includes(column));
  const same = table.grain.map((key) => `k.${key} IS NOT DISTINCT FROM r.${key}`).join(" AND ");
  const from = `nba_raw.${name}
  WHERE ${where}`;
  return `WITH keyed AS (
    SELECT ${keys}, COUNT(*) AS copies, ${values.map((value) => `ANY_VALUE(${value}) AS ${value}`).join(", ")}
    FROM ${from}
    GROUP BY ${keys}
  )
  SELECT ${needs.join(", ")} FROM keyed WHERE copies = 1
  UNION ALL
  SELECT ${needs.join(", ")}
  FROM (
    SELECT r.* FROM (SELECT * FROM ${from}) AS r JOIN keyed AS k ON ${same} WHERE k.copies > 1
  ) AS rivals
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${newestFirst(table, needs)}) = 1`;
}

/**
 * `schedule`: every game of the seasons in play, at its latest date and status; `other_games`: those that are not the season's.
 * A game that moved has a row on either date: all rows are read of each game that has one in the
 * range, and the choice comes before the date filter.
 */
export function scheduleAs(name: string): string {
  return `schedule_rows AS (
  ${oneRowPerGrain(
    "nbac_schedule",
    `game_id IN (SELECT game_id FROM nba_raw.nbac_schedule WHERE game_date BETWEEN ${SEASON_START} AND @end_date)`,
  )}
),
other_games AS (
  SELECT game_id FROM schedule_rows WHERE ${IS_OTHER}
),
${name} AS (
  SELECT
    game_id, game_date, game_status, home_team_abbr, away_team_abbr, home_team_score, away_team_score,
    COALESCE(is_playoffs, FALSE) OR game_id LIKE '004_______' AS is_playoffs,
    ${seasonOf("game_date")} AS season_year
  FROM schedule_rows
  WHERE ${IS_OF_SEASON}
    AND game_date BETWEEN ${SEASON_START} AND @end_date
)`;
}

export const SCHEDULE = scheduleAs("schedule");

/** `dates`: the dates of the range with a game that is not postponed. Needs SCHEDULE. */
export const GAME_DATES = `dates AS (
  SELECT DISTINCT game_date, season_year
  FROM schedule
  WHERE ${isOn()} AND ${inRange()}
)`;

/** `team_games`: two rows a game of schedule that is not postponed, one for each side. Needs SCHEDULE. */
export const TEAM_GAMES = `team_games AS (
  SELECT
    game_id, game_date, season_year, game_status, is_playoffs,
    home_team_abbr AS team_abbr, away_team_abbr AS opponent_team_abbr, TRUE AS home_game,
    home_team_score AS own_score, away_team_score AS opponent_score
  FROM schedule WHERE ${isOn()}
  UNION ALL
  SELECT
    game_id, game_date, season_year, game_status, is_playoffs,
    away_team_abbr AS team_abbr, home_team_abbr AS opponent_team_abbr, FALSE AS home_game,
    away_team_score AS own_score, home_team_score AS opponent_score
  FROM schedule WHERE ${isOn()}
)`;

const BOX_KEYS = ["game_id", "game_date", "team_abbr", "player_lookup"];
const BOX_FIGURES = ["player_name", ...COUNTS.map(([name]) => name), "plus_minus", "started"];
const SECONDS = `(COALESCE(SAFE_CAST(SPLIT(minutes, ':')[SAFE_OFFSET(0)] AS INT64), 0) * 60
      + COALESCE(SAFE_CAST(SPLIT(minutes, ':')[SAFE_OFFSET(1)] AS INT64), 0))`;

/**
 * `player_box`: player box scores from an expression `from` to @end_date,
 * seconds played as an integer; of a game in which the gamebook gives nobody a minute, the second source where it
 * has the game. Needs SCHEDULE.
 * "who": who played how long for whom, and nothing else.
 */
export function playerBox(from = SEASON_START, what: "all" | "who" = "all"): string {
  const where = `game_date BETWEEN ${from} AND @end_date AND ${isOfSeason.byId}`;
  const columns = [...BOX_KEYS, ...(what === "who" ? [] : BOX_FIGURES)].join(", ");
  const more = (status: string, source: string) =>
    what === "who" ? "" : `, ${status} AS player_status, '${source}' AS source`;
  // Minutes are read once.
  const lines = (
    name: string,
    status: string,
  ) => `SELECT ${columns}, ${SECONDS} AS seconds${more(status, name.replace(/_player_stats$/, ""))}
  FROM (
  ${what === "who" ? someOfOneRow(name, where, [...BOX_KEYS, "minutes"]) : oneRowPerGrain(name, where)}
  ) AS rows_of_${name}`;
  return `gamebook AS (
  ${lines("nbac_gamebook_player_stats", "player_status")}
),
games_played AS (
  SELECT game_id FROM gamebook GROUP BY game_id HAVING MAX(seconds) > 0
),
second_source AS (
  SELECT * FROM (
  ${lines("bdl_player_boxscores", "CAST(NULL AS STRING)")}
  ) AS lines WHERE game_id NOT IN (SELECT game_id FROM games_played)
),
player_box AS (
  SELECT * FROM gamebook
  WHERE ${isOfSeason.bySchedule} AND game_id NOT IN (SELECT game_id FROM second_source)
  UNION ALL
  SELECT * FROM second_source
  WHERE ${isOfSeason.bySchedule}
)`;
}

/**
 * `roster`: who is on a team that plays on a date of the range: the latest snapshot
 * of the season on or before it; where a team has none, the players in its box score of
 * the date, or else of its latest game before; roster_source says which. Of several rosters, a player is on the
 * one that is known latest.
 * Grain (game_date, player_lookup). Needs SCHEDULE, TEAM_GAMES and player_box since the season's start.
 */
export const ROSTER = rosterOf("all");

/** `schedule`, `team_games`, `player_box` and `roster`. */
export const ROSTERED = [SCHEDULE, TEAM_GAMES, playerBox(), ROSTER].join(",\n");

/** As ROSTER, of date and player alone, for who counts them. */
export const ROSTER_KEYS = rosterOf("who");

function rosterOf(what: "all" | "who"): string {
  // Where players are counted, `roster` at the end tells doubled rows apart.
  const snapshots = `roster_date BETWEEN DATE_SUB(${SEASON_START}, INTERVAL 3 MONTH) AND @end_date`;
  // Rosters of the summer are the next season's, but where this one's games went on.
  const rosterSeason = `EXTRACT(YEAR FROM DATE_SUB(roster_date, INTERVAL 6 MONTH))
      - IF(roster_date BETWEEN DATE '2020-07-01' AND DATE '${LATE_DATES.last}' OR roster_date BETWEEN DATE '2021-07-01' AND DATE '2021-07-20', 1, 0)`;
  const birth = (expression: string) => (what === "who" ? "" : `, ${expression}`);
  return `playing AS (
  SELECT game_id, game_date, season_year, team_abbr
  FROM team_games
  WHERE ${inRange()}
),
roster_rows AS (
  ${what === "who" ? `SELECT roster_date, team_abbr, player_lookup FROM nba_raw.team_rosters WHERE ${snapshots}` : oneRowPerGrain("team_rosters", snapshots)}
),
snapshots AS (
  SELECT team_abbr, roster_date, ${rosterSeason} AS season_year
  FROM roster_rows
  GROUP BY team_abbr, roster_date
),
latest_snapshot AS (
  SELECT p.game_date, p.team_abbr, MAX(s.roster_date) AS roster_date
  FROM playing AS p
  JOIN snapshots AS s
    ON s.team_abbr = p.team_abbr AND s.season_year = p.season_year AND s.roster_date <= p.game_date
  GROUP BY p.game_date, p.team_abbr
),
unlisted AS (
  SELECT p.game_date, p.team_abbr, p.season_year
  FROM playing AS p
  LEFT JOIN latest_snapshot AS s ON s.game_date = p.game_date AND s.team_abbr = p.team_abbr
  WHERE s.team_abbr IS NULL
),
unlisted_box AS (
  SELECT team_abbr, game_date, player_lookup
  FROM player_box
  WHERE team_abbr IN (SELECT team_abbr FROM unlisted)
),
box_dates AS (
  SELECT team_abbr, game_date AS box_date, ${seasonOf("game_date")} AS season_year
  FROM unlisted_box
  GROUP BY team_abbr, game_date
),
latest_box AS (
  SELECT p.game_date, p.team_abbr, MAX(b.box_date) AS box_date
  FROM unlisted AS p
  JOIN box_dates AS b
    ON b.team_abbr = p.team_abbr AND b.season_year = p.season_year AND b.box_date <= p.game_date
  GROUP BY p.game_date, p.team_abbr
),
listed AS (
  SELECT s.game_date, s.team_abbr, r.player_lookup${birth("r.birth_date")}, s.roster_date AS known_date, 'roster' AS roster_source
  FROM latest_snapshot AS s
  JOIN roster_rows AS r ON r.team_abbr = s.team_abbr AND r.roster_date = s.roster_date
  UNION ALL
  SELECT DISTINCT
    l.game_date, l.team_abbr, b.player_lookup${birth("CAST(NULL AS DATE) AS birth_date")}, l.box_date AS known_date,
    IF(l.box_date = l.game_date, 'box_score', 'latest_box_score') AS roster_source
  FROM latest_box AS l
  JOIN unlisted_box AS b ON b.team_abbr = l.team_abbr AND b.game_date = l.box_date
),
roster AS (
  ${
    what === "who"
      ? "SELECT DISTINCT game_date, player_lookup FROM listed"
      : `SELECT game_date, team_abbr, player_lookup, birth_date, roster_source
  FROM listed
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY game_date, player_lookup ORDER BY known_date DESC, team_abbr, birth_date) = 1`
  }
)`;
}

const PAINT = "zone IN ('restricted_area', 'paint_non_ra')";

/**
 * `shot_games`: games of the range that have shots, and whether they know assists;
 * `shot_counts`: attempts, makes and blocks by zone for each game and player or team.
 */
export function shotCounts(by: "player_lookup" | "team_abbr"): string {
  return `shot_rows AS (
  ${oneRowPerGrain("shots")}
),
shot_games AS (
  SELECT game_id, COUNTIF(assisted IS NOT NULL) > 0 AS knows_assists FROM shot_rows GROUP BY game_id
),
shot_counts AS (
  SELECT
    game_id, ${by},
    COUNTIF(${PAINT}) AS paint_attempts,
    COUNTIF(${PAINT} AND made) AS paint_makes,
    COUNTIF(zone = 'mid_range') AS mid_range_attempts,
    COUNTIF(zone = 'mid_range' AND made) AS mid_range_makes,
    COUNTIF(made AND assisted) AS assisted_makes,
    COUNTIF(made AND NOT assisted) AS unassisted_makes,
    COUNTIF(${PAINT} AND blocked_by IS NOT NULL) AS blocks_paint,
    COUNTIF(zone = 'mid_range' AND blocked_by IS NOT NULL) AS blocks_mid_range,
    COUNTIF(shot_value = 3 AND blocked_by IS NOT NULL) AS blocks_three_pt
  FROM shot_rows
  GROUP BY game_id, ${by}
)`;
}
