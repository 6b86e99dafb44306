import { afterAll, beforeAll, expect, it } from "vitest";
import { processor, qualifiedName } from "@/lib/processors";
import { demoContext } from "@/tests/support/context";
import { readConfig } from "./config";
import type { Context } from "./context";
import { getCoverage } from "./coverage";
import { listSchedules, runScheduled } from "./schedule";
import { listRuns } from "./state/runs";

let context: Context;
beforeAll(async () => {
  context = await demoContext("clean", "2021-11-30");
});
afterAll(() => context.close());

const empty = (short: string, date: string) => {
  const table = processor(short);
  return context.warehouse.execute(`DELETE FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = '${date}'`);
};
const stateOf = async (table: string, date: string) =>
  (await getCoverage(context, { start: date, end: date })).dates[0]?.cells[table]?.state;
const never = () => Promise.reject(new Error("it should not have paused"));

it("builds what is missing of the fresh dates alone, as production; older dates are told as missed", async () => {
  expect(await runScheduled(context, 3, "first", never)).toBeNull();
  await empty("togs", "2021-11-29");
  await empty("togs", "2021-11-20");
  const writtenAt = (time: string) =>
    context.warehouse.execute(
      `UPDATE nba_raw.nbac_team_boxscore SET processed_at = TIMESTAMP '${time}' WHERE game_date = '2021-11-29'`,
    );
  // Box scores that came ten days ago are not fresh: the run stops, and is tried again.
  await writtenAt("2021-11-20 05:00:00+00");
  const minutes: number[] = [];
  const stopped = await runScheduled(context, 3, "second", async (pause) => void minutes.push(pause));
  expect(stopped?.status).toBe("failed");
  expect(minutes).toEqual([5, 15, 45]);
  expect((await listRuns(context.state.db)).filter((run) => run.origin === "schedule")).toHaveLength(4);

  await writtenAt("2021-11-30 05:00:00+00");
  const run = await runScheduled(context, 3, "third", never);
  expect(run).toMatchObject({ status: "succeeded", origin: "schedule", start: "2021-11-29", end: "2021-11-29" });
  expect(run?.options.production).toBe(true);
  // Another server that hears the same clock launches nothing.
  await empty("togs", "2021-11-29");
  expect(await runScheduled(context, 3, "third", never)).toBeNull();
  expect(await stateOf("togs", "2021-11-29")).toBe("missing");
  expect((await runScheduled(context, 3, "fourth", never))?.status).toBe("succeeded");
  expect(await stateOf("togs", "2021-11-29")).toBe("complete");
  expect(await stateOf("togs", "2021-11-20")).toBe("missing");

  context.config.schedulePhase3 = "0 6 * * *";
  const [schedule] = await listSchedules(context);
  expect(schedule).toMatchObject({ phase: 3, pattern: "0 6 * * *" });
  expect(schedule?.missed).toContain("2021-11-20");
  // 06:00 in New York is 10:00 or 11:00 UTC.
  expect(schedule?.next).toMatch(/T1[01]:00:00\.000Z$/);
});

it("a pattern that cannot be read is a wrong setting that is named", () => {
  expect(() => readConfig({ ...process.env, FULLCOURT_SCHEDULE_PHASE_4: "at midnight" })).toThrow(
    /FULLCOURT_SCHEDULE_PHASE_4: is no cron pattern/,
  );
  expect(readConfig({ ...process.env, FULLCOURT_SCHEDULE_PHASE_4: "30 11 * * *" }).schedulePhase4).toBe("30 11 * * *");
});
