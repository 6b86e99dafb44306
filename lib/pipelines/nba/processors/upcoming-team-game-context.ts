import { columns } from "../../../engine/pipeline/columns";
import { lookback, sameDate } from "../../../engine/pipeline/inputs";
import type { Table } from "../../../engine/pipeline/types";
import { holdsFor, inRange, NEXT_DATE, oneRowPerGrain, ROSTERED, seasonOf } from "../sources/sql";
import { ARENAS, PLACES, SITES } from "../teams";

const BY_TEAM = "(PARTITION BY team_abbr, season_year ORDER BY game_date, game_id)";
const LAST_DAYS = (days: number) =>
  `(PARTITION BY team_abbr, season_year ORDER BY UNIX_DATE(game_date) RANGE BETWEEN ${days} PRECEDING AND 1 PRECEDING)`;

const list = (rows: ReadonlyArray<readonly string[]>, columns: readonly string[]): string => {
  const [first = [], ...rest] = rows;
  const named = first.map((value, i) => `${value} AS ${columns[i]}`);
  return `UNNEST([
    ${[`STRUCT(${named.join(", ")})`, ...rest.map((row) => `(${row.join(", ")})`)].join(",\n    ")}])`;
};

/** Each home of each abbreviation, from its first season to the next one's, as one out of its time has a place too. */
const HOMES = list(
  ARENAS.map(({ abbr, lat, lon, first }, i) => {
    const [before, next] = [ARENAS[i - 1], ARENAS[i + 1]];
    const since = before?.abbr === abbr ? first : 0;
    const until = next?.abbr === abbr ? next.first - 1 : 9999;
    return [`'${abbr}'`, `${since}`, `${until}`, lat.toFixed(3), lon.toFixed(3)];
  }),
  ["team_abbr", "first_season", "last_season", "lat", "lon"],
);

/** Games at neither's home, by their dates and the teams that meet (NULL: all of the dates). */
const NEUTRAL = list(
  SITES.map(({ place, first, last, teams }) => [
    `DATE '${first}'`,
    `DATE '${last}'`,
    teams ? `'${teams[0]}'` : "CAST(NULL AS STRING)",
    teams ? `'${teams[1]}'` : "CAST(NULL AS STRING)",
    ...PLACES[place].map((degrees) => degrees.toFixed(3)),
  ]),
  ["first_date", "last_date", "one_team", "other_team", "lat", "lon"],
);

/**
 * utgc: what is known of each team before its game of D.
 * Rest counts every game of the schedule that is not postponed; results only final ones.
 * Travel is the great circle (haversine, radius 3,958.8 miles) from the arena of the
 * team's previous game, from its own arena before the first; home_game is as the schedule says, on neutral courts too.
 */
export const upcomingTeamGameContext: Table = {
  id: "utgc",
  name: "upcoming_team_game_context",
  description: "what is known of one team before its game",
  dataset: "nba_analytics",
  layer: "analytics",
  due: "beforehand",
  dateColumn: "game_date",
  grain: ["game_date", "team_abbr"],
  inputs: [
    sameDate("nbac_schedule", { hours: [12, 36] }),
    lookback("nbac_schedule", { kind: "epochToDate" }),
    sameDate("nbac_injury_report", { critical: false, hours: [8, 24], invalidates: true }),
    sameDate("odds_game_lines", { critical: false, hours: [4, 12], invalidates: true }),
    // Whose injured players and which of them start: for the two counts of the injury report.
    sameDate("team_rosters", { critical: false }),
    lookback("nbac_gamebook_player_stats", { kind: "epochToDate" }, { critical: false }),
    lookback("bdl_player_boxscores", { kind: "epochToDate" }, { critical: false }),
  ],
  expected: {
    words: "two for every game that is not postponed",
    sql: "SELECT game_date AS d, COUNT(*) AS n FROM playing GROUP BY game_date",
  },
  columns: columns(
    ["team_abbr", "STRING", "the team"],
    ["game_id", "STRING", "the game of the date"],
    ["game_date", "DATE", "US Eastern date"],
    ["season_year", "INT64", "year in which the season began"],
    ["opponent_team_abbr", "STRING", "the other team"],
    ["home_game", "BOOL", "plays at home"],
    ["is_back_to_back", "BOOL", "played the day before"],
    ["days_since_last_game", "INT64", "D - the day of the last game; NULL before the first"],
    ["team_days_rest", "INT64", "days_since_last_game - 1"],
    ["game_number_in_season", "INT64", "1 for the first game"],
    ["games_in_last_7_days", "INT64", "games on the 7 days before D"],
    ["games_in_last_14_days", "INT64", "games on the 14 days before D"],
    ["team_win_streak_entering", "INT64", "wins in a row before D"],
    ["team_loss_streak_entering", "INT64", "losses in a row before D"],
    ["last_game_margin", "INT64", "own - opponent's points in the last final game"],
    ["last_game_result", "STRING", "W or L"],
    ["travel_miles", "FLOAT64", "great circle from the arena of the last game, miles"],
    ["game_spread", "FLOAT64", "home team's spread"],
    ["game_total", "FLOAT64", "total points line"],
    ["starters_out_count", "INT64", "players listed out who started the last game that they played"],
    ["questionable_players_count", "INT64", "players listed questionable"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${ROSTERED},
homes AS (
  SELECT * FROM ${HOMES}
),
neutral AS (
  SELECT game_date, site.one_team, site.other_team, site.lat, site.lon
  FROM ${NEUTRAL} AS site, UNNEST(GENERATE_DATE_ARRAY(site.first_date, site.last_date)) AS game_date
),
games_at AS (
  SELECT t.*, COALESCE(n.lat, h.lat) AS lat, COALESCE(n.lon, h.lon) AS lon
  FROM team_games AS t
  LEFT JOIN homes AS h
    ON h.team_abbr = IF(t.home_game, t.team_abbr, t.opponent_team_abbr)
    AND t.season_year BETWEEN h.first_season AND h.last_season
  LEFT JOIN neutral AS n
    ON n.game_date = t.game_date
    AND (n.one_team IS NULL OR t.team_abbr IN (n.one_team, n.other_team) AND t.opponent_team_abbr IN (n.one_team, n.other_team))
),
calendar AS (
  SELECT
    t.game_id, t.game_date, t.season_year, t.team_abbr, t.opponent_team_abbr, t.home_game,
    DATE_DIFF(t.game_date, LAG(t.game_date) OVER ${BY_TEAM}, DAY) AS days_since_last_game,
    ROW_NUMBER() OVER ${BY_TEAM} AS game_number,
    COUNT(*) OVER ${LAST_DAYS(7)} AS games_7,
    COUNT(*) OVER ${LAST_DAYS(14)} AS games_14,
    t.lat, t.lon,
    LAG(t.lat) OVER ${BY_TEAM} AS last_lat, LAG(t.lon) OVER ${BY_TEAM} AS last_lon
  FROM games_at AS t
),
travels AS (
  SELECT
    c.*,
    COALESCE(c.last_lat, h.lat) * ACOS(-1) / 180 AS lat_1, COALESCE(c.last_lon, h.lon) * ACOS(-1) / 180 AS lon_1,
    c.lat * ACOS(-1) / 180 AS lat_2, c.lon * ACOS(-1) / 180 AS lon_2
  FROM calendar AS c
  LEFT JOIN homes AS h
    ON h.team_abbr = c.team_abbr AND c.season_year BETWEEN h.first_season AND h.last_season
),
finals AS (
  SELECT
    team_abbr, season_year, game_id, game_date,
    own_score - opponent_score AS margin,
    ROW_NUMBER() OVER ${BY_TEAM} AS n
  FROM team_games
  WHERE game_status = 3 AND own_score IS NOT NULL AND opponent_score IS NOT NULL
),
results AS (
  SELECT
    team_abbr, season_year, game_date, margin,
    ${NEXT_DATE} OVER ${BY_TEAM} AS next_date,
    n - MAX(IF(margin < 0, n, 0)) OVER ${BY_TEAM} AS win_streak,
    n - MAX(IF(margin > 0, n, 0)) OVER ${BY_TEAM} AS loss_streak
  FROM finals
),
injuries AS (
  ${oneRowPerGrain("nbac_injury_report")}
),
listed_players AS (
  SELECT r.game_date, r.team_abbr, r.player_lookup, LOWER(i.status) AS status
  FROM roster AS r
  JOIN injuries AS i ON i.game_date = r.game_date AND i.player_lookup = r.player_lookup
),
last_starts AS (
  SELECT l.game_date, l.player_lookup, b.started
  FROM listed_players AS l
  JOIN player_box AS b
    ON b.player_lookup = l.player_lookup AND b.game_date < l.game_date AND b.seconds > 0
    AND ${seasonOf("b.game_date")} = ${seasonOf("l.game_date")}
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY l.game_date, l.player_lookup ORDER BY b.game_date DESC, b.game_id DESC) = 1
),
absences AS (
  SELECT
    l.game_date, l.team_abbr,
    COUNTIF(l.status = 'out' AND s.started) AS starters_out,
    COUNTIF(l.status = 'questionable') AS questionable
  FROM listed_players AS l
  LEFT JOIN last_starts AS s ON s.game_date = l.game_date AND s.player_lookup = l.player_lookup
  GROUP BY l.game_date, l.team_abbr
),
lines AS (
  ${oneRowPerGrain("odds_game_lines", "TRUE")}
)
SELECT
  c.team_abbr,
  c.game_id,
  c.game_date,
  c.season_year,
  c.opponent_team_abbr,
  c.home_game,
  COALESCE(c.days_since_last_game = 1, FALSE) AS is_back_to_back,
  c.days_since_last_game,
  c.days_since_last_game - 1 AS team_days_rest,
  c.game_number AS game_number_in_season,
  c.games_7 AS games_in_last_7_days,
  c.games_14 AS games_in_last_14_days,
  COALESCE(r.win_streak, 0) AS team_win_streak_entering,
  COALESCE(r.loss_streak, 0) AS team_loss_streak_entering,
  r.margin AS last_game_margin,
  CASE WHEN r.margin > 0 THEN 'W' WHEN r.margin < 0 THEN 'L' END AS last_game_result,
  2 * 3958.8 * ASIN(SQRT(
    POWER(SIN((c.lat_2 - c.lat_1) / 2), 2)
    + COS(c.lat_1) * COS(c.lat_2) * POWER(SIN((c.lon_2 - c.lon_1) / 2), 2))) AS travel_miles,
  lines.spread AS game_spread,
  lines.total AS game_total,
  COALESCE(x.starters_out, 0) AS starters_out_count,
  COALESCE(x.questionable, 0) AS questionable_players_count
FROM travels AS c
LEFT JOIN results AS r
  ON r.team_abbr = c.team_abbr AND ${holdsFor("r", "c")}
LEFT JOIN absences AS x ON x.game_date = c.game_date AND x.team_abbr = c.team_abbr
LEFT JOIN lines ON lines.game_id = c.game_id
WHERE ${inRange("c.game_date")}`,
  },
};
