import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { needsWork } from "@/lib/engine/coverage/types";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { demoContext } from "@/tests/support/context";
import { NBA } from "@/tests/support/tables";
import type { Context } from "../context";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { getCoverage } from ".";
import { acceptGaps, listGaps, withdrawGap } from "./gaps";

const NOVEMBER = { start: "2021-11-15", end: "2021-11-30" };
const WHY = { reason: "the source lost this night", by: "Ada", expires: null };

let context: Context;
let today = "2021-12-01";
beforeEach(async () => {
  today = "2021-12-01";
  context = await demoContext("damaged");
  context.today = () => today;
});
afterEach(() => context.close());

const grid = () => getCoverage(context, NOVEMBER);
const plan = () => previewPlan(context, wholeChain(NOVEMBER, NBA));

describe("accepted gaps", () => {
  it("leave counts and plans, stay visible, and return when taken back", async () => {
    const before = await grid();
    const [gap] = await acceptGaps(context, { cells: [{ table: "mlfs", date: "2021-11-24" }], ...WHY });
    const after = await grid();
    const cell = after.dates.find((one) => one.date === "2021-11-24")?.cells.mlfs;
    expect(cell).toMatchObject({ state: "missing", accepted: { by: "Ada", reason: WHY.reason } });
    expect(cell && needsWork(cell)).toBe(false);
    expect(after.summary.accepted).toBe(1);
    expect(after.summary.counts.missing).toBe((before.summary.counts.missing ?? 0) - 1);
    expect(after.dates.find((one) => one.date === "2021-11-24")?.status).toContain("mlfs accepted as gaps");
    expect((await plan()).cells.some((one) => one.table === "mlfs" && one.date === "2021-11-24")).toBe(false);
    await withdrawGap(context, gap?.id as string);
    expect((await grid()).summary).toEqual(before.summary);
    await expect(withdrawGap(context, "nothing")).rejects.toThrow('There is no accepted gap "nothing".');
  });

  it("carry over to cells that need work for them alone, and to no others", async () => {
    // pcf of Nov 16 waits for pgs of the date and for nothing else that is wrong.
    await acceptGaps(context, { cells: [{ table: "pgs", date: "2021-11-16" }], ...WHY });
    const day = (await grid()).dates.find((one) => one.date === "2021-11-16");
    expect(day?.cells.pgs?.accepted?.inherited).toBeUndefined();
    expect(day?.cells.pcf).toMatchObject({ state: "blocked", accepted: { inherited: true, by: "Ada" } });
    // Rows on a missing gate are wrong, whoever accepted the gate's gap.
    expect(day?.cells.pdc).toMatchObject({ state: "corrupt" });
    expect(day?.cells.pdc?.accepted).toBeUndefined();
    expect(day?.cells.togs?.accepted).toBeUndefined();
  });

  it("return when they expire", async () => {
    await acceptGaps(context, { cells: [{ table: "mlfs", date: "2021-11-24" }], ...WHY, expires: "2021-12-05" });
    expect((await grid()).summary.accepted).toBe(1);
    today = "2021-12-06";
    expect((await grid()).summary.accepted).toBe(0);
    expect(await listGaps(context)).toMatchObject([{ status: "expired", holding: [] }]);
    await expect(
      acceptGaps(context, { cells: [{ table: "mlfs", date: "2021-11-24" }], ...WHY, expires: "2021-12-05" }),
    ).rejects.toThrow("It would have expired on 2021-12-05 already.");
  });

  it("return when the data comes", async () => {
    await acceptGaps(context, { cells: [{ table: "togs", date: "2021-11-16" }], ...WHY });
    expect(await listGaps(context)).toMatchObject([{ status: "in force", holding: ["2021-11-16"] }]);
    const all = await previewPlan(context, {
      tables: ["togs"],
      start: "2021-11-16",
      end: "2021-11-16",
      only: "all",
      upstream: false,
      downstream: false,
    });
    expect((await (await launch(context, all.planId, DEFAULT_OPTIONS, "cli")).done).status).toBe("succeeded");
    const cell = (await grid()).dates.find((one) => one.date === "2021-11-16")?.cells.togs;
    expect(cell).toMatchObject({ state: "complete" });
    expect(cell?.accepted).toBeUndefined();
    expect(await listGaps(context)).toMatchObject([{ status: "data came", holding: [] }]);
  });

  it("are refused where there is no gap", async () => {
    await expect(acceptGaps(context, { cells: [{ table: "utgc", date: "2021-11-15" }], ...WHY })).rejects.toThrow(
      "None of these cells has a gap to accept.",
    );
  });
});
