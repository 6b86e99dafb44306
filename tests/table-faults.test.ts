import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { readConfig } from "@/server/config";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { getPage } from "@/server/coverage/page";
import { readRows } from "@/server/coverage/rows";
import { dataFindings } from "@/server/doctor/data";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { openBigQuery } from "@/server/warehouse/bigquery";
import { NBA } from "@/tests/support/tables";
import { LocalBigQuery } from "./support/bigquery/server";
import { END, START, smallSeason } from "./support/small-season";

const RANGE = { start: START, end: END };
/** A date after bootstrap. */
const D = "2021-11-03";
const PGS = "nba_analytics.player_game_summary";

let context: Context;
beforeEach(async () => {
  context = await smallSeason();
});
afterEach(() => context.close());

const cells = async (of = context) => (await readCoverage(of, START, END)).cells;
/** States of cells that are not as they should be, by table. */
async function wrong(of = context): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { table, state } of (await cells(of)).values())
    if (!["complete", "bootstrap", "not_expected"].includes(state))
      found[table] = [...new Set([...(found[table] ?? []), state])];
  return found;
}

describe("one table's fault stays that table's", () => {
  it.each(["TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"])(
    "its date is a %s: its column says so, all else works",
    async (type) => {
      expect(await wrong()).toEqual({});
      await context.warehouse.execute(`ALTER TABLE ${PGS} ALTER game_date TYPE ${type}`);
      expect(await wrong()).toEqual({ pgs: ["failed"] });
      const cell = (await cells()).get(`pgs ${D}`);
      expect(JSON.stringify(cell?.reasons)).toMatch(/game_date.*(TIMESTAMP|VARCHAR).*DATE/);
      expect((await readRows(context, "pgs", D))[0]).toMatchObject({ game_date: D });
      expect(await dataFindings(context)).toContainEqual(expect.objectContaining({ name: "tables", level: "warn" }));

      // Others are planned, and built of what it holds.
      await context.warehouse.execute(
        `DELETE FROM nba_precompute.player_shot_zone_analysis WHERE analysis_date = '${D}'`,
      );
      const plan = await previewPlan(context, wholeChain(RANGE, NBA));
      expect(new Set(plan.cells.map(({ table }) => table))).toContain("psza");
      expect(new Set(plan.cells.map(({ table }) => table))).not.toContain("pgs");
      expect(plan.leftOut.find(({ table }) => table === "pgs")?.reason).toMatch(/game_date/);
      expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("incomplete");
      expect(await wrong()).toEqual({ pgs: ["failed"] });

      await context.warehouse.execute(`ALTER TABLE ${PGS} ALTER game_date TYPE DATE`);
      expect(await wrong()).toEqual({});
    },
  );

  it.each(["points", "game_date", "player_lookup"])(
    "its column %s is gone: rows that others made of it stay, no new ones are",
    async (column) => {
      await context.warehouse.execute(`ALTER TABLE ${PGS} DROP COLUMN ${column}`);
      expect(await wrong()).toEqual({ pgs: ["failed"] });
      await context.warehouse.execute(
        `DELETE FROM nba_precompute.player_shot_zone_analysis WHERE analysis_date = '${D}'`,
      );
      await context.warehouse.execute(`DELETE FROM nba_analytics.team_offense_game_summary WHERE game_date = '${D}'`);
      const plan = await previewPlan(context, wholeChain(RANGE, NBA));
      const planned = new Set(plan.cells.map(({ table }) => table));
      expect([planned.has("togs"), planned.has("psza"), planned.has("pgs")]).toEqual([true, false, false]);
      expect(plan.leftOut.find(({ table }) => table === "psza")?.reason).toMatch(/pgs/);
      expect(plan.leftOut.find(({ table }) => table === "pgs")?.reason).toMatch(new RegExp(column));
      expect(await getPage(context, RANGE)).toBeTruthy();
    },
  );

  it("a source's date is a timestamp: it is read as a date", async () => {
    await context.warehouse.execute("ALTER TABLE nba_raw.nbac_schedule ALTER game_date TYPE TIMESTAMP");
    await context.warehouse.execute("ALTER TABLE nba_raw.shots ALTER game_date TYPE TIMESTAMPTZ");
    expect(await wrong()).toEqual({});
    expect(await dataFindings(context)).toContainEqual(
      expect.objectContaining({
        name: "tables",
        message: expect.stringContaining("nbac_schedule.game_date is TIMESTAMP"),
      }),
    );
  });

  it("a number that is narrower than defined is no fault", async () => {
    await context.warehouse.execute(`ALTER TABLE ${PGS} ALTER points TYPE INTEGER`);
    expect(await wrong()).toEqual({});
  });

  it("on BigQuery too, whether it was so before or comes to be", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-faults-"));
    const file = path.join(folder, "warehouse.duckdb");
    await context.warehouse.execute(`ALTER TABLE ${PGS} ALTER game_date TYPE TIMESTAMP`);
    await context.warehouse.copyTo(file);
    const local = await LocalBigQuery.start(file);
    try {
      const config = readConfig({
        ...process.env,
        BIGQUERY_PROJECT: "test",
        BIGQUERY_ENDPOINT: local.url,
        FULLCOURT_TODAY: "2021-12-01",
      });
      const own = { ...context, warehouse: await openBigQuery(config, NBA) };
      expect(await wrong(own)).toEqual({ pgs: ["failed"] });
      // Another program makes a table anew, with columns of its own.
      const togs = "nba_analytics.team_offense_game_summary";
      await local.engine.ddl(`CREATE OR REPLACE TABLE ${togs} (game_id VARCHAR, game_date TIMESTAMP)`);
      local.engine.partition(togs, { column: "game_date", type: "TIMESTAMP", unit: "DAY", isRequired: false });
      own.warehouse.changes.lookAgain();
      expect(Object.keys(await wrong(own))).toEqual(["pgs", "togs"]);
      await own.warehouse.close();
    } finally {
      await local.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
