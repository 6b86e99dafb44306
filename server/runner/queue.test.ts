import type { Updateable } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlanRequest } from "@/lib/api/runs";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { demoContext } from "@/tests/support/context";
import { onBothEngines } from "@/tests/support/state";
import { NBA } from "@/tests/support/tables";
import { type Context, makeContext } from "../context";
import { getCoverage } from "../coverage";
import { listDeeds } from "../state/audit";
import { holdsLeases, takeLeases } from "../state/leases";
import { claimRun } from "../state/queue";
import { getRun, logsOf, tasksOf } from "../state/runs";
import type { Tables } from "../state/schema";
import type { Replacement } from "../warehouse";
import { cancel, DEFAULT_OPTIONS, type IfBusy, launch } from "./launch";
import { previewPlan } from "./plans";
import { getWorker } from "./worker";

/** Two servers on one state and one warehouse. */
let one: Context;
let other: Context;
/** The warehouse with a clean season, which all have. */
let made: Context;
beforeAll(async () => {
  made = await demoContext("clean");
});
afterAll(() => made.close());

const days = (start: string, end: string): PlanRequest => ({
  ...wholeChain({ start, end }, NBA),
  only: "all",
  downstream: false,
});
const start = async (context: Context, request: PlanRequest, ifBusy: IfBusy = "refuse", options = {}) =>
  launch(context, (await previewPlan(context, request)).planId, { ...DEFAULT_OPTIONS, ...options }, "api", ifBusy);
const setRun = (id: string, values: Updateable<Tables["runs"]>) =>
  one.state.db.updateTable("runs").set(values).where("id", "=", id).execute();
const silent = { heartbeatAt: new Date(Date.now() - 3_600_000).toISOString() };

/** What still holds replacements back: a test that fails lets go of them too. */
const holds = new Set<{ end(): void }>();

/** Holds every replacement back until it is let go. */
function held(hold: (replacement: Replacement) => boolean = () => true) {
  const real = one.warehouse.replacePartitions.bind(one.warehouse);
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const sent: Replacement[] = [];
  one.warehouse.replacePartitions = async (replacement) => {
    sent.push(replacement);
    if (hold(replacement)) await gate;
    return real(replacement);
  };
  const handle = {
    sent,
    go,
    end() {
      go();
      one.warehouse.replacePartitions = real;
      holds.delete(handle);
    },
  };
  holds.add(handle);
  return handle;
}

/** A test that fails leaves no run behind that would fail those after it. */
async function endAll(): Promise<void> {
  for (const hold of holds) hold.end();
  getWorker(one).start();
  const unfinished = () =>
    one.state.db.selectFrom("runs").select("id").where("status", "in", ["queued", "running"]).execute();
  for (const { id } of await unfinished()) await cancel(one, id);
  await until(async () => (await unfinished()).length === 0);
}
const until = async (what: () => boolean | Promise<boolean>) => {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** Every partition holds its rows, each once. */
async function expectWhole(first: string, last: string): Promise<void> {
  const grid = await getCoverage(one, { start: first, end: last });
  for (const { date, cells } of grid.dates)
    for (const { table, rows, distinct, expected } of Object.values(cells))
      expect([rows, distinct], `${table} ${date}`).toEqual([expected, expected]);
}

onBothEngines("the queue", ({ open }) => {
  beforeAll(async () => {
    const state = await open();
    one = makeContext(made.config, NBA, made.warehouse, state);
    other = makeContext({ ...made.config, home: "/elsewhere" }, NBA, made.warehouse, state);
  });
  afterAll(async () => {
    for (const context of [one, other]) await getWorker(context).stop();
    await one.state.close();
  });
  beforeEach(async () => {
    await getWorker(other).stop();
  });
  afterEach(endAll);

  describe("leases", () => {
    const wanted = { runId: "a", owner: "x", table: "pgs", dates: ["2021-11-01", "2021-11-02"] };
    beforeEach(() => one.state.db.deleteFrom("leases").execute());

    it("are taken all or none, and name who has them", async () => {
      const { db } = one.state;
      expect(await takeLeases(db, wanted)).toBeUndefined();
      expect(await takeLeases(db, wanted)).toBeUndefined();
      expect(await takeLeases(db, { ...wanted, runId: "b", dates: ["2021-11-02", "2021-11-03"] })).toBe("a");
      expect(await takeLeases(db, { ...wanted, runId: "c", dates: ["2021-11-03"] })).toBeUndefined();
      expect(await takeLeases(db, { ...wanted, runId: "d", table: "togs" })).toBeUndefined();
      expect(await holdsLeases(db, wanted)).toBe(true);
    });

    it("lapse when they are not renewed", async () => {
      const { db } = one.state;
      await takeLeases(db, wanted);
      await db
        .updateTable("leases")
        .set({ expiresAt: new Date(Date.now() - 1_000).toISOString() })
        .execute();
      expect(await holdsLeases(db, wanted)).toBe(false);
      expect(await takeLeases(db, { ...wanted, runId: "b" })).toBeUndefined();
      expect(await holdsLeases(db, wanted)).toBe(false);
    });
  });

  describe("runs side by side", () => {
    it("touch other cells: both run; the same cells: the second is refused by name, or waits its turn", async () => {
      const hold = held();
      const first = await start(one, days("2021-11-20", "2021-11-21"));
      // Reads no other table: what is written on earlier dates meanwhile makes nothing of it stale.
      const beside = await start(one, { ...days("2021-11-24", "2021-11-24"), tables: ["togs"], upstream: false });
      expect(beside.behind).toBeNull();
      await expect(start(other, days("2021-11-21", "2021-11-22"))).rejects.toMatchObject({
        code: "run_in_progress",
        message: expect.stringContaining(first.id),
      });
      const queued = await start(other, days("2021-11-21", "2021-11-22"), "queue");
      expect(queued.behind).toBe(first.id);
      expect((await getRun(one.state.db, queued.id)).status).toBe("queued");
      expect(await claimRun(one.state.db, other.owner)).toBeUndefined();
      hold.end();
      expect((await first.done).status).toBe("succeeded");
      expect((await beside.done).status).toBe("succeeded");
      expect((await queued.done).status).toBe("succeeded");
      expect((await logsOf(one.state.db, queued.id)).map((line) => line.message)).toContain("Dequeued.");
      await expectWhole("2021-11-20", "2021-11-24");
    });

    it("fifty launches of one plan at once: one runs, the others are refused by its name", async () => {
      const hold = held();
      const { planId } = await previewPlan(one, days("2021-11-22", "2021-11-23"));
      const all = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => launch(i % 2 ? one : other, planId, DEFAULT_OPTIONS, "api")),
      );
      const begun = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(begun).toHaveLength(1);
      for (const refused of all)
        if (refused.status === "rejected")
          expect(String(refused.reason)).toContain(`run ${begun[0]?.id} already covers`);
      hold.end();
      expect((await begun[0]?.done)?.status).toBe("succeeded");
      await expectWhole("2021-11-22", "2021-11-23");
    });

    it("a run that is queued in the very moment in which the last one ends is not forgotten", async () => {
      // On an embedded state nobody beats while nothing runs.
      for (let round = 0; round < 15; round++) {
        const first = await start(one, { ...days("2021-11-20", "2021-11-20"), tables: ["utgc"], upstream: false });
        const second = await start(
          one,
          { ...days("2021-11-20", "2021-11-20"), tables: ["utgc"], upstream: false },
          "queue",
        );
        await getWorker(one).stop();
        getWorker(one).start();
        expect((await first.done).status).toBe("succeeded");
        expect((await second.done).status).toBe("succeeded");
      }
    });

    it("a queued run can be cancelled, one of another process too", async () => {
      const hold = held();
      const first = await start(one, days("2021-11-20", "2021-11-21"));
      const queued = await start(other, days("2021-11-21", "2021-11-22"), "queue");
      await cancel(other, queued.id);
      expect((await queued.done).status).toBe("cancelled");
      expect((await tasksOf(one.state.db, queued.id)).every((task) => task.status === "cancelled")).toBe(true);
      await cancel(other, first.id);
      await until(() => one.active.get(first.id)?.signal.aborted === true);
      hold.end();
      expect((await first.done).status).toBe("cancelled");
    });

    it("two tasks of one table go side by side: the first to end leaves the other its rights", async () => {
      const [early, late] = ["2021-11-03", "2021-11-29"];
      const request = { ...days(early, late), tables: ["togs"], dates: [early, late], upstream: false };
      // The second that is sent is held back until the first has ended.
      const hold = held(({ dates }) => dates[0] === late);
      const launched = await start(one, request);
      await until(() => hold.sent.length === 2);
      await until(async () => (await tasksOf(one.state.db, launched.id)).some((task) => task.status === "succeeded"));
      hold.go();
      expect((await launched.done).status).toBe("succeeded");
      hold.end();
    });

    it("fresh production dates go before history", async () => {
      const hold = held();
      const history = await start(one, days("2021-11-18", "2021-11-20"));
      // As many as it takes at once.
      const { parallelTasks } = one.warehouse;
      await until(() => hold.sent.length === parallelTasks);
      const fresh = await start(one, days("2021-11-30", "2021-11-30"), "refuse", {
        production: true,
        skipDependencyCheck: true,
      });
      await until(async () => (await tasksOf(one.state.db, fresh.id)).some((task) => task.status === "running"));
      hold.go();
      await Promise.all([history.done, fresh.done]);
      hold.end();
      const order = hold.sent.map(({ dates }) => dates[0]);
      expect(order.slice(0, parallelTasks + 1)).toEqual([...Array(parallelTasks).fill("2021-11-18"), "2021-11-30"]);
    });

    it("a run whose process is silent is taken over; the silent one stops before it commits", async () => {
      const hold = held(({ stamp }) => hold.sent.filter((sent) => sent.stamp?.runId === stamp?.runId).length === 1);
      const first = await start(one, days("2021-11-26", "2021-11-27"));
      await until(() => hold.sent.length > 0);
      // The first process does not get to say that it is alive.
      await getWorker(one).stop();
      await setRun(first.id, silent);
      getWorker(other).start();
      await until(async () => (await getRun(one.state.db, first.id)).owner === other.owner);
      await until(
        async () => (await tasksOf(one.state.db, first.id)).filter((task) => task.status === "succeeded").length > 1,
      );
      hold.go();
      await until(async () => (await getRun(one.state.db, first.id)).status === "succeeded");
      getWorker(one).start();
      expect((await first.done).status).toBe("succeeded");
      hold.end();
      const messages = (await logsOf(one.state.db, first.id)).map((line) => line.message).join("\n");
      expect(messages).toContain("Took over from an unresponsive worker.");
      const deeds = await listDeeds(one.state.db);
      expect(deeds.find(({ deed }) => deed === "takeover")?.subject).toMatch(new RegExp(`^${first.id} from `));
      await expectWhole("2021-11-26", "2021-11-27");
    });
  });
});
