import { afterAll, beforeAll, expect, it } from "vitest";
import { changedCells } from "@/lib/engine/coverage/changes";
import { unpackPage } from "@/lib/engine/coverage/page";
import { pageStates, type StateRow } from "@/lib/engine/coverage/run-states";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { demoContext } from "@/tests/support/context";
import { onBothEngines } from "@/tests/support/state";
import { NBA } from "@/tests/support/tables";
import { type Context, makeContext } from "../context";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { getRunGrid } from "../runner/run-grid";
import { changesOfCell } from "../state/cell-changes";
import { getHealth } from "./health";
import { readCoverage } from "./index";
import { getOverview } from "./page";

const RANGE = { start: "2021-11-15", end: "2021-11-16" };

onBothEngines("the history of cells", ({ open }) => {
  let demo: Context;
  let context: Context;
  beforeAll(async () => {
    demo = await demoContext("clean");
    context = makeContext(demo.config, NBA, demo.warehouse, await open());
  });
  afterAll(async () => {
    await context.state.close();
    await demo.close();
  });

  /** A look of a process that knows nothing yet: another context over the same warehouse and state. */
  const look = () => readCoverage(context, RANGE.start, RANGE.end);
  const changes = async (table: string, date = "2021-11-16") =>
    (await changesOfCell(context.state.db, table, date)).map(({ from, to, runId }) => [from, to, runId]);
  const count = async () =>
    (
      await context.state.db
        .selectFrom("cellChanges")
        .select(({ fn }) => fn.countAll<number>().as("n"))
        .execute()
    )[0]?.n;

  it("begins with the first look, which changes nothing", async () => {
    await look();
    expect(Number(await count())).toBe(0);
  });

  it("has what came from outside, once, with what follows from it", async () => {
    await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE game_date = '2021-11-16'");
    await look();
    await look();
    expect(await changes("pgs")).toEqual([["complete", "missing", null]]);
    expect(await changes("togs")).toEqual([]);
    expect((await changes("pdc", "2021-11-17")).length).toBeGreaterThan(0);
    const [before, now] = [await getOverview(context, "2021-01-01T00:00:00Z"), await getOverview(context)];
    expect(changedCells(before, now)).toContainEqual({
      table: "pgs",
      date: "2021-11-16",
      from: "complete",
      to: "missing",
    });
    expect(changedCells(await getOverview(context, "2999-01-01T00:00:00Z"), now)).toEqual([]);
  });

  it("says which run healed a cell, and those that read it", async () => {
    const plan = await previewPlan(context, wholeChain({ start: "2021-11-16", end: "2021-11-30" }, NBA));
    const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done;
    expect(run.status).toBe("succeeded");
    await look();
    const [[from, to, runId] = []] = await changes("pgs");
    expect([from, to, runId]).toEqual(["missing", "complete", run.id]);
    const later = await changesOfCell(context.state.db, "pdc", "2021-11-17");
    expect(later.map((change) => change.to)[0]).toBe("complete");
    expect(later[0]?.runId).toBe(run.id);
    // Every change leads from where the one before ended.
    for (const [index, change] of later.slice(0, -1).entries()) expect(change.from).toBe(later[index + 1]?.to);

    const { page, before } = await getRunGrid(context, run);
    const stateOf = (rows: StateRow[] | null, date: string) =>
      rows?.find((row) => row.date === date)?.states[page.tables.indexOf("pgs")];
    expect(stateOf(before, "2021-11-16")).toBe("missing");
    expect(stateOf(pageStates(unpackPage(page)), "2021-11-16")).toBe("complete");
  });

  it("says how complete the data was by week and how long gaps were open", async () => {
    const { weeks, healing } = await getHealth(context);
    expect(weeks.at(-1)?.due).toBeGreaterThan(100);
    expect(weeks.at(-1)?.complete).toBeLessThanOrEqual(weeks.at(-1)?.due as number);
    const [first] = healing;
    expect(first).toMatchObject({ table: "pgs", healed: 1, open: 0, healedOlder: 0 });
    expect(first?.p50).toBeGreaterThan(0);
  });

  it("goes on where another process left it", async () => {
    const before = Number(await count());
    const other = makeContext(demo.config, NBA, demo.warehouse, { ...context.state });
    await readCoverage(other, RANGE.start, RANGE.end);
    expect(Number(await count())).toBe(before);
  });
});
