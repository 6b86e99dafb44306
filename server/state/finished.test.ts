import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryContext } from "@/tests/support/context";
import type { Context } from "../context";
import { finishedTasks, troubledCells } from "./finished";
import { runs, tasks } from "./schema";

let context: Context;
beforeAll(async () => {
  context = await memoryContext();
});
afterAll(() => context.close());

const hours = (n: number) => new Date(Date.UTC(2021, 10, 1, n)).toISOString();

interface Ended {
  run: string;
  table: string;
  dates: string[];
  at: number;
  status: "succeeded" | "failed" | "cancelled";
}

async function record(ended: readonly Ended[], more: { skipPreflight?: boolean; sample?: boolean } = {}) {
  const options = { stopOnFailure: false, skipPreflight: false, skipDependencyCheck: false, production: false };
  await context.state.db
    .insert(runs)
    .values(
      [...new Set(ended.map((one) => one.run))].map((id) => ({
        id,
        planId: "none",
        status: "succeeded" as const,
        origin: "test",
        sample: more.sample ?? false,
        tables: [],
        start: "2021-11-01",
        end: "2021-11-30",
        cells: 0,
        options: { ...options, skipPreflight: more.skipPreflight ?? false },
        startedAt: hours(0),
      })),
    )
    .onConflictDoNothing();
  await context.state.db.insert(tasks).values(
    ended.map(({ run, table, dates, at, status }, seq) => ({
      runId: run,
      seq,
      table,
      start: dates[0] as string,
      end: dates.at(-1) as string,
      dates,
      reason: "",
      status,
      startedAt: hours(at),
      endedAt: hours(at),
      error: status === "failed" ? `broke at ${at}` : null,
    })),
  );
}

it("a cell's last word counts, however many tasks have ended since", async () => {
  const { db } = context.state;
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
    Array.from({ length: 600 }, (_, i) => ({
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
