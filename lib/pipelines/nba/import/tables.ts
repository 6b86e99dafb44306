import type { Format, ImportSession } from "../../../engine/import/importer";
import { FullcourtError } from "../../../errors";
import { few } from "../../../util/few";
import { COUNTS } from "../sources";
import { playersV2, playersV3, teamsV2 } from "./box-score";
import { teamLogs } from "./team-logs";
import { gameMinutes } from "./types";

const MAX_EXAMPLES = 5;

const PLAYERS = "nbac_gamebook_player_stats";
const SECOND = "bdl_player_boxscores";
const TEAMS = "nbac_team_boxscore";
const SCHEDULE = "nbac_schedule";

const hasWholeGames = ({ rows }: Format) => rows[PLAYERS]?._whole !== undefined;
/** Lines that know their games' dates by the schedule alone. */
const LACK_DATES: readonly Format[] = [playersV2, playersV3, teamsV2];

/** The schedule first, as it knows the games of the others; then players, who are added up to teams; and shots. */
export async function makeTables(session: ImportSession): Promise<void> {
  const { tables, files } = session;
  await session.run("CREATE TABLE known_games (game_id VARCHAR, _date DATE, _home VARCHAR)");
  if (tables.has(SCHEDULE)) await session.makeTable(SCHEDULE, await scheduleRows(session));
  await learnGames(session);
  if (tables.has(PLAYERS))
    await session.makeTable(PLAYERS, session.rowsOf(PLAYERS), async (rows) => {
      await checkNames(session, PLAYERS, rows);
      await partNamesakes(session, rows);
      await checkTeams(session, PLAYERS, rows);
    });
  if (tables.has(SECOND))
    await session.makeTable(SECOND, session.rowsOf(SECOND), (rows) => checkTeams(session, SECOND, rows));
  if (tables.has(TEAMS) || files.some(({ format }) => hasWholeGames(format)))
    await session.makeTable(TEAMS, teamRows(session));
  if (tables.has("shots"))
    await session.makeTable("shots", session.rowsOf("shots"), async (rows) => {
      await checkNames(session, "shots", rows);
      await numberShots(session, rows);
    });
}

/** The schedule's rows; of a game whose lines are its sides, one row of both. A game that lacks a side is left out. */
async function scheduleRows(session: ImportSession): Promise<string> {
  const whole = session.rowsOf(SCHEDULE, (format) => format !== teamLogs);
  const sides = session.rowsOf(SCHEDULE, (format) => format === teamLogs);
  if (!sides) return whole;
  await session.run(`CREATE TABLE sides AS SELECT * REPLACE (
      max(home_team_score) OVER game AS home_team_score, max(away_team_score) OVER game AS away_team_score)
    FROM (${sides})
    WINDOW game AS (PARTITION BY game_id) QUALIFY row_number() OVER (PARTITION BY game_id ORDER BY _id) = 1`);
  const half = "home_team_score IS NULL OR away_team_score IS NULL";
  const [lacking] = await session.first(`SELECT count(*) FROM sides WHERE ${half}`);
  if (Number(lacking) > 0)
    session.warn(
      `Games with one side only, whose rows of ${SCHEDULE} are left out: ${lacking}. Import the other teams' logs too.`,
    );
  return [...(whole ? [whole] : []), `SELECT * FROM sides WHERE NOT (${half})`].join("\nUNION ALL ");
}

/** Dates and home teams of games, of the files' own schedule or, for lines that need them, of the warehouse's. */
async function learnGames(session: ImportSession): Promise<void> {
  if (session.tables.has(SCHEDULE))
    await session.run(`INSERT INTO known_games SELECT game_id, game_date, home_team_abbr FROM final_${SCHEDULE}`);
  const needy = session.files.filter(({ format }) => LACK_DATES.includes(format));
  if (needy.length === 0) return;
  const unknown = async () =>
    (
      await session.ask(`SELECT DISTINCT game_id FROM (${needy.map(({ lines }) => `SELECT game_id FROM ${lines}`).join(" UNION ALL ")})
        WHERE game_id NOT IN (SELECT game_id FROM known_games) ORDER BY game_id`)
    ).flat() as string[];
  const asked = await unknown();
  if (asked.length === 0) return;
  const games = await session.askWarehouse("games", asked);
  await session.insert(
    "known_games",
    games.map((game) => [game.game_id, game.game_date, game.home]),
  );
  const without = await unknown();
  if (without.length > 0)
    throw new FullcourtError(
      "unknown_games",
      `The files do not say the dates of their games, and the schedule does not know ${few(without, MAX_EXAMPLES)}.`,
      "Import the schedule first, or together with them.",
    );
}

/** Of lines with a player's number: one number with two names, and one name with two numbers. */
async function checkNames(session: ImportSession, table: string, rows: string): Promise<void> {
  for (const [rule, one, two] of [
    ["a player's number has one name", "_player", "player_lookup"],
    ["a player's name has one number", "player_lookup", "_player"],
  ] as const)
    await session.find(
      rule,
      table,
      `SELECT min(_id) AS _id, ${one} AS key, ${one} || ' is ' || array_to_string(list(DISTINCT ${two} ORDER BY ${two}), ' and ') AS fault
       FROM ${rows} WHERE _player IS NOT NULL AND player_lookup IS NOT NULL GROUP BY ${one} HAVING min(${two}) <> max(${two})`,
    );
}

/** A player stands under both teams of a game. */
const checkTeams = (session: ImportSession, table: string, rows: string): Promise<void> =>
  session.find(
    "a player is on one team of a game",
    table,
    `SELECT max(_id) AS _id, concat_ws(' ', game_id, player_lookup) AS key,
       player_lookup || ' in ' || min(team_abbr) || ' and ' || max(team_abbr) AS fault
     FROM ${rows} GROUP BY game_id, player_lookup HAVING min(team_abbr) <> max(team_abbr)`,
  );

/** Who has no name is known by number; of two players of one name in a game the second gets his number to it. */
async function partNamesakes(session: ImportSession, rows: string): Promise<void> {
  const found = await session.ask(
    `SELECT player_lookup FROM ${rows} WHERE player_name IS NULL AND _player IS NOT NULL GROUP BY ALL ORDER BY min(_id)`,
  );
  if (found.length > 0)
    session.warn(
      `${PLAYERS}: ${found.length} ${found.length === 1 ? "player without a name is" : "players without a name are"} known by number: ${few(found.flat().map(String), MAX_EXAMPLES)}.`,
    );
  const namesakes = `SELECT 1 FROM ${rows} GROUP BY game_id, player_lookup HAVING min(_player) <> max(_player) LIMIT 1`;
  if ((await session.first(namesakes)).length === 0) return;
  await session.run(`UPDATE ${rows} SET player_lookup = player_lookup || _player FROM (
    SELECT game_id AS g, player_lookup AS l, min_by(_player, _id) AS owner FROM ${rows} WHERE _player IS NOT NULL GROUP BY ALL)
    WHERE game_id = g AND player_lookup = l AND _player <> owner`);
}

/** Attempts without a number get one, in the file's order. */
async function numberShots(session: ImportSession, rows: string): Promise<void> {
  if ((await session.first(`SELECT 1 FROM ${rows} WHERE shot_number IS NULL LIMIT 1`)).length === 0) return;
  await session.run(`UPDATE ${rows} SET shot_number = n FROM (
    SELECT _id AS id, row_number() OVER (PARTITION BY game_id ORDER BY _id) AS n FROM ${rows} WHERE shot_number IS NULL) WHERE _id = id`);
}

/** Team box scores: those of the files, and the sums of whole games' players for teams that have none there. */
function teamRows(session: ImportSession): string {
  const given = session.rowsOf(TEAMS);
  if (!session.files.some(({ format }) => hasWholeGames(format))) return given;
  const made = {
    game_id: "game_id",
    game_date: "any_value(game_date)",
    team_abbr: "team_abbr",
    is_home: "any_value(_home) = team_abbr",
    minutes: gameMinutes("(coalesce(sum(fc_seconds(minutes)), 0) / 60)"),
    ...Object.fromEntries(COUNTS.map(([column]) => [column, `coalesce(sum(${column}), 0)`])),
  };
  const sums = `SELECT CAST(NULL AS BIGINT) AS _id, ${session.valuesOf(TEAMS, made)}
    FROM final_${PLAYERS} LEFT JOIN known_games USING (game_id) WHERE _whole GROUP BY game_id, team_abbr`;
  if (!given) return sums;
  return `SELECT * FROM (${given}) UNION ALL SELECT * FROM (${sums})
    WHERE (game_id, team_abbr) NOT IN (SELECT (game_id, team_abbr) FROM (${given}))`;
}
