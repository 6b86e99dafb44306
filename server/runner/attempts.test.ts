import type { Updateable } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "@/lib/api/runs";
import { requestFor } from "@/lib/engine/planning/request";
import { FullcourtError } from "@/lib/errors";
import { demoContext } from "@/tests/support/context";
import { onBothEngines } from "@/tests/support/state";
import { NBA } from "@/tests/support/tables";
import { type Context, makeContext } from "../context";
import { LOST } from "../platform/on-abort";
import { takeLeases } from "../state/leases";
import { RUN_END } from "../state/outbox";
import { claimRun, createRun, heartbeat, markInterrupted, reopenRun } from "../state/queue";
import { getRun, logsOf, tasksOf } from "../state/runs";
import type { Tables } from "../state/schema";
import type { Replacement } from "../warehouse";
import { watch } from "./events";
import { waitForRun } from "./execute-run";
import { cancel, DEFAULT_OPTIONS, launch, resume, resumeLeft, stopRuns } from "./launch";
import { previewPlan } from "./plans";
import { getWorker } from "./worker";

/** Two servers on one state and one warehouse. */
let one: Context;
let other: Context;
let made: Context;
beforeAll(async () => {
  made = await demoContext("clean");
});
afterAll(() => made.close());

const DAY = "2021-11-20";
const setRun = (id: string, values: Updateable<Tables["runs"]>) =>
  one.state.db.updateTable("runs").set(values).where("id", "=", id).execute();
const silent = { heartbeatAt: new Date(0).toISOString() };
const run = (id: string) => getRun(one.state.db, id);
const until = async (what: () => boolean | Promise<boolean>) => {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const start = async (context: Context) => {
  const request = requestFor(["utgc"], { start: DAY, end: DAY });
  const { planId } = await previewPlan(context, { ...request, only: "all", upstream: false, downstream: false });
  return launch(context, planId, DEFAULT_OPTIONS, "test");
};

let runs = 0;
/** A run that some process has begun and does not carry out. */
async function begun(owner: string, table = "utgc"): Promise<string> {
  const id = `run-${++runs}`;
  const cells = { table, start: DAY, end: DAY, dates: [DAY] };
  const about = { id, planId: "a plan", origin: "test", tables: [table], start: DAY, end: DAY, cells: 1 };
  const rest = { estimate: null, options: DEFAULT_OPTIONS, priority: 0, tasks: [{ ...cells, reason: "" }] };
  expect(await createRun(one.state.db, { ...about, ...rest }, owner, false)).toBeNull();
  return id;
}

/** Holds every replacement back until it is let go. */
function held() {
  const real = made.warehouse.replacePartitions;
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const sent: Replacement[] = [];
  made.warehouse.replacePartitions = async (replacement) => {
    sent.push(replacement);
    await gate;
    return real.call(made.warehouse, replacement);
  };
  return {
    sent,
    end() {
      go();
      made.warehouse.replacePartitions = real;
    },
  };
}

onBothEngines("a run", ({ open }) => {
  const told: RunEvent[] = [];
  const ended = (id: string) =>
    told.flatMap((event) => (event.type === "run" && event.run.id === id && event.run.endedAt ? [event.run] : []));
  beforeAll(async () => {
    const state = await open();
    one = makeContext({ ...made.config }, NBA, made.warehouse, state);
    other = makeContext({ ...made.config, home: "/elsewhere" }, NBA, made.warehouse, state);
    watch(one, (event) => told.push(event));
  });
  afterAll(() => one.state.close());
  /** Its end is told to who watches, and due as an alert. */
  const expectTold = async (id: string) => {
    expect(ended(id).map((run) => run.status)).toEqual(["failed"]);
    const due = await one.state.db.selectFrom("alertsOutbox").select("receiver").where("alert", "=", id).execute();
    expect(due).toEqual([{ receiver: RUN_END }]);
  };
  beforeEach(() => one.state.db.deleteFrom("runs").execute());
  afterEach(async () => {
    for (const context of [one, other]) await getWorker(context).stop();
  });

  describe("that does not come to its end", () => {
    it("and fails outside of its tasks is begun three times, then failed with its error, and told", async () => {
      const id = await begun("a process that died", "gone");
      const errors = async () =>
        (await logsOf(one.state.db, id)).filter(({ message }) => message.includes('no table "gone"'));
      for (let attempt = 2; attempt <= 3; attempt++) {
        await setRun(id, silent);
        getWorker(one).start();
        // A run is claimed before it is active: what says that the attempt is over is its error's line.
        await until(async () => (await errors()).length === attempt - 1 && !one.active.has(id));
        expect((await run(id)).attempts).toBe(attempt);
      }
      expect(await waitForRun(one, id)).toMatchObject({ status: "failed", attempts: 3, owner: null });
      const { error } = await run(id);
      expect(error).toMatch(/^It was begun 3 times\. There is no table "gone"/);
      await until(() => ended(id).length > 0);
      await expectTold(id);
      expect(await errors()).toHaveLength(2);
      expect(await claimRun(one.state.db, one.owner)).toBeUndefined();
    });

    it("and ends each process that takes it is counted before its work begins, and not taken a fourth time", async () => {
      const id = await begun("first");
      expect((await run(id)).attempts).toBe(1);
      for (const [attempt, owner] of [
        [2, "second"],
        [3, "third"],
      ] as const) {
        await setRun(id, silent);
        expect(await claimRun(one.state.db, owner)).toMatchObject({ ended: false });
        expect((await run(id)).attempts).toBe(attempt);
      }
      const last = await begun("first", "togs");
      await setRun(last, { ...silent, attempts: 2 });
      // A process that has just begun leaves time to look at it.
      expect(await claimRun(one.state.db, "new", false)).toBeUndefined();
      expect(await claimRun(one.state.db, "new")).toMatchObject({ run: { id: last, attempts: 3 } });
      await one.state.db.deleteFrom("runs").where("id", "=", last).execute();
      await takeLeases(one.state.db, { runId: id, owner: "third", table: "utgc", dates: [DAY] });
      await setRun(id, silent);
      getWorker(one).start();
      await until(() => ended(id).length > 0);
      expect(await run(id)).toMatchObject({ status: "failed", error: expect.stringContaining("begun 3 times") });
      expect((await tasksOf(one.state.db, id)).map((task) => task.status)).toEqual(["cancelled"]);
      expect(await one.state.db.selectFrom("leases").selectAll().execute()).toEqual([]);
      await expectTold(id);
    });

    it("goes on at a start at once; the third time the server must have answered for a while; then it is failed", async () => {
      const hold = held();
      const { id, done } = await start(one);
      await until(() => hold.sent.length > 0);
      const stopping = stopRuns(one);
      hold.end();
      await stopping;
      expect((await done).status).toBe("interrupted");
      // An orderly stop says nothing of the run.
      expect((await run(id)).attempts).toBe(0);

      await setRun(id, { attempts: 3 });
      await resumeLeft(one, [id]);
      expect(await run(id)).toMatchObject({ status: "failed", error: expect.stringContaining("begun 3 times") });
      expect(ended(id).at(-1)).toMatchObject({ status: "failed" });

      await setRun(id, { status: "interrupted", endedAt: null, attempts: 2 });
      await resumeLeft(one, [id]);
      expect(await run(id)).toMatchObject({ status: "interrupted", attempts: 2 });
      await resumeLeft(one, [id], 0);
      await until(async () => (await run(id)).status === "succeeded");
      expect((await run(id)).attempts).toBe(3);

      await setRun(id, { status: "interrupted", endedAt: null, attempts: 1 });
      await resumeLeft(one, [id]);
      expect((await run(id)).attempts).toBe(2);
      expect((await waitForRun(one, id)).status).toBe("succeeded");
      // A person's wish begins anew.
      await setRun(id, { status: "failed", attempts: 3 });
      await (await resume(one, id)).done;
      expect((await run(id)).attempts).toBe(1);
    });
  });

  describe("that is cancelled", () => {
    it("ends at once where it is interrupted, where its process is silent, and where it only waits for its next attempt", async () => {
      const cases: Array<[string, Updateable<Tables["runs"]>]> = [
        ["gone", { status: "interrupted" }],
        ["gone", silent],
        [one.owner, { cells: 1 }],
      ];
      for (const [owner, values] of cases) {
        const id = await begun(owner);
        await takeLeases(one.state.db, { runId: id, owner, table: "utgc", dates: [DAY] });
        await setRun(id, values);
        await cancel(one, id);
        expect(await run(id)).toMatchObject({ status: "cancelled", owner: null, cancelAsked: false });
        expect((await tasksOf(one.state.db, id)).map((task) => task.status)).toEqual(["cancelled"]);
        expect(await one.state.db.selectFrom("leases").selectAll().execute()).toEqual([]);
        expect(ended(id).at(-1)?.status).toBe("cancelled");
        await expect(cancel(one, id)).rejects.toMatchObject({ code: "not_running" });
      }
    });

    it("stays cancelled where its process dies before it hears of it: no start and no other process goes on with it", async () => {
      const id = await begun("elsewhere 1");
      await cancel(one, id);
      expect(await run(id)).toMatchObject({ status: "running", cancelAsked: true });
      await setRun(id, silent);
      expect(await claimRun(one.state.db, one.owner)).toMatchObject({ ended: true });
      expect((await run(id)).status).toBe("cancelled");

      const left = await begun("home 1");
      await cancel(one, left);
      expect(await markInterrupted(one.state.db, "home")).toEqual([]);
      expect((await run(left)).status).toBe("cancelled");

      const reopened = await begun("home 2");
      await setRun(reopened, { status: "interrupted", cancelAsked: true });
      expect(await reopenRun(one.state.db, reopened, "home 3", false)).toBe(true);
      expect((await heartbeat(one.state.db, "home 3", [reopened])).get(reopened)).toEqual({ cancelAsked: true });
    });

    it("by the process that has lost it ends at its new owner, whose jobs are not touched", async () => {
      const hold = held();
      const { id, done } = await start(one);
      await until(() => hold.sent.length > 0);
      await getWorker(one).stop();
      await setRun(id, { owner: "the new owner" });
      await cancel(one, id);
      expect(hold.sent[0]?.signal?.reason).toBe(LOST);
      expect(await run(id)).toMatchObject({ status: "running", cancelAsked: true });
      await cancel(one, id);
      await setRun(id, silent);
      await claimRun(one.state.db, "a third");
      hold.end();
      expect((await done).status).toBe("cancelled");
    });
  });

  it("that loses dates to an installation with another state has failed, and is not begun again and again", async () => {
    const real = made.warehouse.replacePartitions;
    made.warehouse.replacePartitions = () => Promise.reject(new FullcourtError("lost_lease", "utgc: lost", ""));
    try {
      const { done } = await start(one);
      expect(await done).toMatchObject({ status: "failed", error: expect.stringContaining("utgc: lost") });
    } finally {
      made.warehouse.replacePartitions = real;
    }
  });

  it("that takes too long is failed with words, and its work is stopped", async () => {
    const hold = held();
    one.config.runHours = 0.2 / 3600;
    const { id, done } = await start(one);
    await until(() => hold.sent[0]?.signal?.aborted === true);
    one.config.runHours = 24;
    hold.end();
    expect(await done).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^It took longer than .* h, the time limit of a run\.$/),
    });
    expect((await tasksOf(one.state.db, id)).map((task) => task.status)).toEqual(["cancelled"]);
    await expectTold(id);
  });

  it("is stopped by its process once the state has not answered for 20 s, and goes on when it answers", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const hold = held();
    const { state } = one;
    try {
      const { id, done } = await start(one);
      await until(() => hold.sent.length > 0);
      const away = () => {
        throw new Error("the state is away");
      };
      one.state = { ...state, db: new Proxy(state.db, { get: away }) };
      await vi.advanceTimersByTimeAsync(19_000);
      expect(hold.sent[0]?.signal?.aborted).toBe(false);
      // Before another process may take it over, after 30 s.
      await vi.advanceTimersByTimeAsync(5_000);
      expect(hold.sent[0]?.signal?.reason).toBe(LOST);
      one.state = state;
      hold.end();
      await until(() => !one.active.has(id));
      expect(await run(id)).toMatchObject({ status: "running", attempts: 1 });
      await setRun(id, silent);
      await vi.advanceTimersByTimeAsync(1_000);
      expect((await done).status).toBe("succeeded");
      // That the state was away says nothing of the run.
      expect((await run(id)).attempts).toBe(1);
    } finally {
      one.state = state;
      hold.end();
      vi.useRealTimers();
    }
  });
});
