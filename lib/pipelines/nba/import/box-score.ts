import {
  cell,
  counts,
  countsAs,
  DATES,
  type Format,
  gameMinutes,
  LOOKUP,
  NBA_COUNTS,
  optional,
  required,
  withDates,
  withLookups,
} from "./types";

/** nba_api's BoxScoreTraditional, player_stats: a line a player of the game; who did not play has no minutes. */
const playersOf = (version: string, cells: Format["cells"], names: { player_name?: string } = {}): Format => ({
  name: `BoxScoreTraditional${version} (player_stats)`,
  cells,
  rows: {
    nbac_gamebook_player_stats: {
      ...LOOKUP,
      ...DATES,
      ...names,
      plus_minus: "CAST(plus_minus AS BIGINT)",
      started: "position IS NOT NULL",
      player_status: "CASE WHEN minutes IS NULL THEN 'dnp' ELSE 'active' END",
      dnp_reason: "CASE WHEN minutes IS NULL THEN comment END",
      _player: "player_id",
      _whole: "true",
    },
  },
  from: (lines) => withDates(withLookups(lines, names.player_name)),
});

const V2_COUNTS = counts({ ...NBA_COUNTS, turnovers: "to" });

export const playersV2 = playersOf("V2", {
  game_id: required("game_id", "id"),
  team_abbr: required("team_abbreviation", "text"),
  player_id: required("player_id", "text"),
  player_name: cell("player_name", "text"),
  position: cell("start_position", "text"),
  comment: optional("comment", "text"),
  minutes: cell("min", "clock"),
  ...V2_COUNTS,
  plus_minus: optional("plus_minus", "number"),
});

/** nba_api's BoxScoreTraditionalV2, team_stats: two lines a game. */
export const teamsV2: Format = {
  name: "BoxScoreTraditionalV2 (team_stats)",
  cells: {
    game_id: required("game_id", "id"),
    team_abbr: required("team_abbreviation", "text"),
    team_city: cell("team_city", "text"),
    played: cell("min", "clock"),
    ...V2_COUNTS,
  },
  rows: { nbac_team_boxscore: { ...DATES, minutes: gameMinutes("(fc_seconds(played) / 60)") } },
  from: withDates,
};

/** V3's names are the raw table's without lines, but for these. */
const V3_NAMES: Record<string, string> = {
  offensive_rebounds: "reboundsoffensive",
  defensive_rebounds: "reboundsdefensive",
  personal_fouls: "foulspersonal",
};

export const playersV3 = playersOf(
  "V3",
  {
    game_id: required("gameid", "id"),
    team_abbr: required("teamtricode", "text"),
    player_id: required("personid", "text"),
    first: cell("firstname", "text"),
    family: cell("familyname", "text"),
    position: cell("position", "text"),
    comment: optional("comment", "text"),
    minutes: cell("minutes", "clock"),
    ...counts(countsAs((column) => V3_NAMES[column] ?? column.replaceAll("_", ""))),
    plus_minus: optional("plusminuspoints", "number"),
  },
  { player_name: "concat_ws(' ', first, family)" },
);
