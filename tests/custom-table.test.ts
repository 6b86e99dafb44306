import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playerScoringStreak } from "@/examples/scoring-streak/player-scoring-streak";
import { openApi } from "@/lib/api/openapi";
import { cellKey, needsWork } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { tableOf } from "@/lib/engine/pipeline/find";
import { tableDocs } from "@/lib/engine/view/table-docs";
import { nba } from "@/lib/pipelines/nba";
import { checkFreshness, checkPreflight, checkRange } from "@/server/checks";
import { execute } from "@/server/cli/execute";
import { listTables } from "@/server/cli/tables";
import type { Context } from "@/server/context";
import { getCoverage, readCoverage } from "@/server/coverage";
import { getLineage } from "@/server/coverage/lineage";
import { makeDemo } from "@/server/demo";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { memoryContext } from "./support/context";
import { silentIo } from "./support/io";

// One file more than the ten tables: what docs/adding-a-table.md does by hand.
const PIPELINE = compilePipeline({ ...nba, tables: [...nba.tables, playerScoringStreak] });
const processor = (name: string) => tableOf(PIPELINE, name);

const DATE = "2021-11-16";
const RANGE = { start: "2021-11-15", end: "2021-11-18" };
let context: Context;
beforeAll(async () => {
  context = await memoryContext(undefined, undefined, PIPELINE);
  await makeDemo(context, { clean: true });
});
afterAll(() => context.close());

describe("a table that one file adds", () => {
  it("is in the registry, the graph and its order", async () => {
    expect(PIPELINE.tables).toHaveLength(11);
    expect(PIPELINE.downstream.get("pgs")).toContain("pss");
    const order = PIPELINE.order.map((one) => one.id);
    expect(order.indexOf("pss")).toBeGreaterThan(order.indexOf("pgs"));
    expect(JSON.stringify(await getLineage(context, DATE))).toContain('"pss"');
  });

  it("is built by its model and shown in the grid, complete against its expected count", async () => {
    const grid = await getCoverage(context, RANGE);
    expect(grid.tables).toContain("pss");
    const cell = grid.dates.find((one) => one.date === DATE)?.cells.pss;
    expect(cell?.state).toBe("complete");
    expect(cell?.rows).toBe(cell?.expected);
    expect(cell?.rows).toBeGreaterThan(100);
    const [best] = await context.warehouse.query(
      "SELECT MAX(streak) AS longest, MIN(streak) AS least FROM nba_precompute.player_scoring_streak",
    );
    expect(best?.least).toBe(0);
    expect(best?.longest).toBeGreaterThan(2);
  });

  it("is checked, planned and healed with what it reads", async () => {
    for (const [short, date] of [
      ["pgs", "2021-11-16"],
      ["pss", "2021-11-17"],
    ] as const) {
      const table = processor(short);
      await context.warehouse.execute(
        `DELETE FROM ${table.dataset}.${table.name} WHERE ${table.dateColumn} = DATE '${date}'`,
      );
    }
    const { cells } = await readCoverage(context, RANGE.start, RANGE.end);
    expect(cells.get(cellKey("pss", "2021-11-17"))?.states).toContain("missing");
    expect(cells.get(cellKey("pss", "2021-11-18"))?.states).toContain("tainted");
    const checked = await checkRange(context, [processor("pss")], ["2021-11-17"]);
    expect(checked.problems.map((one) => `${one.table} ${one.state}`)).toEqual(["pss missing"]);
    const before = await checkPreflight(context, [processor("pss")], ["2021-11-16", "2021-11-17"]);
    expect(before.missing.map((one) => `${one.table} ${one.date}`)).toEqual(["pgs 2021-11-16"]);

    const request = { tables: ["pss"], ...RANGE, only: "bad" as const, upstream: true, downstream: true };
    const plan = await previewPlan(context, request);
    expect(plan.cells.map((one) => `${one.table} ${one.date} ${one.role}`)).toEqual(
      expect.arrayContaining(["pgs 2021-11-16 upstream", "pss 2021-11-17 selected", "pss 2021-11-18 selected"]),
    );
    expect((await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("succeeded");
    const healed = (await readCoverage(context, RANGE.start, RANGE.end)).cells;
    expect([...healed.values()].filter(needsWork).map((one) => cellKey(one.table, one.date))).toEqual([]);
  });

  it("has its inputs in dependency freshness", async () => {
    const { inputs } = await checkFreshness(context, [processor("pss")], [DATE]);
    expect(inputs.map((one) => one.input)).toEqual(["nbac_schedule", "pgs"]);
  });

  it("is named by the command line, the API's description and the documents", async () => {
    const io = silentIo(".");
    expect(await listTables(context.pipeline)(undefined, [], { json: true }, io)).toBe(0);
    expect(io.said.out).toContain('"pss"');
    io.said.out = "";
    expect(await execute(context, ["rows", "player_scoring_streak", "--date", DATE, "--json"], io)).toBe(0);
    expect(JSON.parse(io.said.out).length).toBeGreaterThan(100);
    expect(await execute(context, ["rows", "nothing", "--date", DATE], io)).toBe(2);
    expect(io.said.err).toContain("pss");
    expect(JSON.stringify(openApi(context.pipeline))).toMatch(/\bpss\b/);
    expect(tableDocs(context.pipeline)).toContain("## pss");
    expect(tableDocs(context.pipeline)).toContain("games in a row with 20 points or more");
  });
});

describe("docs/tables.md", () => {
  it("says of the ten tables what the registry says", () => {
    const ten = tableDocs(context.pipeline).split("## pss")[0] as string;
    expect(readFileSync("docs/tables.md", "utf8").trim()).toBe(ten.trim());
  });
});
