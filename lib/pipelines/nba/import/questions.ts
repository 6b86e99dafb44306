import type { Importer } from "../../../engine/import/importer";

/** Games of the schedule: their date, teams and scores. */
const gamesWhere = (condition: string) => `SELECT game_id, MAX(game_date) AS game_date, MAX(home_team_abbr) AS home,
    MAX(away_team_abbr) AS away, MAX(home_team_score) AS home_score, MAX(away_team_score) AS away_score
  FROM nba_raw.nbac_schedule WHERE ${condition} AND game_id IS NOT NULL GROUP BY game_id`;

const rangeOf = ([first = "", last = ""]: readonly string[]) => ({
  start_date: { type: "DATE", value: first } as const,
  end_date: { type: "DATE", value: last } as const,
});

/** Tables that say who plays, each with the column of its date. */
const NAMES_PLAYERS = {
  nbac_gamebook_player_stats: "game_date",
  bdl_player_boxscores: "game_date",
  team_rosters: "roster_date",
};

/** What an import asks of the warehouse: of games by their ids; of dates, from the first to the last. */
export const questions: NonNullable<Importer["questions"]> = {
  games: (ids) => ({
    sql: gamesWhere("game_id IN (SELECT g FROM UNNEST(@games) AS g)"),
    params: { games: { type: "ARRAY<STRING>", value: [...ids] } },
  }),
  gamesOn: (dates) => ({
    sql: gamesWhere("game_date BETWEEN @start_date AND @end_date"),
    params: rangeOf(dates),
  }),
  // Players who are known a year before already count: a source may name who has not played yet.
  playersOn: (dates) => ({
    sql: `SELECT DISTINCT player_lookup FROM (
    ${Object.entries(NAMES_PLAYERS)
      .map(
        ([table, date]) =>
          `SELECT player_lookup FROM nba_raw.${table} WHERE ${date} BETWEEN DATE_SUB(@start_date, INTERVAL 1 YEAR) AND @end_date`,
      )
      .join(" UNION ALL ")}
    ) AS known WHERE player_lookup IS NOT NULL`,
    params: rangeOf(dates),
  }),
};
