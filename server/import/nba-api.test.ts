import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import type { Warehouse } from "../warehouse";
import { openDuckDB } from "../warehouse/duckdb";
import { importFiles } from "./index";

/** Files with the columns of nba_api's endpoints, in their order; the lines are made up. */
let warehouse: Warehouse;
let folder: string;
beforeAll(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
  folder = mkdtempSync(path.join(tmpdir(), "fullcourt-nba-"));
});
afterEach(() => warehouse.clear());
afterAll(async () => {
  await warehouse?.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, header: string, ...lines: string[]): string {
  const full = path.join(folder, name);
  writeFileSync(full, `${[header, ...lines].join("\n")}\n`);
  return full;
}

const COUNTS = "FGM,FGA,FG_PCT,FG3M,FG3A,FG3_PCT,FTM,FTA,FT_PCT,OREB,DREB,REB,AST";
const made = "40,85,0.471,10,30,0.333,10,12,0.833,8,32,40,25";
const LEAGUE = `WL,MIN,${COUNTS},STL,BLK,TOV,PF,PTS,PLUS_MINUS,VIDEO_AVAILABLE`;
const GAME = ["0022100204", "22100204"];

const games = () =>
  warehouse.query(
    "SELECT game_id, game_date, home_team_abbr AS home, away_team_abbr AS away, home_team_score AS hs, away_team_score AS s FROM nba_raw.nbac_schedule",
  );
const teams = () =>
  warehouse.query(
    "SELECT team_abbr, is_home, minutes, points, field_goals_made AS fgm, turnovers, game_date FROM nba_raw.nbac_team_boxscore ORDER BY team_abbr",
  );
const lines = () =>
  warehouse.query(
    `SELECT game_id, game_date, team_abbr, player_lookup, player_name, player_status, dnp_reason, started, minutes, points,
       turnovers, plus_minus FROM nba_raw.nbac_gamebook_player_stats ORDER BY player_lookup`,
  );

describe("team logs", () => {
  const WHOLE = [{ game_id: "0022100204", game_date: "2021-11-15", home: "GSW", away: "HOU", hs: 100, s: 90 }];
  const BOTH = [
    { team_abbr: "GSW", is_home: true, minutes: 265, points: 100, fgm: 40, turnovers: 13, game_date: "2021-11-15" },
    { team_abbr: "HOU", is_home: false, minutes: 265, points: 90, fgm: 40, turnovers: 13, game_date: "2021-11-15" },
  ];

  it("LeagueGameLog", async () => {
    const header = `SEASON_ID,TEAM_ID,TEAM_ABBREVIATION,TEAM_NAME,GAME_ID,GAME_DATE,MATCHUP,${LEAGUE}`;
    const log = file(
      "league.csv",
      header,
      `22021,1,GSW,Warriors,${GAME[0]},2021-11-15,GSW vs. HOU,W,265,${made},7,5,13,19,100,10,1`,
      `22021,2,HOU,Rockets,${GAME[0]},2021-11-15,HOU @ GSW,L,265,${made},7,5,13,19,90,-10,1`,
    );
    expect((await importFiles({ warehouse, pipeline: NBA }, [log])).tables).toEqual({
      nbac_schedule: 1,
      nbac_team_boxscore: 2,
    });
    expect([await games(), await teams()]).toEqual([WHOLE, BOTH]);
  });

  it("TeamGameLogs, with minutes of the game and times of midnight", async () => {
    const header = `SEASON_YEAR,TEAM_ID,TEAM_ABBREVIATION,TEAM_NAME,GAME_ID,GAME_DATE,MATCHUP,WL,MIN,${COUNTS},TOV,STL,BLK,BLKA,PF,PFD,PTS,PLUS_MINUS,GP_RANK`;
    const log = file(
      "logs.csv",
      header,
      `2021-22,1,GSW,Warriors,${GAME[1]},2021-11-15T00:00:00,GSW vs. HOU,W,53.0,${made},13,7,5,2,19,18,100,10,1`,
      `2021-22,2,HOU,Rockets,${GAME[1]},2021-11-15T00:00:00,HOU @ GSW,L,53.0,${made},13,7,5,2,19,18,90,-10,2`,
    );
    await importFiles({ warehouse, pipeline: NBA }, [log]);
    expect([await games(), await teams()]).toEqual([WHOLE, BOTH]);
  });

  it("TeamGameLog: one side alone makes no game, both files do", async () => {
    const header = `Team_ID,Game_ID,GAME_DATE,MATCHUP,WL,W,L,W_PCT,MIN,${COUNTS},STL,BLK,TOV,PF,PTS`;
    const own = file(
      "own.csv",
      header,
      `1,${GAME[0]},"NOV 15, 2021",GSW vs. HOU,W,12,2,0.857,265,${made},7,5,13,19,100`,
    );
    const other = file(
      "other.csv",
      header,
      `2,${GAME[0]},"NOV 15, 2021",HOU @ GSW,L,1,13,0.071,265,${made},7,5,13,19,90`,
    );
    const { tables, warnings } = await importFiles({ warehouse, pipeline: NBA }, [own]);
    expect(tables).toEqual({ nbac_schedule: 0, nbac_team_boxscore: 1 });
    expect(warnings).toEqual([
      expect.stringContaining("Games with one side only, whose rows of nbac_schedule are left out: 1."),
    ]);
    await importFiles({ warehouse, pipeline: NBA }, [own, other]);
    expect([await games(), await teams()]).toEqual([WHOLE, BOTH]);
  });
});

describe("player logs", () => {
  const played = {
    game_id: "0022100204",
    game_date: "2021-11-15",
    team_abbr: "GSW",
    player_lookup: "stephcurry",
    player_name: "Steph Curry",
    player_status: "active",
    dnp_reason: null,
    started: null,
    minutes: "32:10",
    points: 100,
    turnovers: 13,
    plus_minus: 10,
  };

  it("LeagueGameLog of players and PlayerGameLogs", async () => {
    const league = file(
      "league.csv",
      `SEASON_ID,PLAYER_ID,PLAYER_NAME,TEAM_ID,TEAM_ABBREVIATION,TEAM_NAME,GAME_ID,GAME_DATE,MATCHUP,WL,MIN,${COUNTS},STL,BLK,TOV,PF,PTS,PLUS_MINUS,FANTASY_PTS,VIDEO_AVAILABLE`,
      `22021,9,Steph Curry,1,GSW,Warriors,${GAME[0]},2021-11-15,GSW vs. HOU,W,32.17,${made},7,5,13,19,100,10,60.1,1`,
    );
    const logs = file(
      "logs.csv",
      `SEASON_YEAR,PLAYER_ID,PLAYER_NAME,NICKNAME,TEAM_ID,TEAM_ABBREVIATION,TEAM_NAME,GAME_ID,GAME_DATE,MATCHUP,WL,MIN,${COUNTS},TOV,STL,BLK,BLKA,PF,PFD,PTS,PLUS_MINUS`,
      `2021-22,9,Steph Curry,Steph,1,GSW,Warriors,${GAME[1]},2021-11-15T00:00:00,GSW vs. HOU,W,32.166667,${made},13,7,5,2,19,18,100,10`,
    );
    for (const one of [league, logs]) {
      await warehouse.clear();
      expect((await importFiles({ warehouse, pipeline: NBA }, [one])).tables).toEqual({
        nbac_gamebook_player_stats: 1,
      });
      expect(await lines()).toEqual([played]);
    }
  });

  it("PlayerGameLog names nobody: he is known by number, and it is said", async () => {
    const log = file(
      "log.csv",
      `SEASON_ID,Player_ID,Game_ID,GAME_DATE,MATCHUP,WL,MIN,${COUNTS},STL,BLK,TOV,PF,PTS,PLUS_MINUS,VIDEO_AVAILABLE`,
      `22021,9,${GAME[0]},"NOV 15, 2021",GSW vs. HOU,W,32,${made},7,5,13,19,100,10,1`,
    );
    const { warnings } = await importFiles({ warehouse, pipeline: NBA }, [log]);
    expect(warnings.join()).toMatch(/1 player without a name is known by number: player9/);
    expect(await lines()).toEqual([{ ...played, player_lookup: "player9", player_name: null, minutes: "32:00" }]);
  });
});

describe("box scores, whose dates the schedule knows", () => {
  const schedule = () =>
    file("games.csv", "game_id,game_date,game_status,home_team_abbr,away_team_abbr", "0022100204,2021-11-15,3,GSW,HOU");
  const V2 = `GAME_ID,TEAM_ID,TEAM_ABBREVIATION,TEAM_CITY,PLAYER_ID,PLAYER_NAME,NICKNAME,START_POSITION,COMMENT,MIN,${COUNTS},STL,BLK,TO,PF,PTS,PLUS_MINUS`;
  const v2 = () =>
    file(
      "v2.csv",
      V2,
      `${GAME[1]},1,GSW,Golden State,9,Steph Curry,Steph,G,,32.000000:10,${made},7,5,13,19,100,10.0`,
      `${GAME[1]},1,GSW,Golden State,8,Ky Bowman,Ky,,DNP - Coach's Decision                  ,,,,,,,,,,,,,,,,,,,,`,
    );
  const EXPECTED = [
    {
      game_id: "0022100204",
      game_date: "2021-11-15",
      team_abbr: "GSW",
      player_lookup: "kybowman",
      player_name: "Ky Bowman",
      player_status: "dnp",
      dnp_reason: "DNP - Coach's Decision",
      started: false,
      minutes: null,
      points: null,
      turnovers: null,
      plus_minus: null,
    },
    {
      game_id: "0022100204",
      game_date: "2021-11-15",
      team_abbr: "GSW",
      player_lookup: "stephcurry",
      player_name: "Steph Curry",
      player_status: "active",
      dnp_reason: null,
      started: true,
      minutes: "32:10",
      points: 100,
      turnovers: 13,
      plus_minus: 10,
    },
  ];
  const TEAM = {
    team_abbr: "GSW",
    is_home: true,
    minutes: 240,
    points: 100,
    fgm: 40,
    turnovers: 13,
    game_date: "2021-11-15",
  };

  it("V2 by the warehouse's schedule, or by one beside it; without either the games are named", async () => {
    await expect(importFiles({ warehouse, pipeline: NBA }, [v2()])).rejects.toMatchObject({
      code: "unknown_games",
      message: expect.stringContaining("0022100204"),
    });
    await importFiles({ warehouse, pipeline: NBA }, [schedule(), v2()]);
    expect([await lines(), await teams()]).toEqual([EXPECTED, [TEAM]]);
    await warehouse.clear();
    await importFiles({ warehouse, pipeline: NBA }, [schedule()]);
    await importFiles({ warehouse, pipeline: NBA }, [v2()]);
    expect([await lines(), await teams()]).toEqual([EXPECTED, [TEAM]]);
  });

  it("V2 of teams", async () => {
    const stats = file(
      "teams.csv",
      `GAME_ID,TEAM_ID,TEAM_NAME,TEAM_ABBREVIATION,TEAM_CITY,MIN,${COUNTS},STL,BLK,TO,PF,PTS,PLUS_MINUS`,
      `${GAME[0]},1,Warriors,GSW,Golden State,265:00,${made},7,5,13,19,100,10.0`,
    );
    await importFiles({ warehouse, pipeline: NBA }, [schedule(), stats]);
    expect(await teams()).toEqual([{ ...TEAM, minutes: 265 }]);
  });

  it("V3", async () => {
    const v3 = file(
      "v3.csv",
      "gameId,teamId,teamCity,teamName,teamTricode,teamSlug,personId,firstName,familyName,nameI,playerSlug,position,comment,jerseyNum,minutes,fieldGoalsMade,fieldGoalsAttempted,fieldGoalsPercentage,threePointersMade,threePointersAttempted,threePointersPercentage,freeThrowsMade,freeThrowsAttempted,freeThrowsPercentage,reboundsOffensive,reboundsDefensive,reboundsTotal,assists,steals,blocks,turnovers,foulsPersonal,points,plusMinusPoints",
      `${GAME[0]},1,Golden State,Warriors,GSW,warriors,9,Steph,Curry,S. Curry,steph-curry,G,,30,PT32M10.00S,${made},7,5,13,19,100,10.0`,
      `${GAME[0]},1,Golden State,Warriors,GSW,warriors,8,Ky,Bowman,K. Bowman,ky-bowman,,DNP - Coach's Decision,12,,0,0,0.0,0,0,0.0,0,0,0.0,0,0,0,0,0,0,0,0,0,0.0`,
    );
    await importFiles({ warehouse, pipeline: NBA }, [schedule(), v3]);
    expect([await lines(), await teams()]).toEqual([
      EXPECTED.map((line) => (line.minutes ? line : { ...line, points: 0, turnovers: 0, plus_minus: 0 })),
      [TEAM],
    ]);
  });
});
