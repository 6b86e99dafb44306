import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCoverageResponse } from "@/lib/engine/coverage/grid";
import { encodeRows, stateLetter, toPageDate } from "@/lib/engine/coverage/page";
import type { CellState } from "@/lib/engine/coverage/types";
import { memoryContext } from "@/tests/support/context";
import { processor } from "@/tests/support/tables";
import type { Context } from "../context";
import { makeDemo } from "../demo";
import { othersData } from "../demo/origin";
import { cacheOf, merged, prefetch, readEpochs, readNewestEpochs } from "./epochs";
import { getCoverage, knownDates, readCoverage } from "./index";
import { getDocument, getOverview, getPage } from "./page";
import { sourcesOn } from "./sources";

let context: Context;
beforeAll(async () => {
  context = await memoryContext();
  await makeDemo(context, { epochs: 3 });
});
afterAll(() => context.close());

const queries = async (work: () => Promise<unknown>) => {
  const before = context.warehouse.queryCount;
  await work();
  return context.warehouse.queryCount - before;
};

describe("seasons", () => {
  it("of a demo are all its own", async () => {
    expect(await othersData(context)).toBeNull();
  });

  it("are read once, in one query and one of what columns hold, and again only where something was written", async () => {
    const known = await knownDates(context);
    expect(known).toMatchObject({ last: "2021-11-30", passed: "2021-11-30" });
    const all = async () => merged(await readEpochs(context, known?.first as string, known?.last as string));
    expect(await queries(all)).toBe(2);
    expect(await queries(all)).toBe(0);
    const rebuild = (date: string) =>
      context.warehouse.replacePartitions({
        table: processor("pgs"),
        dates: [date],
        stamp: { processedAt: new Date().toISOString(), runId: "test" },
      });
    const old = (await all()).cells.get("pgs 2020-11-05");
    await rebuild("2021-11-16");
    expect(await queries(() => readEpochs(context, "2020-11-01", "2020-11-30"))).toBe(0);
    // What was written is counted, once.
    expect(await queries(all)).toBe(2);
    expect(await queries(all)).toBe(0);
    expect((await all()).cells.get("pgs 2021-11-16")?.state).toBe("complete");
    // The older season was not looked at again: its cells are the same objects.
    expect((await all()).cells.get("pgs 2020-11-05")).toBe(old);
    await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE game_date = '2020-11-05'");
    expect((await all()).cells.get("pgs 2020-11-05")?.state).toBe("missing");
  });

  it("asked for beside all known dates are forgotten, and at most 40 are looked at in one go", async () => {
    const known = await knownDates(context);
    await readEpochs(context, known?.first as string, known?.last as string);
    const before = cacheOf(context.warehouse).epochs.size;
    for (let year = 1900; year < 1945; year++) {
      const [season] = await readEpochs(context, `${year}-11-01`, `${year}-11-30`);
      expect(season?.facts.dates.size).toBe(0);
    }
    expect(cacheOf(context.warehouse).epochs.size).toBeLessThanOrEqual(before + 41);
    await expect(readEpochs(context, "1700-01-01", "2199-12-31")).rejects.toThrow("at most 40 are looked at");
  });

  it("are written one after the other, and come to the same document", async () => {
    const range = { start: "2019-10-01", end: "2021-11-30" };
    const { dates, summary, ...rest } = await getDocument(context, range, ["pgs", "mlfs"]);
    const document = { ...rest, dates: [...dates], summary: summary() };
    const { facts } = await readCoverage(context, range.start, range.end);
    const sources = sourcesOn(context, ["pgs", "mlfs"]);
    const grid = await getCoverage(context, range, ["pgs", "mlfs"]);
    expect(document).toEqual(toCoverageResponse(grid, (date) => sources(facts, date)));
  });

  it("count again only what was written, and come to the same as a look at everything", async () => {
    const season = async () => merged(await readEpochs(context, "2021-11-01", "2021-11-30"));
    await season();
    for (const [short, dates] of [
      ["togs", ["2021-11-10", "2021-11-12"]],
      ["pgs", ["2021-11-20"]],
    ] as const) {
      const table = processor(short);
      const stamp = { processedAt: new Date().toISOString(), runId: "test" };
      await context.warehouse.replacePartitions({ table, dates, stamp });
    }
    // Emptied: the date's rows go from the facts too.
    await context.warehouse.replacePartitions({
      table: processor("mlfs"),
      dates: ["2021-11-18"],
      select: "SELECT * FROM nba_predictions.ml_feature_store_v2 WHERE FALSE",
    });
    const seen = await season();
    expect(seen.cells.get("mlfs 2021-11-18")).toMatchObject({ rows: 0, states: expect.arrayContaining(["missing"]) });
    const anew = merged(await readEpochs(context, "2021-11-01", "2021-11-30", true));
    expect(seen.facts.tables).toEqual(anew.facts.tables);
    expect([...seen.cells.values()]).toEqual([...anew.cells.values()]);
  });

  it("of a long history are read newest first, the others when they are asked for", async () => {
    const known = await knownDates(context);
    const [first, last] = [known?.first as string, known?.last as string];
    await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE FALSE");
    for (const _ of [1, 2]) {
      const newest = await readNewestEpochs(context, first, last);
      expect(newest.pending).toBe("2021-09-30");
      expect(newest.epochs.map((season) => season.facts.start)).toEqual(["2021-10-01"]);
    }
    const all = await readEpochs(context, first, last);
    expect(await readNewestEpochs(context, first, last)).toEqual({ epochs: all, pending: null });
  });

  it("are read four at a time", async () => {
    const last = (await knownDates(context))?.last as string;
    await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE FALSE");
    // Eleven seasons, eight of them without a row.
    expect(await queries(() => readEpochs(context, "2011-10-01", last))).toBe(4);
    expect(await queries(() => readEpochs(context, "2011-10-01", last))).toBe(0);
  });

  it("are read ahead of requests", async () => {
    const known = await knownDates(context);
    const [first, last] = [known?.first as string, known?.last as string];
    await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE FALSE");
    await prefetch(context, first, last);
    expect(await queries(() => readEpochs(context, first, last))).toBe(0);
  });

  it("make a page and an overview, put together, of the same cells as the whole range", async () => {
    const known = await knownDates(context);
    const all = { start: known?.first as string, end: known?.last as string };
    for (const range of [all, { start: "2020-12-24", end: "2021-11-20" }, { start: "2021-07-01", end: "2021-08-31" }]) {
      const grid = await getCoverage(context, range);
      const page = await getPage(context, range);
      expect(page).toMatchObject({ range, tables: grid.tables, summary: grid.summary, pending: null });
      expect(page.rows).toBe(encodeRows(grid.dates.map(toPageDate), "no games"));
    }
    const overview = await getOverview(context);
    const grid = await getCoverage(context, all);
    expect(overview).toMatchObject(all);
    expect(overview.epochs.at(-1)).toEqual({ label: "2021-22", start: "2021-10-01" });
    expect(overview.states[0]).toBe(grid.dates.map(({ cells }) => stateLetter(cells.pgs?.state as CellState)).join(""));
  });

  it("the demo's older seasons are complete but for the gaps that it makes", async () => {
    const grid = await getCoverage(context, { start: "2019-10-01", end: "2021-09-30" });
    const wrong = grid.dates.flatMap(({ date, cells }) =>
      Object.values(cells)
        .filter((cell) => ["missing", "surplus", "partial", "duplicated"].includes(cell.state))
        .map((cell) => `${cell.table} ${date}`),
    );
    // The one that the test before deleted, and one date of shot zones.
    expect(wrong.sort()).toEqual(["pgs 2020-11-05", expect.stringMatching(/^tdza 2021-02-/)]);
    expect(grid.summary.counts.complete).toBeGreaterThan(3_000);
  });
});
