import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { demoContext } from "@/tests/support/context";
import { NBA } from "@/tests/support/tables";
import { restore } from "../backup/backup";
import { readConfig } from "../config";
import { type Context, makeContext, openContext } from "../context";
import { openState } from "../state/db";
import { openBigQuery } from "../warehouse/bigquery";
import { makeDemo } from "./index";
import { makeRoom, othersData } from "./origin";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-origin-"));
const opened: Context[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (name: string) =>
  readConfig({ ...process.env, FULLCOURT_HOME: path.join(folder, name), FULLCOURT_TODAY: "2021-12-01" });

async function open(name: string): Promise<Context> {
  const context = await openContext(configOf(name), NBA, "a test");
  opened.push(context);
  return context;
}

const GAME = { game_id: "0021900001", game_date: "2019-10-22", season_year: 2019, game_status: 3 };
const gamesOf = async ({ warehouse }: Context) =>
  (await warehouse.query("SELECT game_id FROM nba_raw.nbac_schedule WHERE game_date = DATE '2019-10-22'")).length;

describe("a demo", () => {
  it("is refused where data of another origin is, which is told and stays", async () => {
    const context = await open("imported");
    await context.warehouse.loadRaw(new Map([["nbac_schedule", [GAME, { ...GAME, game_id: "0021900002" }]]]));
    await expect(makeDemo(context, {})).rejects.toMatchObject({
      code: "not_empty",
      kind: "usage",
      message: `${context.config.home} holds data that no demo made: 2 rows of 2019-10-22 to 2019-10-22 (nbac_schedule 2).`,
      hint: expect.stringContaining("--replace"),
    });
    expect(await gamesOf(context)).toBe(2);
  });

  it("that is to replace it keeps a copy, which restore puts back", async () => {
    const context = await open("replaced");
    await context.warehouse.loadRaw(new Map([["nbac_schedule", [GAME]]]));
    const stop = new Error("enough is seen");
    const say = (words: string) => {
      if (words.startsWith("building")) throw stop;
    };
    await expect(makeDemo(context, { replace: true }, say)).rejects.toBe(stop);
    expect(await gamesOf(context)).toBe(0);
    // A demo that was cut off in its making is the demo's all the same: it may be made again.
    expect(await othersData(context)).toBeNull();
    expect(await makeRoom(context, false)).toBeNull();
    await context.warehouse.loadRaw(new Map([["nbac_schedule", [{ ...GAME, game_id: "0021900003" }]]]));
    const kept = (await makeRoom(context, true)) as string;
    await restore(configOf("put back"), kept, false);
    const back = await open("put back");
    expect(await gamesOf(back)).toBe(1);
  });

  it("is known by its raw rows: what is imported over it is another's, its own runs are not", async () => {
    const context = await demoContext("damaged");
    opened.push(context);
    expect(await othersData(context)).toBeNull();
    const [game] = await context.warehouse.query("SELECT * EXCEPT (processed_at) FROM nba_raw.nbac_schedule LIMIT 1");
    if (!game) throw new Error("the demo has no game");
    await context.warehouse.loadRaw(new Map([["nbac_schedule", [game]]]));
    expect(await othersData(context)).toBeNull();
    await context.warehouse.loadRaw(new Map([["nbac_schedule", [{ ...game, home_team_abbr: "XXX" }]]]));
    expect(await othersData(context)).toMatch(/^309 rows of .* \(nbac_schedule 309\)$/);
  });

  it("is never made on BigQuery, replaced or not", async () => {
    const local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
    const config = { ...configOf("bigquery"), bigqueryProject: "test", bigqueryEndpoint: local.url };
    const context = makeContext(
      config,
      NBA,
      await openBigQuery(config, NBA),
      await openState({ databaseUrl: undefined }),
    );
    for (const replace of [false, true])
      await expect(makeDemo(context, { replace })).rejects.toMatchObject({ code: "no_demo_here", kind: "usage" });
    await context.close();
    await local.stop();
  });

  it("counts runs and accepted gaps as another's where no demo was made", async () => {
    const context = await open("runs");
    expect(await othersData(context)).toBeNull();
    const gap = { id: "a", table: "pgs", cells: {}, reason: "lost", by: "ann", createdAt: new Date().toISOString() };
    await context.state.db
      .insertInto("acceptances")
      .values({ ...gap, cells: JSON.stringify(gap.cells) as never, expires: null, accepts: "gap" })
      .execute();
    expect(await othersData(context)).toBe("1 accepted gap");
  });
});
