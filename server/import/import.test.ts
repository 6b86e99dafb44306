import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import type { Warehouse } from "../warehouse";
import { openDuckDB } from "../warehouse/duckdb";
import { importFiles } from "./index";

let warehouse: Warehouse;
let folder: string;
beforeEach(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
  folder = mkdtempSync(path.join(tmpdir(), "fullcourt-import-"));
});
afterEach(async () => {
  await warehouse.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}
/** A Parquet file of a query's rows. */
async function parquet(name: string, select: string): Promise<string> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`SET TimeZone = 'UTC'; COPY (${select}) TO '${path.join(folder, name)}' (FORMAT parquet)`);
  connection.closeSync();
  return path.join(folder, name);
}
const count = async (table: string) => (await warehouse.query(`SELECT COUNT(*) AS n FROM nba_raw.${table}`))[0]?.n;

const HEADER =
  "game_id,game_date,game_status,home_team_abbr,away_team_abbr,home_team_score,away_team_score,is_playoffs";
const game = (n: number) => `00221${String(n).padStart(5, "0")},2021-11-15,3,BOS,NYK,100,90,false`;

describe("import", () => {
  it("recognises a raw table by its columns, plain or gzipped, and reads it once", async () => {
    const text = [HEADER, game(1), game(2), game(1)].join("\n");
    const result = await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", text)]);
    expect(result).toMatchObject({
      tables: { nbac_schedule: 2 },
      duplicates: { nbac_schedule: 1 },
      written: { nbac_schedule: 2 },
    });
    const again = await importFiles({ warehouse, pipeline: NBA }, [file("games.csv.gz", gzipSync(text))]);
    expect(again.written).toEqual({ nbac_schedule: 0 });
    expect(await count("nbac_schedule")).toBe(2);
    const rows = await warehouse.query(
      "SELECT game_date, is_playoffs, home_team_score, season_year FROM nba_raw.nbac_schedule LIMIT 1",
    );
    expect(rows).toEqual([{ game_date: "2021-11-15", is_playoffs: false, home_team_score: 100, season_year: null }]);
  });

  it("a bad row 4,711 is named with file, line and column, and nothing is loaded", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => game(i + 1));
    lines[4709] = (lines[4709] as string).replace(",3,BOS", ",final,BOS");
    const bad = file("schedule.csv", [HEADER, ...lines].join("\n"));
    const good = file("lines.csv", "game_id,spread,total\n0022100001,-3.5,215\n");
    await expect(importFiles({ warehouse, pipeline: NBA }, [good, bad])).rejects.toMatchObject({
      code: "bad_rows",
      kind: "usage",
      message: `${bad}:4711: column game_status: a whole number is expected, "final" is there.`,
    });
    expect(await count("nbac_schedule")).toBe(0);
    expect(await count("odds_game_lines")).toBe(0);
  });

  it("lists several faults, but not all of five thousand", async () => {
    const lines = Array.from({ length: 20 }, (_, i) => game(i + 1).replace("2021-11-15", "the 15th"));
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("schedule.csv", [HEADER, ...lines].join("\n"))]),
    ).rejects.toThrow(/:2: column game_date: a date YYYY-MM-DD is expected, "the 15th" is there\.[\s\S]*and 15 more/);
  });

  it("reads Parquet by the same columns", async () => {
    const games = await parquet(
      "games.parquet",
      `SELECT * FROM (VALUES
        ('0022100001', TIMESTAMPTZ '2021-11-15 00:00:00+00', 3, 'BOS', 'NYK', 100::BIGINT),
        ('0022100002', TIMESTAMPTZ '2021-11-16 00:00:00+00', 1, 'LAL', 'GSW', NULL))
       AS t(game_id, game_date, game_status, home_team_abbr, away_team_abbr, home_team_score)`,
    );
    expect((await importFiles({ warehouse, pipeline: NBA }, [games])).tables).toEqual({ nbac_schedule: 2 });
    const rows = await warehouse.query(
      "SELECT game_id, game_date, home_team_score FROM nba_raw.nbac_schedule ORDER BY game_id",
    );
    expect(rows).toEqual([
      { game_id: "0022100001", game_date: "2021-11-15", home_team_score: 100 },
      { game_id: "0022100002", game_date: "2021-11-16", home_team_score: null },
    ]);
  });

  it("says what is wrong with a file that is not there, empty, no table or broken", async () => {
    await expect(importFiles({ warehouse, pipeline: NBA }, [path.join(folder, "none.csv")])).rejects.toThrow(
      /there is no such file/,
    );
    await expect(importFiles({ warehouse, pipeline: NBA }, [folder])).rejects.toThrow(/it is not a file/);
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("empty.csv", "")])).rejects.toThrow(
      /the file is empty/,
    );
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("header.csv", `${HEADER}\n`)])).rejects.toThrow(
      /has no rows/,
    );
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("other.csv", "a,b\n1,2\n")])).rejects.toThrow(
      /no raw table has these columns: a, b/,
    );
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("broken.csv.gz", gzipSync(HEADER).subarray(0, 20))]),
    ).rejects.toThrow(/cannot be read as CSV/);
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("ragged.csv", `${HEADER}\n${game(1)},more\n`)]),
    ).rejects.toThrow(/ragged.csv:2: cannot be read as CSV/);
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("fake.parquet", "PAR1 no parquet at all PAR1")]),
    ).rejects.toThrow(/cannot be read as Parquet/);
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("short.csv", "game_id,game_date\n1,2021-11-15\n")], {
        into: "nbac_schedule",
      }),
    ).rejects.toThrow(/the columns game_status, .* are missing/);
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("x.csv", "a\n1\n")], { into: "nowhere" }),
    ).rejects.toThrow(/There is no raw table "nowhere"/);
  });

  it("a dry run checks and counts, and loads nothing", async () => {
    const result = await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", [HEADER, game(1)].join("\n"))], {
      dryRun: true,
    });
    expect(result.tables).toEqual({ nbac_schedule: 1 });
    expect(await count("nbac_schedule")).toBe(0);
  });

  it("box scores by player give the teams' too, minutes rounded to the game's length", async () => {
    const box =
      "game_id,game_date,team_abbr,player_id,player_name,minutes,fg_made,fg_attempted,three_pt_made,three_pt_attempted,ft_made,ft_attempted,offensive_rebounds,defensive_rebounds,assists,steals,blocks,turnovers,personal_fouls,points,plus_minus";
    const line = (team: string, id: number, name: string, minutes: string) =>
      `22500001,2025-10-21,${team},${id},${name},${minutes},2,4,1,2,1,2,1,2,3,1,0,1,2,6,0`;
    const names = ["A B", "C D", "E F", "G H", "I J"];
    const lines = ["OKC", "HOU"].flatMap((team, t) =>
      names.map((name, i) => line(team, 10 * t + i, `${name}${t}`, "52:60")),
    );
    lines.push(line("OKC", 99, "", ""), line("HOU", 77, "A B1", "0:30"));
    const result = await importFiles({ warehouse, pipeline: NBA }, [
      file("box.csv", [box, ...lines, ...lines].join("\n")),
    ]);
    expect(result.tables).toEqual({ nbac_gamebook_player_stats: 12, nbac_team_boxscore: 2 });
    expect(result.duplicates).toEqual({ nbac_gamebook_player_stats: 12 });
    expect(result.warnings.join(" ")).toMatch(/1 player without a name is known by number: player99/);
    const teams = await warehouse.query(
      "SELECT game_id, team_abbr, minutes, points FROM nba_raw.nbac_team_boxscore ORDER BY team_abbr",
    );
    expect(teams).toEqual([
      { game_id: "0022500001", team_abbr: "HOU", minutes: 265, points: 36 },
      { game_id: "0022500001", team_abbr: "OKC", minutes: 265, points: 36 },
    ]);
    const players = await warehouse.query(
      "SELECT player_lookup, player_status, minutes FROM nba_raw.nbac_gamebook_player_stats WHERE player_lookup IN ('player99', 'ab177')",
    );
    // Two players of one name in a game stay two.
    expect(players.map((row) => row.player_lookup).sort()).toEqual(["ab177", "player99"]);
    expect(players.find((row) => row.player_lookup === "player99")).toMatchObject({
      player_status: "dnp",
      minutes: null,
    });
  });

  it("says how many rows break which rule, and which; strict refuses them", async () => {
    const header =
      "game_id,game_date,team_abbr,player_lookup,player_name,player_status,minutes,points,field_goals_made,field_goals_attempted,three_pointers_made,free_throws_made";
    const rows = [
      "1,2021-11-15,BOS,good,Good,active,30:00,10,4,9,1,1",
      "1,2021-11-15,BOS,wrong,Wrong,active,30:00,11,4,9,1,1",
      "1,2021-11-15,BOS,many,Many,active,95:00,10,4,3,1,1",
      "1,2021-11-15,XYZ,lost,Lost,active,30:00,10,4,9,1,1",
      "1,2021-11-15,BOS,good,Good,active,31:00,10,4,9,1,1",
    ];
    const box = file("box.csv", [header, ...rows].join("\n"));
    const team = file(
      "team.csv",
      "game_id,game_date,team_abbr,is_home,points,field_goals_made,field_goals_attempted,three_pointers_made,free_throws_made\n1,2021-11-15,BOS,true,40,17,30,3,3\n",
    );
    const games = file(
      "games.csv",
      "game_id,game_date,season_year,game_status,home_team_abbr,away_team_abbr\n1,2021-11-15,2020,1,BOS,NYK\n",
    );
    const { findings, warnings } = await importFiles({ warehouse, pipeline: NBA }, [box, team, games], {
      dryRun: true,
    });
    expect(Object.fromEntries(findings.map((one) => [one.rule, one.examples]))).toEqual({
      "points are 2 FG + 3P + FT": [`${box}:3: 11 for 10`],
      "minutes are 0 to 80": [`${box}:4: 95:00`],
      "makes are at most attempts, and nothing is below zero": [`${box}:4: field_goals 4 of 3`],
      "teams are known": [`${box}:5: XYZ`],
      "a game's teams are those of the schedule": [`${box}:5: XYZ in NYK @ BOS`],
      "dates are within their season": [`${games}:2: 2021-11-15 in season 2020`],
      "lines with the same key agree": [`${box}:6: 1 good`],
      "players add up to their team": ["1 BOS: points 40, its players' 31"],
    });
    expect(warnings).toContain(`nbac_gamebook_player_stats: "teams are known" is broken once: ${box}:5: XYZ.`);
    await expect(importFiles({ warehouse, pipeline: NBA }, [box], { strict: true })).rejects.toMatchObject({
      code: "strict",
      kind: "usage",
      hint: expect.stringContaining("Nothing was loaded"),
    });
    expect(await count("nbac_gamebook_player_stats")).toBe(0);
    expect((await importFiles({ warehouse, pipeline: NBA }, [box])).written).toEqual({ nbac_gamebook_player_stats: 4 });
  });

  it("knows the teams of every era, each in its seasons", async () => {
    const lines = (teams: readonly string[][], date: string) =>
      teams.map(([home, away], i) => `${date.slice(0, 4)}${i},${date},3,${home},${away},100,90,false`);
    const findings = async (...rows: string[]) =>
      (
        await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", [HEADER, ...rows].join("\n"))], {
          dryRun: true,
        })
      ).findings;
    expect(
      await findings(
        ...lines(
          [
            ["NJN", "CHH"],
            ["SEA", "VAN"],
            ["WAS", "GSW"],
          ],
          "1999-11-02",
        ),
        ...lines(
          [
            ["NOK", "SEA"],
            ["NJN", "MEM"],
            ["CHA", "BOS"],
          ],
          "2005-11-02",
        ),
        ...lines(
          [
            ["NJN", "NOH"],
            ["OKC", "MIA"],
          ],
          "2011-12-26",
        ),
        ...lines(
          [
            ["GOS", "UTH"],
            ["PHL", "SAN"],
            ["KCK", "SDC"],
          ],
          "1980-11-02",
        ),
        ...lines(
          [
            ["WAS", "FTW"],
            ["TCB", "SYR"],
          ],
          "1950-11-02",
        ),
      ),
    ).toEqual([]);
    const [out] = await findings(
      ...lines(
        [
          ["NJN", "BKN"],
          ["OKC", "MIA"],
          ["SEA", "BOS"],
        ],
        "2011-12-26",
      ),
    );
    expect(out).toMatchObject({ rule: "teams are known" });
    expect(out?.examples.map((one) => one.split(": ")[1])).toEqual(["BKN", "SEA"]);
  });

  it("tells kinds of games by their ids, and the season of October 2020 by its games", async () => {
    const line = (id: string, date: string) => `${id},${date},LAL,MIA,100,90`;
    const games = [
      "game_id,game_date,home_team_abbr,away_team_abbr,home_points,away_points",
      line("0021900001", "2019-10-22"),
      line("0041900406", "2020-10-11"),
      line("0052000111", "2021-05-18"),
      line("0062300001", "2023-12-09"),
    ];
    expect((await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", games.join("\n"))])).findings).toEqual(
      [],
    );
    expect(
      await warehouse.query(
        "SELECT season_year, is_regular_season, is_playoffs FROM nba_raw.nbac_schedule ORDER BY game_date",
      ),
    ).toEqual([
      { season_year: 2019, is_regular_season: true, is_playoffs: false },
      { season_year: 2019, is_regular_season: false, is_playoffs: true },
      // The play-in and the Cup's final are neither.
      { season_year: 2020, is_regular_season: false, is_playoffs: false },
      { season_year: 2023, is_regular_season: false, is_playoffs: false },
    ]);
  });

  it("asks teams and seasons of the season's games alone", async () => {
    const games = [
      "game_id,game_date,home_team_abbr,away_team_abbr,home_points,away_points",
      "0012200001,2022-09-30,GSW,WAS,96,87",
      "0012300031,2023-10-17,MIN,RMD,100,90",
      "0032200001,2023-02-19,LBN,GNS,175,184",
      "0022200001,2022-10-18,BOS,XXX,126,117",
    ];
    const { findings } = await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", games.join("\n"))]);
    expect(findings.map(({ rule, examples }) => [rule, examples.map((one) => one.split(": ")[1])])).toEqual([
      ["teams are known", ["XXX"]],
    ]);
    expect(
      await warehouse.query("SELECT season_year, is_all_star FROM nba_raw.nbac_schedule ORDER BY game_date"),
    ).toEqual([
      // Before October a preseason game is the season's to come.
      { season_year: 2022, is_all_star: false },
      { season_year: 2022, is_all_star: false },
      { season_year: 2022, is_all_star: true },
      { season_year: 2023, is_all_star: false },
    ]);
  });

  it("players are known by their names, however a source writes them", async () => {
    const odds = [
      "game_date,player_lookup,points_line",
      "2021-11-20,Luka Dončić,21.5",
      "2021-11-20, P.J. Tucker ,6.5",
      "2021-11-20,jaysontatum,27.5",
    ];
    const shots = [
      "game_id,game_date,team_abbr,player_lookup,shot_value,made,zone,blocked_by",
      "0022100235,2021-11-20,BOS,1628369jaysontatum,2,true,mid_range,",
      "0022100235,2021-11-20,BOS,jaysontatum,2,false,mid_range,Luka Dončić",
    ];
    await importFiles({ warehouse, pipeline: NBA }, [
      file("odds.csv", odds.join("\n")),
      file("shots.csv", shots.join("\n")),
    ]);
    const lookups = await warehouse.query(
      `SELECT player_lookup FROM nba_raw.odds_player_points_props
       UNION ALL SELECT player_lookup FROM nba_raw.shots
       UNION ALL SELECT blocked_by FROM nba_raw.shots WHERE blocked_by IS NOT NULL ORDER BY 1`,
    );
    expect(lookups.map((row) => row.player_lookup)).toEqual([
      "jaysontatum",
      "jaysontatum",
      "jaysontatum",
      "lukadoncic",
      "lukadoncic",
      "pjtucker",
    ]);
    // A text without a letter names nobody.
    const nobody = file("odds.csv", "game_date,player_lookup,points_line\n2021-11-20,!!,21.5\n");
    await expect(importFiles({ warehouse, pipeline: NBA }, [nobody])).rejects.toThrow(
      "column player_lookup: a player's name or key",
    );
  });

  it("says how many rows name games and players that nobody else knows", async () => {
    const second = (game: string, player: string) => `${game},2021-11-15,BOS,${player},30:00,10`;
    const box = "game_id,game_date,team_abbr,player_lookup,minutes,points";
    const other = () =>
      file("second.csv", [box, second("20211115_NYK_BOS", "a"), second("20211115_NYK_BOS", "b")].join("\n"));
    const warningsOf = async (...files: string[]) =>
      (await importFiles({ warehouse, pipeline: NBA }, files, { dryRun: true })).warnings;
    // Without a schedule of the date nobody can tell.
    expect(await warningsOf(other())).toEqual([]);
    await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", [HEADER, game(1)].join("\n"))]);
    expect(await warningsOf(other())).toEqual([
      "bdl_player_boxscores: 0 of 2 rows (0 %) are of a game that the schedule of their dates knows, so no model reads the others: 20211115_NYK_BOS.",
    ]);
    expect(await warningsOf(file("second.csv", [box, second("0022100001", "a")].join("\n")))).toEqual([]);
    // Players, where box scores or rosters of the date are known.
    const gamebook = `${box},player_status\n${second("0022100001", "lukadoncic")},active`;
    const odds = file(
      "odds.csv",
      "game_date,player_lookup,points_line\n2021-11-15,Luka Dončić,1\n2021-11-15,Larry Nance,2\n",
    );
    expect(await warningsOf(odds)).toEqual([]);
    const words =
      "odds_player_points_props: 1 of 2 rows (50 %) name a player of whom a box score or a roster is known: not larrynance.";
    expect(await warningsOf(file("gamebook.csv", gamebook), odds)).toEqual([words]);
    await importFiles({ warehouse, pipeline: NBA }, [file("gamebook.csv", gamebook)]);
    expect(await warningsOf(odds)).toEqual([words]);
  });

  it("names what contradicts the schedule, in the files or in the warehouse", async () => {
    const schedule = file("games.csv", [HEADER, game(1)].join("\n"));
    const team = (name: string, home: boolean, points: number) =>
      `0022100001,2021-11-15,${name},${home},${points},${points / 2},80,0,20,0,10`;
    const box = file(
      "teams.csv",
      [
        "game_id,game_date,team_abbr,is_home,points,field_goals_made,field_goals_attempted,three_pointers_made,three_pointers_attempted,free_throws_made,free_throws_attempted",
        team("BOS", true, 100),
        team("NYK", false, 80),
        team("BKN", false, 90),
      ].join("\n"),
    );
    const expected = [
      ["a game's teams are those of the schedule", ["BKN in NYK @ BOS"]],
      ["a team's points are those of the schedule", ["points 80, the schedule's 90"]],
    ];
    const found = async (...files: string[]) =>
      (await importFiles({ warehouse, pipeline: NBA }, files, { dryRun: true })).findings.map(({ rule, examples }) => [
        rule,
        examples.map((one) => one.split(": ")[1]),
      ]);
    expect(await found(schedule, box)).toEqual(expected);
    await importFiles({ warehouse, pipeline: NBA }, [schedule]);
    expect(await found(box)).toEqual(expected);
    const line = "0022100001,2021-11-15,BOS,a,active,0:00,31,11,18,8,11,1,2";
    const players = `game_id,game_date,team_abbr,player_lookup,player_status,minutes,points,field_goals_made,field_goals_attempted,three_pointers_made,three_pointers_attempted,free_throws_made,free_throws_attempted\n${line}\n`;
    expect(await found(file("players.csv", players))).toEqual([
      ["who scores or shoots has minutes", ["31 points in 00:00"]],
    ]);
  });

  it("names what sources say of one another: dates, points, both teams, names and numbers", async () => {
    await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", [HEADER, game(1)].join("\n"))]);
    const found = async (...files: string[]) =>
      (await importFiles({ warehouse, pipeline: NBA }, files, { dryRun: true })).findings.map(({ rule, examples }) => [
        rule,
        examples.map((one) => one.split(": ")[1] ?? one),
      ]);
    const own = "game_id,game_date,team_abbr,player_lookup,player_status,minutes,points";
    const players = (team: string, points: number, date = "2021-11-15") =>
      Array.from(
        { length: 5 },
        (_, i) => `0022100001,${date},${team},p${team.toLowerCase()}${"abcde"[i]},active,48:00,${points}`,
      );
    const own5 = [own, ...players("BOS", 20), ...players("NYK", 18)];
    expect(await found(file("good.csv", own5.join("\n")))).toEqual([]);
    // Half of a team's players are no team.
    expect(await found(file("part.csv", own5.slice(0, 4).join("\n")))).toEqual([]);
    expect(await found(file("points.csv", own5.join("\n").replaceAll(",18", ",17")))).toEqual([
      ["a team's players add up to the schedule's points", ["points 85, the schedule's 90"]],
    ]);
    // One id on two dates.
    expect(await found(file("date.csv", [own, ...players("BOS", 20, "2021-11-16")].join("\n")))).toEqual([
      ["a game's date is the schedule's", Array(3).fill("2021-11-16, the schedule's 2021-11-15")],
    ]);
    expect(await found(file("both.csv", [...own5, players("BOS", 20)[0]?.replace("BOS", "NYK")].join("\n")))).toEqual([
      ["a player is on one team of a game", ["pbosa in BOS and NYK"]],
      ["lines with the same key agree", ["0022100001 pbosa"]],
      ["a team's players add up to the schedule's points", ["points 110, the schedule's 90"]],
    ]);
    const shot = (id: number, name: string) => `0022100001,2021-11-15,BOS,${id},${name},2,true,mid_range`;
    const shots = [
      "game_id,game_date,team_abbr,player_id,player_name,shot_value,made,zone",
      shot(1, "Ann Lee"),
      shot(1, "Ann Li"),
      shot(2, "Bo Poe"),
      shot(3, "Bó Poe"),
      shot(2, "Bo Poe"),
    ];
    expect(await found(file("shots.csv", shots.join("\n")))).toEqual([
      ["a player's number has one name", ["1 is annlee and annli"]],
      ["a player's name has one number", ["bopoe is 2 and 3"]],
    ]);
  });

  it("of lines with one key the newest processed_at counts, wherever it stands", async () => {
    const text = [
      `${HEADER},processed_at`,
      `${game(1)},2021-11-17T00:00:00Z`,
      `${game(1).replace("100,90", "99,90")},2021-11-16T00:00:00Z`,
    ].join("\n");
    await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", text)]);
    expect(await warehouse.query("SELECT home_team_score, processed_at FROM nba_raw.nbac_schedule")).toEqual([
      { home_team_score: 100, processed_at: "2021-11-17T00:00:00.000Z" },
    ]);
  });
});
