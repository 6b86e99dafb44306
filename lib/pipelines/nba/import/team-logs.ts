import { counts, type Format, GAME_KIND, gameMinutes, NBA_COUNTS, optional, required } from "./types";

/** Cells of NBA.com's game logs. */
export const LOG = {
  game_id: required("game_id", "id"),
  game_date: required("game_date", "date"),
  matchup: required("matchup", "matchup"),
  ...counts(NBA_COUNTS),
};

const IS_HOME = "matchup[5:7] = 'vs.'";
export const OWN = "upper(matchup[:3])";
const OTHER = "upper(right(matchup, 3))";

/** nba_api's LeagueGameLog of teams, TeamGameLog and TeamGameLogs: a line a team and game. */
export const teamLogs: Format = {
  name: "NBA.com team logs (LeagueGameLog, TeamGameLogs)",
  cells: { ...LOG, team: optional("team_abbreviation", "text"), played: optional("min", "number") },
  rows: {
    nbac_team_boxscore: { team_abbr: `coalesce(team, ${OWN})`, is_home: IS_HOME, minutes: gameMinutes("played") },
    nbac_schedule: {
      ...GAME_KIND,
      game_status: "3",
      home_team_abbr: `CASE WHEN ${IS_HOME} THEN ${OWN} ELSE ${OTHER} END`,
      away_team_abbr: `CASE WHEN ${IS_HOME} THEN ${OTHER} ELSE ${OWN} END`,
      home_team_score: `CASE WHEN ${IS_HOME} THEN points END`,
      away_team_score: `CASE WHEN NOT (${IS_HOME}) THEN points END`,
    },
  },
};
