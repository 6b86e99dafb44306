import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlanRequest } from "@/lib/api/runs";
import { cellKey } from "@/lib/engine/coverage/types";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { eachDate } from "@/lib/util/dates";
import { demoContext } from "@/tests/support/context";
import { NBA, PROCESSORS, qualifiedName } from "@/tests/support/tables";
import { checkFreshness, checkPreflight, checkRange } from "../checks";
import { deleteSuperfluous, findSuperfluous } from "../checks/repair";
import type { Context } from "../context";
import { getCoverage } from "../coverage";
import { markInterrupted } from "../state/queue";
import { findInterrupted, findPlan, logsOf, tasksOf } from "../state/runs";
import type { Warehouse } from "../warehouse";
import { watch } from "./events";
import { cancel, DEFAULT_OPTIONS, launch, resume } from "./launch";
import { previewPlan } from "./plans";

const NOVEMBER = { start: "2021-11-15", end: "2021-11-30" };
const ALL = wholeChain(NOVEMBER, NBA);
const REBUILD: PlanRequest = { ...ALL, start: "2021-11-29", end: "2021-11-30", only: "all" };

let context: Context;

const state = async (table: string, date: string) =>
  (await getCoverage(context, { start: date, end: date })).dates[0]?.cells[table]?.state;
const run = async (request: PlanRequest, options = {}) =>
  (await launch(context, (await previewPlan(context, request)).planId, { ...DEFAULT_OPTIONS, ...options }, "cli")).done;

/** Makes the warehouse fail to build one table, as a full disk would. */
function failing(table: string, work: () => Promise<void>): Promise<void> {
  const real = context.warehouse.replacePartitions;
  context.warehouse.replacePartitions = (replacement) =>
    replacement.table.name === table
      ? Promise.reject(new Error("No space left on device"))
      : real.call(context.warehouse, replacement);
  return work().finally(() => {
    context.warehouse.replacePartitions = real as Warehouse["replacePartitions"];
  });
}

describe("November 2021", () => {
  beforeEach(async () => {
    context = await demoContext("damaged");
  });
  afterEach(() => context.close());

  it("a plan is launched exactly as shown, or refused whole with the difference", async () => {
    const plan = await previewPlan(context, ALL);
    expect((await previewPlan(context, ALL)).planId).toBe(plan.planId);
    await run({ ...ALL, tables: ["togs"], start: "2021-11-15", end: "2021-11-15", downstream: false });
    await expect(launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).rejects.toThrow(
      /has changed since plan .*togs Nov 15.*Nothing was run/s,
    );
    expect(await state("pgs", "2021-11-16")).toBe("missing");
    await expect(launch(context, "nosuchplan", DEFAULT_OPTIONS, "cli")).rejects.toThrow(/There is no plan/);
  });

  it("its writes are told as cells that have changed", async () => {
    const told = new Set<string>();
    const stop = watch(context, (event) => {
      if (event.type !== "cells") return;
      for (const table of event.tables ?? []) for (const date of event.dates ?? []) told.add(cellKey(table, date));
    });
    const { cells: planned } = await previewPlan(context, REBUILD);
    const { revision } = context;
    expect((await run(REBUILD)).status).toBe("succeeded");
    stop();
    expect([...told].sort()).toEqual(planned.map((cell) => cellKey(cell.table, cell.date)).sort());
    expect(context.revision).toBeGreaterThan(revision);
  });

  it("pre-flight names what is missing and blocks the whole launch; skipping it is on record", async () => {
    const request: PlanRequest = {
      ...ALL,
      tables: ["pcf"],
      start: "2021-11-16",
      end: "2021-11-18",
      upstream: false,
      downstream: false,
    };
    const blocked = await run(request);
    expect(blocked.status).toBe("blocked");
    expect(blocked.error).toMatch(/pgs 2021-11-16 \(0 of 72\), pgs 2021-11-18 \(0 of 146\)/);
    expect((await tasksOf(context.state.db, blocked.id)).every((task) => task.status === "blocked")).toBe(true);
    expect(await state("pcf", "2021-11-16")).toBe("blocked");
    const { ready, missing, plan } = await checkPreflight(
      context,
      PROCESSORS.filter((one) => one.id === "pcf"),
      ["2021-11-16", "2021-11-17", "2021-11-18"],
    );
    expect([ready, missing.map((one) => `${one.table} ${one.date}`)]).toEqual([
      false,
      ["pgs 2021-11-16", "pgs 2021-11-18"],
    ]);
    // It offers the plan that would make it ready.
    expect(plan?.cells).toBeGreaterThan(2);
    expect((await findPlan(context.state.db, plan?.planId ?? ""))?.body.tasks[0]).toMatchObject({
      table: "pgs",
      dates: ["2021-11-16", "2021-11-18"],
    });

    const skipped = await run(request, { skipPreflight: true });
    expect(skipped).toMatchObject({ status: "incomplete", options: { skipPreflight: true } });
    expect(
      (await logsOf(context.state.db, skipped.id)).some((line) => /Pre-flight was skipped/.test(line.message)),
    ).toBe(true);
    expect(skipped.problems?.map((one) => `${one.table} ${one.date} ${one.state}`)).toContain("pcf 2021-11-16 corrupt");
    const built = (await getCoverage(context, { start: "2021-11-16", end: "2021-11-16" })).dates[0]?.cells.pcf;
    expect(built?.reasons.at(-1)).toEqual({ code: "preflight_skipped", params: { run: skipped.id } });
    // The rows are there, and the grid does not call them complete.
    expect(await state("pcf", "2021-11-16")).toBe("corrupt");
  });

  it("repair shows the rows that must not be there, then deletes just them", async () => {
    const dates = eachDate(NOVEMBER.start, NOVEMBER.end);
    const found = await findSuperfluous(context, [...PROCESSORS], dates);
    const of = (table: string, kind: string) => found.filter((one) => one.table === table && one.state === kind);
    expect(of("pcf", "corrupt").map((one) => [one.date.slice(8), one.rows])).toEqual([
      ["18", 212],
      ["21", 179],
      ["28", 169],
    ]);
    expect(of("pcf", "corrupt").reduce((sum, one) => sum + one.rows, 0)).toBe(560);
    expect(of("mlfs", "corrupt").map((one) => [one.date.slice(8), one.rows])).toEqual([["18", 212]]);
    expect(of("togs", "duplicated").map((one) => one.rows)).toEqual([66]);
    const deleted = await deleteSuperfluous(context, [...PROCESSORS], found);
    expect(deleted).toBe(found.reduce((sum, one) => sum + one.rows, 0));
    expect(await state("togs", "2021-11-15")).toBe("complete");
    expect(await state("pcf", "2021-11-18")).toBe("blocked");
    expect(await findSuperfluous(context, [...PROCESSORS], dates)).toEqual([]);
  });

  it("surplus rows are deleted by key: those that the model does not give", async () => {
    const pgs = qualifiedName(PROCESSORS[0] as (typeof PROCESSORS)[number]);
    await context.warehouse.execute(
      `INSERT INTO ${pgs} (player_lookup, game_id, game_date, points, processed_at) SELECT 'ghost', game_id, game_date, 99, processed_at FROM ${pgs} WHERE game_date = DATE '2021-11-17' LIMIT 1`,
    );
    // Its other columns are NULL: its values are wrong too.
    expect(await state("pgs", "2021-11-17")).toBe("invalid");
    const found = await findSuperfluous(context, PROCESSORS.slice(0, 1), ["2021-11-17"]);
    expect(found).toMatchObject([{ table: "pgs", state: "surplus", rows: 1 }]);
    expect(await deleteSuperfluous(context, PROCESSORS.slice(0, 1), found)).toBe(1);
    expect(await state("pgs", "2021-11-17")).toBe("complete");
  });

  it("a date that fails by its rows fails alone, and its readers are not built on it", async () => {
    const twice = qualifiedName(PROCESSORS.find((one) => one.id === "utgc") as (typeof PROCESSORS)[number]);
    await run(ALL);
    // utgc of Nov 29 is doubled by another program: pcf of that date would be doubled too.
    await context.warehouse.execute(`INSERT INTO ${twice} SELECT * FROM ${twice} WHERE game_date = DATE '2021-11-29'`);
    const ended = await run(
      { ...ALL, tables: ["pcf"], start: "2021-11-28", end: "2021-11-30", only: "all", upstream: false },
      { skipPreflight: true },
    );
    expect(ended.status).toBe("failed");
    const pcf = (await tasksOf(context.state.db, ended.id)).find((task) => task.table === "pcf");
    expect(pcf).toMatchObject({ status: "failed" });
    expect(pcf?.error).toMatch(/^Nov 29: .*more than one row/);
    const mlfs = (await tasksOf(context.state.db, ended.id)).find((task) => task.table === "mlfs");
    expect(mlfs).toMatchObject({ status: "blocked", skipped: ["2021-11-29"] });
    expect(await state("pcf", "2021-11-29")).toBe("failed");
    expect(await state("pcf", "2021-11-30")).toBe("complete");
    expect(await state("mlfs", "2021-11-30")).toBe("complete");
  });
});

describe("a healed season", () => {
  beforeAll(async () => {
    context = await demoContext("clean");
  });
  afterAll(() => context.close());

  it("a failed task fails its dependents' dates only; others go on", async () => {
    await failing("team_defense_zone_analysis", async () => {
      const ended = await run(REBUILD);
      const statuses = Object.fromEntries(
        (await tasksOf(context.state.db, ended.id)).map((task) => [task.table, task.status]),
      );
      expect(statuses).toEqual({
        pgs: "succeeded",
        togs: "succeeded",
        tdgs: "succeeded",
        upgc: "succeeded",
        utgc: "succeeded",
        psza: "succeeded",
        tdza: "failed",
        pcf: "blocked",
        pdc: "succeeded",
        mlfs: "blocked",
      });
      expect(ended).toMatchObject({ status: "failed", error: expect.stringContaining("No space left on device") });
      // tdgs of Nov 29 was built again, so tdza of Nov 30 is stale, and its last run failed.
      expect(await state("tdza", "2021-11-30")).toBe("failed");
    });
    const ended = await run(ALL);
    expect(ended.status).toBe("succeeded");
    expect((await checkRange(context, [...PROCESSORS], eachDate(NOVEMBER.start, NOVEMBER.end))).passed).toBe(true);
  });

  it("--stop-on-failure stops at the first failure", async () => {
    await failing("team_offense_game_summary", async () => {
      const ended = await run(REBUILD, { stopOnFailure: true });
      const tasks = await tasksOf(context.state.db, ended.id);
      expect(tasks.map((task) => task.status).slice(0, 3)).toEqual(["succeeded", "failed", "cancelled"]);
    });
    expect((await run(ALL)).status).toBe("succeeded");
  });

  it("can be cancelled between tasks, leaving old rows or new, and resumed", async () => {
    const plan = await previewPlan(context, REBUILD);
    const stop = watch(context, (event) => {
      if (event.type === "task" && event.task.table === "upgc" && event.task.status === "running")
        void cancel(context, event.runId);
    });
    const launched = await launch(context, plan.planId, DEFAULT_OPTIONS, "web");
    const ended = await launched.done;
    stop();
    expect(ended.status).toBe("cancelled");
    expect((await tasksOf(context.state.db, ended.id)).map((task) => task.status)).toContain("cancelled");
    for (const table of PROCESSORS) {
      const cell = (await getCoverage(context, { start: "2021-11-29", end: "2021-11-29" })).dates[0]?.cells[table.id];
      expect(cell?.rows, table.id).toBe(cell?.expected);
    }
    const again = await (await resume(context, ended.id)).done;
    expect(again.status).toBe("succeeded");
    expect((await checkRange(context, [...PROCESSORS], ["2021-11-29", "2021-11-30"])).passed).toBe(true);
  });

  it("a run that a crash cut off is found by its request", async () => {
    const plan = await previewPlan(context, REBUILD);
    const launched = await launch(context, plan.planId, DEFAULT_OPTIONS, "cli");
    expect(await markInterrupted(context.state.db, null)).toEqual([launched.id]);
    expect((await findInterrupted(context.state.db, REBUILD))?.id).toBe(launched.id);
    expect(await findInterrupted(context.state.db, ALL)).toBeUndefined();
    await launched.done;
  });

  it("two launches of one plan: the second is refused", async () => {
    const plan = await previewPlan(context, REBUILD);
    const results = await Promise.allSettled([
      launch(context, plan.planId, DEFAULT_OPTIONS, "web"),
      launch(context, plan.planId, DEFAULT_OPTIONS, "web"),
    ]);
    const refused = results.find((result) => result.status === "rejected") as PromiseRejectedResult | undefined;
    for (const result of results) if (result.status === "fulfilled") await result.value.done;
    // The first may have ended before the second began; then the data are as planned again.
    if (refused) expect(String(refused.reason)).toMatch(/run \S+ already covers|has changed/);
    expect((await checkRange(context, [...PROCESSORS], ["2021-11-29", "2021-11-30"])).passed).toBe(true);
  });

  it("freshness of any range is one query, and stops critical failures in production runs only", async () => {
    for (const dates of [["2021-11-30"], eachDate("2021-10-19", "2021-11-30")]) {
      const { queries, inputs } = await checkFreshness(context, [...PROCESSORS], dates);
      expect(queries).toBe(1);
      expect(inputs.length).toBeGreaterThan(dates.length);
    }
    // Three weeks later every row is older than its limit, whatever the clock says.
    const { today } = context.config;
    context.config.today = "2021-12-20";
    const production = await run({ ...REBUILD, tables: ["pgs"], downstream: false }, { production: true });
    expect(production.status).toBe("failed");
    expect(
      (await logsOf(context.state.db, production.id)).some((line) =>
        /Dependency check stops the date/.test(line.message),
      ),
    ).toBe(true);
    const skipped = await run({ ...REBUILD, tables: ["pgs"] }, { production: true, skipDependencyCheck: true });
    expect(skipped.status).toBe("succeeded");
    context.config.today = today;
  });
});
