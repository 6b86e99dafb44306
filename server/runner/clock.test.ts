import { afterAll, expect, it } from "vitest";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { seasonStart } from "@/lib/pipelines/nba/season";
import { demoContext } from "@/tests/support/context";
import { NBA } from "@/tests/support/tables";
import { getCoverage } from "../coverage";
import { logsOf } from "../state/runs";
import { watch } from "./events";
import { DEFAULT_OPTIONS, launch } from "./launch";
import { previewPlan } from "./plans";

const RealDate = Date;
let back = 0;

/** The machine's clock, set back by so many ms. */
class SetBackDate extends RealDate {
  constructor(...given: ConstructorParameters<typeof RealDate> | []) {
    if (given.length === 0) super(RealDate.now() - back);
    else super(...(given as ConstructorParameters<typeof RealDate>));
  }

  static override now(): number {
    return RealDate.now() - back;
  }
}

afterAll(() => {
  globalThis.Date = RealDate;
});

it("a clock that is set back in the middle of a run, and again before the next, puts no row before what it was made of", async () => {
  const context = await demoContext("damaged");
  globalThis.Date = SetBackDate as DateConstructor;
  const backfill = async (only: "bad" | "all") => {
    const request = { ...wholeChain({ start: "2021-11-15", end: "2021-11-30" }, NBA), only };
    const { planId } = await previewPlan(context, request);
    const { id, done } = await launch(context, planId, DEFAULT_OPTIONS, "test");
    const ended = await done;
    return { status: ended.status, log: (await logsOf(context.state.db, id)).map((line) => line.message) };
  };
  let tasks = 0;
  const stop = watch(context, (event) => {
    // An hour back when the third task ends, as a clock that is put right.
    if (event.type === "task" && event.task.status === "succeeded" && ++tasks === 3) back = 3_600_000;
  });
  const first = await backfill("bad");
  stop();
  expect(first.status).toBe("succeeded");
  expect(first.log.join("\n")).toContain("Range check: all 119 cells are complete.");
  back = 5 * 3_600_000;
  const second = await backfill("all");
  expect(second.status).toBe("succeeded");
  expect(second.log.join("\n")).toMatch(/Range check: all \d+ cells are complete\./);
  const grid = await getCoverage(context, { start: seasonStart(2021), end: "2021-11-30" });
  const wrong = grid.dates.flatMap((date) =>
    Object.values(date.cells).filter((cell) => ["corrupt", "stale"].includes(cell.state)),
  );
  expect(wrong).toEqual([]);
  await context.close();
});
