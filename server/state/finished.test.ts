import { afterAll, beforeAll, expect, it } from "vitest";
import { onBothEngines } from "@/tests/support/state";
import type { State } from "./db";
import { finishedTasks, troubledCells } from "./finished";
import { updateOwnTask } from "./queue";
import { tasksOf } from "./runs";

const hours = (n: number) => new Date(Date.UTC(2021, 10, 1, n)).toISOString();

interface Ended {
  run: string;
  table: string;
  dates: string[];
  at: number;
  status: "succeeded" | "failed" | "cancelled";
}

onBothEngines("tasks that have ended", ({ open }) => {
  let state: State;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state.close());

  async function record(ended: readonly Ended[], more: { skipPreflight?: boolean; sample?: boolean } = {}) {
    const { db } = state;
    const options = { stopOnFailure: false, skipPreflight: false, skipDependencyCheck: false, production: false };
    const ids = [...new Set(ended.map((one) => one.run))];
    await db
      .insertInto("runs")
      .values(
        ids.map((id) => ({
          id,
          planId: "none",
          status: "running" as const,
          origin: "test",
          owner: "a test",
          sample: more.sample ?? false,
          tables: [],
          start: "2021-11-01",
          end: "2021-11-30",
          cells: 0,
          options: { ...options, skipPreflight: more.skipPreflight ?? false },
          startedAt: hours(0),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const before = (await Promise.all(ids.map((id) => tasksOf(db, id)))).flat().length;
    await db
      .insertInto("tasks")
      .values(
        ended.map(({ run, table, dates }, i) => ({
          runId: run,
          seq: before + i,
          table,
          start: dates[0] as string,
          end: dates.at(-1) as string,
          dates,
          reason: "",
          status: "running" as const,
        })),
      )
      .execute();
    for (const id of ids) {
      const own = ended.filter((one) => one.run === id);
      const tasks = (await tasksOf(db, id)).filter((task) => task.status === "running");
      for (const [i, task] of tasks.entries()) {
        const { status, at } = own[i] as Ended;
        const error = status === "failed" ? `broke at ${at}` : null;
        expect(
          await updateOwnTask(db, "a test", task, { status, error, endedAt: hours(at), seconds: 2, rows: 10 }),
        ).toBe(true);
      }
    }
  }

  it("a cell's last word counts, however many tasks have ended since", async () => {
    const { db } = state;
    expect(await troubledCells(db)).toEqual([]);
    await record([
      { run: "a", table: "pgs", dates: ["2021-11-02", "2021-11-03"], at: 1, status: "failed" },
      // Healed later: no trouble any more.
      { run: "b", table: "pgs", dates: ["2021-11-03"], at: 2, status: "succeeded" },
      // What was called off says nothing.
      { run: "b", table: "pgs", dates: ["2021-11-02"], at: 3, status: "cancelled" },
      { run: "b", table: "togs", dates: ["2021-11-02"], at: 3, status: "succeeded" },
    ]);
    const broken = { table: "pgs", date: "2021-11-02", runId: "a", status: "failed", error: "broke at 1" };
    expect(await troubledCells(db)).toEqual([broken]);
    await record(
      Array.from({ length: 520 }, (_, i) => ({
        run: "c",
        table: "pgs",
        dates: ["2021-11-20"],
        at: 10 + i,
        status: "succeeded" as const,
      })),
    );
    expect(await troubledCells(db)).toEqual([broken]);
    expect(await finishedTasks(db)).toHaveLength(500);

    await record([{ run: "d", table: "tdgs", dates: ["2021-11-05"], at: 700, status: "succeeded" }], {
      skipPreflight: true,
    });
    await record([{ run: "e", table: "utgc", dates: ["2021-11-05"], at: 701, status: "failed" }], { sample: true });
    expect(await troubledCells(db)).toEqual([
      broken,
      { table: "tdgs", date: "2021-11-05", runId: "d", status: "succeeded", error: null },
    ]);
  });
});
