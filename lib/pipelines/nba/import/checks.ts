import type { ImportSession } from "../../../engine/import/importer";
import { few } from "../../../util/few";
import { RAW_TABLES } from "../sources";
import { PLAYER_TABLES, RULES, TEAM_SUMS } from "./rules";

const MAX_EXAMPLES = 3;
/** A team whose players have so many seconds is whole in a file, as far as its points go: 240 minutes, some rounded down. */
const WHOLE_TEAM = 238 * 60;

/** Tables that say who plays, and those that say something of a player. */
const NAMES_PLAYERS = ["nbac_gamebook_player_stats", "bdl_player_boxscores", "team_rosters"];
const ABOUT_PLAYERS = ["shots", "nbac_injury_report", "odds_player_points_props"];

/** Rows by themselves, beside the schedule, and beside those who are known to play. */
export async function check(session: ImportSession): Promise<void> {
  await checkRules(session);
  await checkGames(session);
  await checkPlayers(session);
}

const namesOf = (session: ImportSession, table: string) => session.columnsOf(table).map(({ name }) => name);

async function checkRules(session: ImportSession): Promise<void> {
  // A configuration may have sources of its own beside the raw tables.
  for (const table of [...session.tables].filter((name) => RAW_TABLES.some((one) => one.name === name))) {
    const columns = namesOf(session, table);
    const rules = RULES.filter(({ tables: only }) => !only || only.includes(table)).flatMap(({ rule, fault }) => {
      const sql = fault(table, columns);
      return sql ? [{ rule, sql }] : [];
    });
    if (rules.length === 0) continue;
    const counts = await session.first(
      `SELECT ${rules.map(({ sql }) => `count(${sql})`).join(", ")} FROM final_${table}`,
    );
    const key = columns.includes("team_abbr") ? "concat_ws(' ', game_id, team_abbr)" : "game_id";
    for (const [i, { rule, sql }] of rules.entries())
      if (Number(counts[i]) > 0)
        await session.find(
          rule,
          table,
          `SELECT * FROM (SELECT _id, ${key} AS key, ${sql} AS fault FROM final_${table}) WHERE fault IS NOT NULL`,
        );
  }
  if (session.tables.has("nbac_team_boxscore") && session.tables.has("nbac_gamebook_player_stats"))
    await session.find("players add up to their team", "nbac_team_boxscore", TEAM_SUMS);
}

/** The first and last date of some rows; undefined where none has one. */
async function datesOf(session: ImportSession, rows: string): Promise<[first: string, last: string] | undefined> {
  const [first, last] = await session.first(`SELECT CAST(min(d) AS VARCHAR), CAST(max(d) AS VARCHAR) FROM (${rows})`);
  return first ? [String(first), String(last)] : undefined;
}

/**
 * Warns of rows about games that the schedule does not know, though it knows others of their dates, as other sources have
 * other ids; finds those whose teams or points are not the schedule's.
 */
async function checkGames(session: ImportSession): Promise<void> {
  const about = [...session.tables].filter(
    (table) => table !== "nbac_schedule" && namesOf(session, table).includes("game_id"),
  );
  if (about.length === 0) return;
  await session.run(
    "CREATE TABLE schedule_games (game VARCHAR, d DATE, home VARCHAR, away VARCHAR, home_score BIGINT, away_score BIGINT)",
  );
  if (session.tables.has("nbac_schedule"))
    await session.run(
      "INSERT INTO schedule_games SELECT game_id, game_date, home_team_abbr, away_team_abbr, home_team_score, away_team_score FROM final_nbac_schedule",
    );
  const unknown = (table: string) =>
    `SELECT game_id, game_date AS d FROM final_${table} WHERE game_id NOT IN (SELECT game FROM schedule_games)`;
  const dates = await datesOf(session, about.map(unknown).join(" UNION ALL "));
  if (dates) {
    const ids = await session.ask(`SELECT DISTINCT game_id FROM (${about.map(unknown).join(" UNION ALL ")})`);
    // By date, as a source may have other ids; and by id, as a game may be on another date.
    const games = [
      ...(await session.askWarehouse("gamesOn", dates)),
      ...(await session.askWarehouse("games", ids.flat().map(String))),
    ];
    await session.insert("schedule_games", [
      ...new Map(
        games.map((game) => [
          game.game_id,
          [game.game_id, game.game_date, game.home, game.away, game.home_score, game.away_score],
        ]),
      ).values(),
    ]);
  }
  for (const table of about) {
    await session.find(
      "a game's date is the schedule's",
      table,
      `SELECT _id, game_id AS key, game_date || ', the schedule''s ' || d AS fault
       FROM final_${table} JOIN schedule_games ON game = game_id WHERE game_date <> d`,
    );
    await checkSides(session, table);
    await warnOfStrangers(
      session,
      `SELECT game_id AS key FROM final_${table} WHERE game_date IN (SELECT d FROM schedule_games)`,
      "SELECT game FROM schedule_games",
      (known, strange) =>
        `${table}: ${known} are of a game that the schedule of their dates knows, so no model reads the others: ${strange}.`,
    );
  }
}

/** Warns of rows whose `key` is none of those that are known: how many of how many are, and some that are not. */
async function warnOfStrangers(
  session: ImportSession,
  rows: string,
  known: string,
  words: (known: string, strange: string) => string,
): Promise<void> {
  const [all, strange, keys] = await session.first(
    `SELECT count(*), count(*) FILTER (strange), array_to_string(list(DISTINCT key ORDER BY key) FILTER (strange), chr(10))
     FROM (SELECT key, key NOT IN (${known}) AS strange FROM (${rows}))`,
  );
  if (Number(strange) > 0)
    session.warn(
      words(
        `${Number(all) - Number(strange)} of ${all} rows (${Math.floor((100 * (Number(all) - Number(strange))) / Number(all))} %)`,
        few(String(keys).split("\n"), MAX_EXAMPLES),
      ),
    );
}

async function checkSides(session: ImportSession, table: string): Promise<void> {
  const found = (fault: string) => `SELECT _id, concat_ws(' ', game_id, team_abbr) AS key, ${fault} AS fault
    FROM final_${table} JOIN schedule_games ON game = game_id`;
  if (!namesOf(session, table).includes("team_abbr")) return;
  await session.find(
    "a game's teams are those of the schedule",
    table,
    `${found("team_abbr || ' in ' || away || ' @ ' || home")} WHERE team_abbr NOT IN (home, away)`,
  );
  const score = "CASE team_abbr WHEN home THEN home_score WHEN away THEN away_score END";
  // Where the files have the team's box score too, that is compared with both.
  if (PLAYER_TABLES.includes(table) && !session.tables.has("nbac_team_boxscore"))
    await session.find(
      "a team's players add up to the schedule's points",
      table,
      `SELECT NULL AS _id, concat_ws(' ', game_id, team_abbr) AS key, 'points ' || points || ', the schedule''s ' || ${score} AS fault
       FROM (SELECT game_id, team_abbr, sum(points) AS points FROM final_${table} GROUP BY ALL HAVING sum(fc_seconds(minutes)) >= ${WHOLE_TEAM})
       JOIN schedule_games ON game = game_id WHERE points <> ${score}`,
    );
  if (table !== "nbac_team_boxscore") return;
  await session.find(
    "a team's points are those of the schedule",
    table,
    `${found(`'points ' || points || ', the schedule''s ' || ${score}`)} WHERE points <> ${score}`,
  );
}

/** Warns of rows about players whom no box score and no roster names, though some of the time are known. */
async function checkPlayers(session: ImportSession): Promise<void> {
  const about = [...session.tables].filter((table) => ABOUT_PLAYERS.includes(table));
  if (about.length === 0) return;
  await session.run("CREATE TABLE known_players (player VARCHAR)");
  for (const table of [...session.tables].filter((one) => NAMES_PLAYERS.includes(one)))
    await session.run(`INSERT INTO known_players SELECT DISTINCT player_lookup FROM final_${table}`);
  const unknown = (table: string) =>
    `SELECT player_lookup, game_date AS d FROM final_${table} WHERE player_lookup NOT IN (SELECT player FROM known_players)`;
  const dates = await datesOf(session, about.map(unknown).join(" UNION ALL "));
  if (!dates) return;
  const players = await session.askWarehouse("playersOn", dates);
  await session.insert(
    "known_players",
    players.map((row) => [row.player_lookup]),
  );
  if ((await session.first("SELECT 1 FROM known_players LIMIT 1")).length === 0) return;
  for (const table of about)
    await warnOfStrangers(
      session,
      `SELECT player_lookup AS key FROM final_${table}`,
      "SELECT player FROM known_players",
      (known, strange) => `${table}: ${known} name a player of whom a box score or a roster is known: not ${strange}.`,
    );
}
