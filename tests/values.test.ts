import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NEEDS_WORK } from "@/lib/engine/coverage/types";
import { execute } from "@/server/cli/execute";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { makeDemo } from "@/server/demo";
import { getRun } from "@/server/state/runs";
import { memoryContext } from "./support/context";
import { silentIo } from "./support/io";

const [START, END] = ["2021-11-02", "2021-11-30"];
let context: Context;
beforeAll(async () => {
  context = await memoryContext();
  await makeDemo(context, { clean: true });
}, 120_000);
afterAll(() => context.close());

/** Tables with cells that need work, by state. */
async function found(): Promise<Record<string, string[]>> {
  const { cells } = await readCoverage(context, START, END);
  const states: Record<string, Set<string>> = {};
  for (const { state, table } of cells.values())
    if (NEEDS_WORK.has(state)) {
      states[state] ??= new Set();
      states[state].add(table);
    }
  return Object.fromEntries(Object.entries(states).map(([state, tables]) => [state, [...tables].sort()]));
}

it("nothing of the clean season is raised", async () => {
  const { cells } = await readCoverage(context, START, END);
  expect(
    [...cells.values()].flatMap((cell) => cell.checks.map(({ check }) => `${cell.table} ${cell.date} ${check}`)),
  ).toEqual([]);
  expect(await found()).toEqual({});
});

describe("rows that are all there, with values that are not right", () => {
  it.each<[name: string, table: string, update: string, check: string]>([
    ["minutes NULL", "pgs", "nba_analytics.player_game_summary SET minutes_played = NULL", "minutes_played not null"],
    [
      "usage 1228",
      "pgs",
      "nba_analytics.player_game_summary SET usage_rate = 1228",
      "usage_rate between 0 and 100 where minutes_played >= 5",
    ],
    [
      "zones NULL",
      "pgs",
      "nba_analytics.player_game_summary SET paint_attempts = NULL, mid_range_attempts = NULL",
      "paint_attempts not null where data_quality_tier = 'high'",
    ],
    ["points 0", "togs", "nba_analytics.team_offense_game_summary SET points_scored = 0", "points_scored not zero"],
    [
      "scores 0",
      "pcf",
      "nba_precompute.player_composite_factors SET fatigue_score = 0, shot_zone_mismatch_score = 0, pace_score = 0, usage_spike_score = 0",
      "fatigue_score between 35 and 100",
    ],
    [
      "quality 40",
      "mlfs",
      "nba_predictions.ml_feature_store_v2 SET feature_quality_score = 40",
      "feature_quality_score > 40 AND feature_quality_score <= 100",
    ],
    ["nobody wins", "pgs", "nba_analytics.player_game_summary SET win_flag = FALSE", "win_flag at least 2 values"],
  ])("%s: invalid, since the first date, and readers are not complete", async (_name, id, update, check) => {
    const table = context.pipeline.tables.find((one) => one.id === id);
    const [date, last] = ["2021-11-17", "2021-11-19"];
    const name = update.split(" ")[0] as string;
    await context.warehouse.execute(`CREATE TABLE nba_raw.kept AS SELECT * FROM ${name}`);
    await context.warehouse.execute(`UPDATE ${update} WHERE ${table?.dateColumn} BETWEEN '${date}' AND '${last}'`);
    const { cells } = await readCoverage(context, START, END);
    expect(cells.get(`${id} ${date}`)).toMatchObject({ state: "invalid" });
    const finding = cells.get(`${id} ${last}`)?.checks.find((one) => one.check === check);
    expect(finding).toMatchObject({ level: "fail", value: 1, usual: 0, since: date });
    expect(cells.get(`${id} 2021-11-20`)?.states ?? []).not.toContain("invalid");
    for (const reader of context.pipeline.downstream.get(id) ?? [])
      for (const [key, cell] of cells)
        if (key === `${reader} ${last}`) expect(["corrupt", "tainted"], key).toContain(cell.state);
    await context.warehouse.execute(`DELETE FROM ${name} WHERE TRUE`);
    await context.warehouse.execute(`INSERT INTO ${name} SELECT * FROM nba_raw.kept`);
    await context.warehouse.execute("DROP TABLE nba_raw.kept");
    expect(await found()).toEqual({});
  });
});

it("a run whose rows fail a declared check has failed, and says which, by how much and since when", async () => {
  const [table, date] = ["togs", "2021-11-18"];
  const source = "nba_raw.nbac_team_boxscore";
  const fullcourt = async (...argv: string[]) => {
    const io = silentIo(".");
    return { code: await execute(context, [...argv, "--date", date], io), ...io.said };
  };
  const rebuild = async () => {
    const { code, out } = await fullcourt(
      "backfill",
      table,
      "--only",
      "all",
      "--no-upstream",
      "--no-downstream",
      "--json",
    );
    const last = JSON.parse(out.trim().split("\n").at(-1) as string);
    return { code, last, run: await getRun(context.state.db, last.id) };
  };
  await context.warehouse.execute(`CREATE TABLE nba_raw.kept AS SELECT * FROM ${source}`);
  await context.warehouse.execute(`UPDATE ${source} SET points = 0 WHERE game_date = '${date}'`);
  const { code, last, run } = await rebuild();
  expect([code, last.status, last.failed, last.error]).toEqual([1, "failed", 0, run.error]);
  expect(run.error).toContain("The rows of 1 cell that was built fail a check. togs 2021-11-18: ");
  expect(run.error).toContain("points_scored is 0 in 12 of 12 rows (usually 0 %), since Nov 18.");
  expect(run.problems).toMatchObject([{ table, date, state: "invalid" }]);
  expect(run.problems?.[0]?.checks?.[0]).toMatchObject({
    check: "points_scored not zero",
    value: 1,
    usual: 0,
    rows: 12,
  });
  const verified = await fullcourt("verify", table);
  expect([verified.code, verified.out]).toEqual([
    1,
    expect.stringMatching(/invalid +12 +12 +points_scored not zero; /),
  ]);
  await context.warehouse.execute(`DELETE FROM ${source} WHERE TRUE`);
  await context.warehouse.execute(`INSERT INTO ${source} SELECT * FROM nba_raw.kept`);
  await context.warehouse.execute("DROP TABLE nba_raw.kept");
  const healed = await rebuild();
  expect([healed.code, healed.last.status, healed.last.error]).toEqual([0, "succeeded", null]);
});
