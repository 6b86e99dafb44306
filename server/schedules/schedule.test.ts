import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Schedule, schedulesOf } from "@/lib/engine/planning/schedule";
import { demoContext } from "@/tests/support/context";
import { processor, qualifiedName } from "@/tests/support/tables";
import { beatOnce } from "../alerts/heartbeat";
import { sendDue } from "../alerts/outbox";
import { readConfig } from "../config";
import type { Context } from "../context";
import { getCoverage } from "../coverage";
import { keyValueStore } from "../state/key-value-store";
import { listRuns } from "../state/runs";
import { catchUp, lateSchedules, listSchedules, runScheduled } from "./schedule";

let context: Context;
/** The schedule of the tables that describe what has happened, as a setting makes it. */
const schedule = () => {
  const [found] = schedulesOf(context.pipeline.definition, { FULLCOURT_SCHEDULE_ANALYTICS: "0 6 * * *" });
  return found as Schedule;
};
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
  expect(await runScheduled(context, schedule(), "first", never)).toBeNull();
  await empty("togs", "2021-11-29");
  await empty("togs", "2021-11-20");
  const writtenAt = (time: string) =>
    context.warehouse.execute(
      `UPDATE nba_raw.nbac_team_boxscore SET processed_at = TIMESTAMP '${time}' WHERE game_date = '2021-11-29'`,
    );
  // Box scores that came ten days ago are not fresh: the run stops, and is tried again.
  await writtenAt("2021-11-20 05:00:00+00");
  const minutes: number[] = [];
  const stopped = await runScheduled(context, schedule(), "second", async (pause) => void minutes.push(pause));
  expect(stopped?.status).toBe("failed");
  expect(minutes).toEqual([5, 15, 45]);
  expect((await listRuns(context.state.db)).filter((run) => run.origin === "schedule")).toHaveLength(4);

  await writtenAt("2021-11-30 05:00:00+00");
  const run = await runScheduled(context, schedule(), "third", never);
  expect(run).toMatchObject({ status: "succeeded", origin: "schedule", start: "2021-11-29", end: "2021-11-29" });
  expect(run?.options.production).toBe(true);
  // Another server that hears the same clock launches nothing.
  await empty("togs", "2021-11-29");
  expect(await runScheduled(context, schedule(), "third", never)).toBeNull();
  expect(await stateOf("togs", "2021-11-29")).toBe("missing");
  expect((await runScheduled(context, schedule(), "fourth", never))?.status).toBe("succeeded");
  expect(await stateOf("togs", "2021-11-29")).toBe("complete");
  expect(await stateOf("togs", "2021-11-20")).toBe("missing");

  context.config.schedules = { FULLCOURT_SCHEDULE_ANALYTICS: "0 6 * * *" };
  const [listed] = await listSchedules(context);
  expect(listed).toMatchObject({ id: "analytics", pattern: "0 6 * * *", timeZone: "America/New_York" });
  expect(listed?.missed).toContain("2021-11-20");
  // 06:00 in New York is 10:00 or 11:00 UTC.
  expect(listed?.next).toMatch(/T1[01]:00:00\.000Z$/);
});

/** Alerts that are on their way. */
const alerts = async () => {
  const rows = await context.state.db.selectFrom("alertsOutbox").select("content").orderBy("id").execute();
  return rows.flatMap(({ content }) => (content ? [{ event: content.event, text: content.text }] : []));
};

it("after a downtime the last runs of 48 hours are caught up as one, and older ones are told as missed", async () => {
  context.config.alertWebhook = "http://127.0.0.1:9/";
  await keyValueStore(context.state.db).set("schedule analytics", "2021-11-26T11:00");
  await empty("togs", "2021-11-28");
  await empty("togs", "2021-11-29");
  const now = new Date("2021-11-30T18:00:00.000Z");
  expect((await lateSchedules(context, now)).map(({ id }) => id)).toEqual(["analytics"]);
  const [run, ...others] = await catchUp(context, schedule(), now, never);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ status: "succeeded", origin: "schedule", start: "2021-11-28", end: "2021-11-29" });
  expect([await stateOf("togs", "2021-11-28"), await stateOf("togs", "2021-11-29")]).toEqual(["complete", "complete"]);
  expect(await alerts()).toEqual([
    {
      event: "schedule.missed",
      text: expect.stringContaining("missed 2 runs between 2021-11-27T11:00 and 2021-11-28T11:00"),
    },
  ]);
  // Neither it nor another server does it again.
  expect(await catchUp(context, schedule(), now, never)).toEqual([]);
  expect(await lateSchedules(context, now)).toEqual([]);
  // What has its turn just now is not missed.
  expect(await catchUp(context, schedule(), new Date("2021-12-01T11:01:00.000Z"), never)).toEqual([]);
});

it("a schedule that cannot begin is tried again and told once, and once when it begins again", async () => {
  await context.state.db.deleteFrom("alertsOutbox").execute();
  await empty("togs", "2021-11-29");
  context.config.readOnly = true;
  const minutes: number[] = [];
  expect(
    await runScheduled(context, schedule(), "2021-12-02T11:00", async (pause) => void minutes.push(pause)),
  ).toBeNull();
  expect(minutes).toEqual([5, 15, 45]);
  expect(await alerts()).toMatchObject([
    { event: "schedule.failed", text: expect.stringMatching(/^The schedule analytics failed to start: /) },
  ]);
  context.config.readOnly = false;
  expect((await runScheduled(context, schedule(), "2021-12-03T11:00", never))?.status).toBe("succeeded");
  expect((await alerts()).map(({ event }) => event)).toEqual(["schedule.failed", "recovered"]);
});

it("what a run could not build is tried again as inputs come, and is told with what was left", async () => {
  const { db } = context.state;
  const sent = async () => {
    await sendDue(context);
    return alerts();
  };
  await sent();
  await db.deleteFrom("alertsOutbox").execute();
  await db.deleteFrom("incidents").execute();
  const aside = "nba_raw.nbac_team_boxscore WHERE game_date = '2021-11-29'";
  await context.warehouse.execute(`CREATE TABLE late AS SELECT * FROM ${aside}`);
  await context.warehouse.execute(`DELETE FROM ${aside}`);
  await empty("togs", "2021-11-29");
  await empty("pgs", "2021-11-29");
  const minutes: number[] = [];
  // The players' rows can be built, the teams' not before their box scores have come, which they do before the third try.
  const run = await runScheduled(context, schedule(), "2021-12-04T11:00", async (pause) => {
    minutes.push(pause);
    if (minutes.length === 2)
      await context.warehouse.execute("INSERT INTO nba_raw.nbac_team_boxscore SELECT * FROM late");
  });
  expect(minutes).toEqual([5, 15]);
  expect(run).toMatchObject({ status: "succeeded", origin: "schedule" });
  expect(await stateOf("togs", "2021-11-29")).toBe("complete");
  const [told, over] = await sent();
  expect(told).toMatchObject({
    event: "run.incomplete",
    text: expect.stringMatching(/togs 2021-11-29 (blocked|missing)/),
  });
  expect(over?.event).toBe("recovered");

  // Nothing has come until the last try: that is told, and not taken for nothing to do.
  await db.deleteFrom("alertsOutbox").execute();
  await empty("togs", "2021-11-29");
  await context.warehouse.execute(`DELETE FROM ${aside}`);
  minutes.length = 0;
  expect(
    await runScheduled(context, schedule(), "2021-12-05T11:00", async (pause) => void minutes.push(pause)),
  ).toBeNull();
  expect(minutes).toEqual([5, 15, 45]);
  expect(await alerts()).toMatchObject([
    { event: "schedule.failed", text: expect.stringContaining("Nothing can be built: ") },
  ]);
  await context.warehouse.execute("INSERT INTO nba_raw.nbac_team_boxscore SELECT * FROM late");
  expect((await runScheduled(context, schedule(), "2021-12-06T11:00", never))?.status).toBe("succeeded");
  expect((await alerts()).map(({ event }) => event)).toEqual(["schedule.failed", "recovered"]);
});

it("heartbeats go out while all is well, and stop where a schedule is late or the state does not answer", async () => {
  let beats = 0;
  const server = createServer((_request, response) => {
    beats++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.config.heartbeatUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const now = new Date("2021-12-01T10:00:00.000Z");
  await keyValueStore(context.state.db).set("schedule analytics", "2021-11-30T11:00");
  expect(await beatOnce(context, null, now)).toBeNull();
  expect(beats).toBe(1);
  expect(await beatOnce(context, null, new Date("2021-12-01T11:31:00.000Z"))).toContain("late: the schedule analytics");
  const { state } = context;
  context.state = { ...state, now: () => Promise.reject(new Error("the state is away")) };
  expect(await beatOnce(context, null, now)).toContain("the state is away");
  context.state = state;
  expect(beats).toBe(1);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(await beatOnce(context, null, now)).toContain("fetch failed");
});

it("a pattern that cannot be read is a wrong setting that is named, and so is one of no schedule", async () => {
  expect(() => readConfig({ ...process.env, FULLCOURT_SCHEDULE_PRECOMPUTE: "at midnight" })).toThrow(
    /FULLCOURT_SCHEDULE_PRECOMPUTE: is no cron pattern/,
  );
  const { schedules } = readConfig({ ...process.env, FULLCOURT_SCHEDULE_PRECOMPUTE: "30 11 * * *" });
  expect(schedules).toEqual({ FULLCOURT_SCHEDULE_PRECOMPUTE: "30 11 * * *" });
  for (const old of ["FULLCOURT_SCHEDULE_PHASE3", "FULLCOURT_SCHEDULE_PHASE_3"])
    await expect(demoContext("clean", "2021-11-30", { [old]: "0 6 * * *" })).rejects.toMatchObject({
      code: "bad_setting",
      message: `${old}: is called FULLCOURT_SCHEDULE_ANALYTICS now.`,
    });
});
