import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Cell } from "@/lib/api/coverage";
import { isDefect, needsWork } from "@/lib/engine/coverage/types";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { eachDate } from "@/lib/util/dates";
import { checkRange } from "@/server/checks";
import { findSuperfluous } from "@/server/checks/repair";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { acceptGaps } from "@/server/coverage/gaps";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { NBA, PROCESSORS, qualifiedName } from "@/tests/support/tables";
import { buildSeason, END, rawRowsOf, START, smallSeason } from "./support/small-season";

/** A date of three games after bootstrap, and one of them. */
const D = "2021-11-03";
const SOURCES = ["nbac_gamebook_player_stats", "nbac_team_boxscore", "shots"];

let context: Context;
let game: { id: string; name: string };
beforeEach(async () => {
  context = await smallSeason({ isBuilt: false });
  const [first] = await context.warehouse.query(
    `SELECT game_id, away_team_abbr, home_team_abbr FROM nba_raw.nbac_schedule WHERE game_date = '${D}' ORDER BY game_id LIMIT 1`,
  );
  game = { id: first?.game_id as string, name: `${first?.away_team_abbr} @ ${first?.home_team_abbr}` };
});
afterEach(() => context.close());

const cells = async () => (await readCoverage(context, START, END)).cells;
const plan = () => previewPlan(context, wholeChain({ start: START, end: END }, NBA));
const lose = async (sources = SOURCES) => {
  for (const source of sources)
    await context.warehouse.execute(`DELETE FROM nba_raw.${source} WHERE game_id = '${game.id}'`);
};
async function wrong(is: (cell: Cell) => boolean = needsWork): Promise<string[]> {
  return [...(await cells()).values()]
    .filter(is)
    .map(({ table, date, states }) => `${table} ${date} ${states.join(" ")}`);
}
async function run(): Promise<void> {
  const { planId } = await plan();
  const { done } = await launch(context, planId, DEFAULT_OPTIONS, "test");
  expect(["succeeded", "incomplete"]).toContain((await done).status);
}

describe("a game whose lines never come", () => {
  beforeEach(async () => {
    await lose();
    await run();
  });

  it("the others of its date are built, it is named, and later dates are built and tainted", async () => {
    const all = await cells();
    for (const table of ["pgs", "togs", "tdgs"]) {
      const cell = all.get(`${table} ${D}`);
      expect([table, cell?.states]).toEqual([table, ["partial"]]);
      expect(cell?.rows).toBe(table === "pgs" ? 36 : 4);
      expect(JSON.stringify(cell?.reasons)).toContain(game.name);
    }
    // No cell but these is a defect: what reads them is built, and says that it has read them.
    expect(await wrong(isDefect)).toEqual(["pgs", "togs", "tdgs"].map((table) => `${table} ${D} partial`));
    const later = [...all.values()].filter((cell) => cell.date > D && cell.expected !== 0 && cell.state !== "complete");
    expect(new Set(later.map((cell) => cell.states.join(" ")))).toEqual(new Set(["tainted"]));
    expect(all.get(`pcf ${D}`)?.states).toEqual(["tainted"]);
    expect(all.get(`pcf ${D}`)?.rows).toBeGreaterThan(0);
  });

  it("nothing more can be done, and nothing is offered again", async () => {
    const { tasks, leftOut } = await plan();
    expect(tasks).toEqual([]);
    expect(leftOut.find(({ table }) => table === "pgs")?.reason).toContain(game.name);
    expect(await findSuperfluous(context, [...PROCESSORS], eachDate(START, END))).toEqual([]);
  });

  it("an accepted gap is inherited whole: the range check passes", async () => {
    await acceptGaps(context, {
      cells: ["pgs", "togs", "tdgs"].map((table) => ({ table, date: D })),
      reason: "the feed lost it",
      by: "somebody",
      expires: null,
    });
    expect(await wrong()).toEqual([]);
    expect(await checkRange(context, [...PROCESSORS], eachDate(START, END))).toMatchObject({
      passed: true,
      problems: [],
    });
  });

  it("is built again, with all that reads it, when it comes", async () => {
    await context.warehouse.loadRaw(
      rawRowsOf((row) => row.game_id === game.id),
      new Date().toISOString(),
    );
    const { cells: planned } = await plan();
    expect(planned.map(({ table, date }) => `${table} ${date}`)).toEqual(
      expect.arrayContaining([`pgs ${D}`, `mlfs ${D}`, "psza 2021-11-05"]),
    );
    await run();
    expect(await wrong()).toEqual([]);
  });
});

describe("a source that lost rows afterwards", () => {
  beforeEach(async () => {
    await buildSeason(context);
    expect(await wrong()).toEqual([]);
  });
  const rows = async () =>
    Promise.all(
      PROCESSORS.map(
        async (table) => (await context.warehouse.query(`SELECT COUNT(*) AS n FROM ${qualifiedName(table)}`))[0]?.n,
      ),
    );

  it.each([SOURCES, ["nbac_gamebook_player_stats"], ["nbac_team_boxscore"]])(
    "condemns, replaces and deletes nothing (%s %s %s)",
    async (...sources) => {
      const before = await rows();
      await lose(sources.filter(Boolean) as string[]);
      expect(await wrong()).toEqual([]);
      expect(await findSuperfluous(context, [...PROCESSORS], eachDate(START, END))).toEqual([]);
      expect((await plan()).tasks).toEqual([]);
      expect(await rows()).toEqual(before);
    },
  );

  it.each(["game_id = ", "game_date = "])("a status that goes back condemns nothing either (%s...)", async (column) => {
    const before = await rows();
    const which = `${column}'${column.includes("id") ? game.id : D}'`;
    await context.warehouse.execute(`UPDATE nba_raw.nbac_schedule SET game_status = 1 WHERE ${which}`);
    expect(await wrong()).toEqual([]);
    expect(JSON.stringify((await cells()).get(`pgs ${D}`)?.reasons)).toContain("not_done");
    expect(await findSuperfluous(context, [...PROCESSORS], eachDate(START, END))).toEqual([]);
    expect((await plan()).tasks).toEqual([]);
    expect(await rows()).toEqual(before);
  });

  it("lines without content are no lines: rows that were right are not replaced by fewer", async () => {
    await context.warehouse.execute(
      `UPDATE nba_raw.nbac_gamebook_player_stats SET minutes = '00:00', processed_at = TIMESTAMP '2026-01-01 00:00:00' WHERE game_id = '${game.id}'`,
    );
    const { cells: planned } = await plan();
    expect(planned.filter(({ table, date }) => table === "pgs" && date === D)).toEqual([]);
    expect((await cells()).get(`pgs ${D}`)?.states).not.toContain("surplus");
  });
});
