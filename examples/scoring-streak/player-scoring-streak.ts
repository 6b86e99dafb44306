import { columns, nbaSql, type Table } from "fullcourt";

const { GAME_DATES, gameWindows, holdsFor, NEXT_DATE, SCHEDULE, SEASON_TO_DATE } = nbaSql;

/**
 * pss: in how many games in a row each player has scored 20 points or more, before D. A fact row carries the
 * streak that it ends and holds until his next game.
 */
export const playerScoringStreak: Table = {
  id: "pss",
  name: "player_scoring_streak",
  description: "games in a row with 20 points of one player before the date",
  dataset: "nba_precompute",
  layer: "precompute",
  due: "beforehand",
  warmUpDays: 14,
  dateColumn: "game_date",
  grain: ["game_date", "player_lookup"],
  inputs: [
    { table: "nbac_schedule", edge: "same-date", window: { kind: "same" }, critical: true },
    {
      table: "pgs",
      edge: "lookback",
      window: { kind: "epochToDate" },
      critical: true,
      freshness: { warnHours: 24, failHours: 72 },
    },
  ],
  expected: { sameAs: "psza" },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["game_date", "DATE", "date D; only games before it count"],
    ["streak", "INT64", "games in a row with 20 points or more, up to his last one"],
    ["games_played", "INT64", "his games of the season with minutes"],
  ),
  build: {
    kind: "sql",
    sql: `WITH ${SCHEDULE},
${GAME_DATES},
numbered AS (
  SELECT
    player_lookup, season_year, game_date, game_id, points,
    ROW_NUMBER() OVER (PARTITION BY player_lookup, season_year ORDER BY game_date, game_id) AS n
  FROM nba_analytics.player_game_summary
  WHERE ${SEASON_TO_DATE}
),
streaks AS (
  SELECT
    player_lookup, season_year, game_date, n,
    ${NEXT_DATE} OVER in_order AS next_date,
    n - MAX(IF(points >= 20, 0, n)) OVER so_far AS streak
  FROM numbered
  ${gameWindows("player_lookup")}
)
SELECT s.player_lookup, d.game_date, s.streak, s.n AS games_played
FROM dates AS d
JOIN streaks AS s ON ${holdsFor("s", "d")}`,
  },
};
