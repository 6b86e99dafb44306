import type { SqlCalendar } from "../../engine/pipeline/types";
import {
  IS_OF_SEASON,
  isOfSeason,
  isOn,
  playerBox,
  ROSTER_KEYS,
  SCHEDULE,
  SEASON_START,
  scheduleAs,
  seasonOf,
  TEAM_GAMES,
} from "./sources/sql";

/**
 * `schedule` with the games that results alone know of: those of calendar months in which the
 * schedule has no game at all, as other programs' warehouses may have lost it. Their scores are not known, but that they were played.
 */
const SCHEDULE_OR_RESULTS = `${scheduleAs("listed_games")},
listed_months AS (
  SELECT DISTINCT EXTRACT(YEAR FROM game_date) * 100 + EXTRACT(MONTH FROM game_date) AS game_month FROM listed_games
),
schedule AS (
  SELECT *, 0 AS from_results FROM listed_games
  UNION ALL
  SELECT
    game_id, game_date, 3 AS game_status,
    MIN(LEAST(team_abbr, opponent_team_abbr)) AS home_team_abbr,
    MAX(GREATEST(team_abbr, opponent_team_abbr)) AS away_team_abbr,
    0 AS home_team_score, 0 AS away_team_score, FALSE AS is_playoffs,
    ${seasonOf("game_date")} AS season_year, 1 AS from_results
  FROM nba_analytics.player_game_summary
  WHERE game_date BETWEEN ${SEASON_START} AND @end_date AND ${isOfSeason.byId}
    AND EXTRACT(YEAR FROM game_date) * 100 + EXTRACT(MONTH FROM game_date)
      NOT IN (SELECT game_month FROM listed_months)
  GROUP BY game_id, game_date
)`;

/** Games by date: who plays is known by the teams' short names. */
const games = (more: string): string => `SELECT
    g.game_date AS d, COUNTIF(${isOn("g.game_status")}) AS due, COUNTIF(g.game_status = 3) AS done,
    COUNTIF(NOT ${isOn("g.game_status")}) AS cancelled,
    STRING_AGG(IF(${isOn("g.game_status")}, CONCAT(g.home_team_abbr, ',', g.away_team_abbr), NULL), ',' ORDER BY g.game_id) AS members${more}
  FROM schedule AS g
  GROUP BY g.game_date`;

/** What is expected and served of a date, over a `schedule`: final games, rosters, careers and teams so far. */
const context = (schedule: string): string => `${schedule},
${TEAM_GAMES},
${playerBox(SEASON_START, "who")},
${ROSTER_KEYS},
known_rosters AS (
  SELECT game_date, team_abbr FROM latest_snapshot UNION ALL SELECT game_date, team_abbr FROM latest_box
),
players_of_game AS (
  SELECT game_id, game_date, COUNTIF(seconds > 0) AS players FROM player_box GROUP BY game_id, game_date
),
games_seen AS (
  SELECT
    g.game_id, g.game_date, g.season_year, g.game_status, g.home_team_abbr, g.away_team_abbr,
    COALESCE(b.players, 0) AS players, COALESCE(t.sides, 0) AS sides,
    g.game_status = 3 AND g.home_team_score IS NULL AND g.away_team_score IS NULL
      AND COALESCE(b.players, 0) = 0 AND COALESCE(t.sides, 0) = 0 AS is_unseen
  FROM schedule AS g
  LEFT JOIN players_of_game AS b ON b.game_id = g.game_id AND b.game_date = g.game_date
  LEFT JOIN (
    SELECT game_id, game_date, COUNT(DISTINCT team_abbr) AS sides FROM nba_raw.nbac_team_boxscore
    WHERE game_date BETWEEN @start_date AND @end_date GROUP BY game_id, game_date
  ) AS t ON t.game_id = g.game_id AND t.game_date = g.game_date
  WHERE ${isOn("g.game_status")}
),
final_games AS (
  SELECT game_id, game_date, season_year, home_team_abbr, away_team_abbr, players, sides
  FROM games_seen
  WHERE game_status = 3 AND NOT is_unseen
),
careers AS (
  SELECT player_lookup, season_year, ARRAY_AGG(game_date ORDER BY game_date) AS game_dates
  FROM (
    SELECT b.player_lookup, b.game_date, g.season_year
    FROM player_box AS b
    JOIN final_games AS g ON g.game_id = b.game_id AND g.game_date = b.game_date
    WHERE b.seconds > 0
  ) AS played
  GROUP BY player_lookup, season_year
),
game_dates AS (
  SELECT DISTINCT game_date, season_year FROM playing
),
fifth_games AS (
  SELECT c.player_lookup, c.game_dates[SAFE_OFFSET(4)] AS game_date, s.last_date
  FROM careers AS c
  JOIN (SELECT season_year, MAX(game_date) AS last_date FROM game_dates GROUP BY season_year) AS s
    ON s.season_year = c.season_year
  WHERE ARRAY_LENGTH(c.game_dates) >= 5
),
players_before AS (
  SELECT d.game_date, COUNT(p.player_lookup) AS players
  FROM game_dates AS d
  LEFT JOIN careers AS p ON p.season_year = d.season_year AND p.game_dates[OFFSET(0)] < d.game_date
  GROUP BY d.game_date
),
first_team_games AS (
  SELECT team_abbr, season_year, MIN(game_date) AS game_date
  FROM (
    SELECT home_team_abbr AS team_abbr, season_year, game_date FROM final_games WHERE sides = 2
    UNION ALL
    SELECT away_team_abbr AS team_abbr, season_year, game_date FROM final_games WHERE sides = 2
  ) AS served_teams
  GROUP BY team_abbr, season_year
),
teams_before AS (
  SELECT d.game_date, COUNT(t.team_abbr) AS teams
  FROM game_dates AS d
  LEFT JOIN first_team_games AS t ON t.season_year = d.season_year AND t.game_date < d.game_date
  GROUP BY d.game_date
)`;

/**
 * What the schedule may be wrong of: games that it calls final, without a score of its own or a box score anywhere, and
 * such that it does not call final although their box scores are there.
 */
const doubts = `SELECT game_date AS d, CONCAT(away_team_abbr, ' @ ', home_team_abbr) AS unit, is_unseen
  FROM games_seen
  WHERE is_unseen OR (game_status <> 3 AND (players >= 16 OR sides = 2))`;

/** The dates of the league's schedule; where it was lost, those of results. */
export const calendar: SqlCalendar = {
  kind: "sql",
  ctes: context(SCHEDULE),
  query: games(""),
  doubts,
  fallback: {
    table: "pgs",
    ctes: context(SCHEDULE_OR_RESULTS),
    query: games(",\n    MAX(g.from_results) = 1 AS from_fallback"),
    known: `SELECT game_date AS d FROM nba_analytics.player_game_summary AS of_pgs WHERE ${isOfSeason.byId}`,
  },
  known: `SELECT game_date AS d FROM nba_raw.nbac_schedule WHERE ${IS_OF_SEASON}`,
};
