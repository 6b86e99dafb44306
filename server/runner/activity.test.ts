import { afterAll, beforeAll, expect, it } from "vitest";
import { onBothEngines } from "@/tests/support/state";
import { insertAuditEvent } from "../state/audit";
import type { State } from "../state/db";
import { createRun, updateOwnRun, updateOwnTask } from "../state/queue";
import { tasksOf } from "../state/runs";
import { getActivity } from "./activity";
import { DEFAULT_OPTIONS } from "./launch";

onBothEngines("activity", ({ open }) => {
  let state: State;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state.close());

  it("has another server's runs, and a version that changes with what happens there", async () => {
    const { db } = state;
    const versions: string[] = [];
    const active = async () => {
      const activity = await getActivity({ state, revision: 0 });
      versions.push(activity.version);
      return activity.active;
    };
    expect(await active()).toEqual([]);
    const range = { start: "2021-11-15", end: "2021-11-15" };
    const task = { ...range, table: "pgs", dates: ["2021-11-15"], reason: "test" };
    const run = {
      ...range,
      id: "run",
      planId: "plan",
      origin: "test",
      tables: ["pgs"],
      cells: 1,
      estimate: null,
      options: DEFAULT_OPTIONS,
      tasks: [task],
      priority: 0,
    };
    expect(await createRun(db, run, "other", false)).toBeNull();
    expect(await active()).toEqual(["run"]);
    const [begun] = await tasksOf(db, "run");
    const at = new Date().toISOString();
    for (const values of [{ startedAt: at }, { endedAt: at }]) {
      expect(await updateOwnTask(db, "other", begun as { id: number; runId: string }, values)).toBe(true);
      expect(await active()).toEqual(["run"]);
    }
    await updateOwnRun(db, "other", "run", { status: "succeeded", endedAt: at });
    expect(await active()).toEqual([]);
    await insertAuditEvent(db, {
      actor: "ada",
      via: "web",
      deed: "gaps.accept",
      subject: "one",
      tokenId: null,
      address: null,
    });
    expect(await active()).toEqual([]);
    // The end of the only run leaves what was before it.
    expect(new Set(versions).size).toBe(versions.length - 1);
    expect(await active()).toEqual([]);
    expect(versions.at(-1)).toBe(versions.at(-2));
  });
});
