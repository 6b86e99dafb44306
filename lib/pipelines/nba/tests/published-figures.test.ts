import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Row, Warehouse } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { build, LeagueBuilder, type PlayerLine, rowsBy } from "@/tests/support/league";
import { NBA } from "@/tests/support/tables";

/**
 * DeMar DeRozan's 52 points of 2018-01-01 (a record of the Raptors then; MIL 127, TOR 131 after
 * overtime), against what Basketball-Reference prints of it:
 * https://www.basketball-reference.com/boxscores/201801010TOR.html
 * The lines go in as counts from its basic table; USG%, TS%, eFG%, ratings and pace are those of
 * its advanced and four-factors tables.
 */
const DATE = "2018-01-01";

/** player, minutes, FG, FGA, 3P, 3PA, FT, FTA, ORB, DRB, TOV; then the printed TS%, eFG%, USG%. */
type Printed = [string, string, ...number[]];
const TOR: Printed[] = [
  ["demarderozan", "43:27", 17, 29, 5, 9, 13, 13, 1, 4, 2, 0.749, 0.672, 38.1],
  ["kylelowry", "41:04", 7, 13, 5, 10, 7, 10, 1, 5, 3, 0.747, 0.731, 22.4],
  ["sergeibaka", "37:36", 5, 19, 0, 5, 1, 1, 2, 6, 2, 0.283, 0.263, 25.7],
  ["oganunoby", "34:51", 0, 0, 0, 0, 1, 2, 0, 6, 1],
  ["jonasvalanciunas", "16:18", 2, 3, 0, 0, 2, 2, 0, 5, 1],
  ["fredvanvleet", "21:52", 4, 7, 2, 3, 1, 2, 0, 2, 1],
  ["delonwright", "19:00", 3, 7, 0, 2, 2, 3, 0, 1, 1],
  ["cjmiles", "17:15", 3, 7, 2, 4, 0, 0, 0, 4, 0],
  ["jakobpoeltl", "17:11", 2, 3, 0, 0, 0, 0, 1, 1, 0],
  ["pascalsiakam", "16:26", 2, 3, 0, 0, 0, 0, 1, 0, 1],
];
const MIL: Printed[] = [
  ["khrismiddleton", "43:28", 7, 17, 0, 4, 4, 4, 0, 3, 2, 0.48, 0.412, 21.2],
  ["giannisantetokounmpo", "41:34", 9, 18, 1, 3, 7, 9, 2, 7, 0, 0.592, 0.528, 23.5],
  ["ericbledsoe", "34:38", 9, 15, 5, 7, 6, 6, 1, 6, 5, 0.822, 0.767, 29.0],
  ["johnhenson", "25:44", 4, 8, 0, 0, 2, 2, 3, 4, 1, 0.563, 0.5, 17.1],
  ["tonysnell", "18:02", 1, 4, 0, 1, 0, 0, 0, 2, 1, 0.25, 0.25, 12.3],
  ["malcolmbrogdon", "39:13", 7, 13, 1, 2, 0, 0, 3, 3, 3, 0.577, 0.577, 18.1],
  ["matthewdellavedova", "28:44", 2, 5, 2, 4, 0, 0, 1, 4, 1, 0.6, 0.6, 9.3],
  ["thonmaker", "18:16", 4, 8, 3, 4, 5, 5, 0, 4, 1, 0.784, 0.688, 27.2],
  ["seankilpatrick", "10:02", 1, 3, 1, 2, 2, 2, 0, 0, 0, 0.644, 0.5, 17.2],
  ["jasonterry", "5:19", 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16.7],
];

function line(team: string, [player, minutes, ...n]: Printed): PlayerLine {
  const [fg = 0, fga = 0, three = 0, threeA = 0, ft = 0, fta = 0, orb, drb, tov] = n;
  return { team, player, minutes, fg: [fg, fga], three: [three, threeA], ft: [ft, fta], orb, drb, tov };
}

type Counts = Record<"fga" | "fg" | "fta" | "orb" | "drb" | "tov" | "minutes" | "points", number>;

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
  const league = new LeagueBuilder().game({
    id: "0021700546",
    date: DATE,
    home: "TOR",
    away: "MIL",
    overtimes: 1,
    players: [...TOR.map((one) => line("TOR", one)), ...MIL.map((one) => line("MIL", one))],
  });
  // The page's team totals hold one turnover each that no player made (a team turnover).
  for (const team of league.rows.get("nbac_team_boxscore") ?? []) team.turnovers = Number(team.turnovers) + 1;
  await warehouse.loadRaw(league.rows);
  await build(warehouse, ["pgs", "togs", "tdgs"], DATE, DATE);
});
afterAll(() => warehouse.close());

describe("published values of MIL @ TOR, 2018-01-01", () => {
  it.each([...TOR, ...MIL].filter((one) => one.length > 11))(
    "%s: TS%, eFG% and USG% to the printed digit",
    async (...printed) => {
      const [player, , ...numbers] = printed as unknown as Printed;
      const [ts, efg, usage] = numbers.slice(9);
      const row = (await rowsBy(warehouse, "pgs", DATE, "player_lookup")).get(player) as Row;
      expect(Number(row.ts_pct).toFixed(3)).toBe(ts?.toFixed(3));
      expect(Number(row.efg_pct).toFixed(3)).toBe(efg?.toFixed(3));
      expect(Number(row.usage_rate).toFixed(1)).toBe(usage?.toFixed(1));
    },
  );

  it("teams: points and TS% as printed, ratings and pace within what the two possession formulas differ by", async () => {
    const offense = await rowsBy(warehouse, "togs", DATE, "team_abbr");
    const defense = await rowsBy(warehouse, "tdgs", DATE, "defending_team_abbr");
    expect(offense.get("TOR")).toMatchObject({ points_scored: 131, overtime_periods: 1, win_flag: true });
    expect(offense.get("MIL")).toMatchObject({ points_scored: 127, overtime_periods: 1, win_flag: false });
    expect(Number(offense.get("MIL")?.ts_pct).toFixed(3)).toBe("0.603");
    const near = (value: unknown, printed: number) => {
      expect(Math.abs(Number(value) / printed - 1), `${value} for ${printed}`).toBeLessThan(0.05);
    };
    near(offense.get("TOR")?.offensive_rating, 120.8);
    near(offense.get("MIL")?.offensive_rating, 117.1);
    near(defense.get("TOR")?.defensive_rating, 117.1);
    near(defense.get("MIL")?.defensive_rating, 120.8);
    near(offense.get("TOR")?.pace, 98.2);
    expect(offense.get("MIL")?.pace).toBe(offense.get("TOR")?.pace);
  });

  it("by Basketball-Reference's own possessions the same rows give its pace and ratings", async () => {
    // Its glossary, "Poss": 0.4 FTA and 1.07 x ORB% x misses, where this pipeline counts 0.44 FTA and ORB.
    const rows = await warehouse.query(
      `SELECT team_abbr, field_goals_attempted AS fga, field_goals_made AS fg, free_throws_attempted AS fta,
        offensive_rebounds AS orb, defensive_rebounds AS drb, turnovers AS tov,
        minutes, points
      FROM nba_raw.nbac_team_boxscore ORDER BY team_abbr`,
    );
    const [mil, tor] = rows as unknown as [Counts, Counts];
    const own = (a: Counts, b: Counts) =>
      a.fga + 0.4 * a.fta - 1.07 * (a.orb / (a.orb + b.drb)) * (a.fga - a.fg) + a.tov;
    const possessions = (own(mil, tor) + own(tor, mil)) / 2;
    expect(((48 * possessions) / (tor.minutes / 5)).toFixed(1)).toBe("98.2");
    expect(((100 * tor.points) / possessions).toFixed(1)).toBe("120.8");
    expect(((100 * mil.points) / possessions).toFixed(1)).toBe("117.1");
  });
});
