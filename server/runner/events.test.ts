import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent, TaskView } from "@/lib/api/runs";
import { hasPostgres, LocalPostgres } from "@/tests/support/postgres";
import { NBA } from "@/tests/support/tables";
import { readConfig } from "../config";
import { type Context, makeContext } from "../context";
import { openState } from "../state/db";
import { createRun } from "../state/queue";
import { tasksOf } from "../state/runs";
import { openDuckDB } from "../warehouse/duckdb";
import { followOthers, publish, publishCells, watch, watchAll } from "./events";
import { DEFAULT_OPTIONS } from "./launch";

/** Waits for what a server hears from others: the next event that fits. */
function next(context: Context, fits: (event: RunEvent) => boolean): Promise<RunEvent> {
  return new Promise((resolve) => {
    const stop = watchAll(context, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

describe.skipIf(!hasPostgres)("servers on one Postgres", () => {
  let postgres: LocalPostgres;
  let one: Context;
  let other: Context;
  const serverOn = async () => {
    const config = readConfig({ ...process.env, DATABASE_URL: postgres.url });
    const context = makeContext(config, NBA, await openDuckDB(":memory:", NBA), await openState(config));
    followOthers(context);
    return context;
  };
  const cells = (date: string) => publishCells(one, new Map([["pgs", [date]]]));
  /** Until its connection listens, nothing is heard: it is sent again until it is. */
  const connected = async () => {
    let isHeard = false;
    const stop = watchAll(other, () => {
      isHeard = true;
    });
    while (!isHeard) {
      cells("2021-11-01");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    stop();
  };

  beforeAll(async () => {
    postgres = await LocalPostgres.start();
    one = await serverOn();
    other = await serverOn();
    await connected();
  });
  afterAll(async () => {
    await one?.close();
    await other?.close();
    postgres?.stop();
  });

  it("hear of each other's cells, and only their own servers act on them", async () => {
    const own: RunEvent[] = [];
    const stop = watch(other, (event) => own.push(event));
    const { revision } = other;
    const heard = next(other, (event) => event.type === "cells" && event.dates?.[0] === "2021-11-16");
    cells("2021-11-16");
    expect(await heard).toEqual({ type: "cells", tables: ["pgs"], dates: ["2021-11-16"] });
    // A page that polls hears of it too.
    expect(other.revision).toBeGreaterThan(revision);
    stop();
    expect(own).toEqual([]);
  });

  it("hear events in their order, and those that are too long for Postgres whole", async () => {
    const range = { start: "2021-11-15", end: "2021-11-15" };
    const task = { ...range, table: "pgs", dates: ["2021-11-15"], reason: "long ".repeat(4_000) };
    const run = { ...range, id: "run", planId: "plan", origin: "test", tables: ["pgs"], cells: 1, estimate: null };
    await createRun(one.state.db, { ...run, options: DEFAULT_OPTIONS, tasks: [task], priority: 0 }, one.owner, false);
    const stored = (await tasksOf(one.state.db, "run"))[0] as TaskView;
    const heard: RunEvent[] = [];
    const stop = watchAll(other, (event) => heard.push(event));
    const last = next(other, (event) => event.type === "cells" && event.dates?.[0] === "2021-11-17");
    publish(one, { type: "task", runId: "run", task: stored });
    const log = { id: 1, runId: "run", at: stored.start, level: "info" as const, message: "é".repeat(20_000) };
    publish(one, { type: "log", runId: "run", log });
    // Each of these is six bytes as it is sent.
    publish(one, { type: "log", runId: "run", log: { ...log, message: "\u0001".repeat(20_000) } });
    publishCells(one, new Map([["pgs", Array.from({ length: 2_000 }, (_, i) => `date ${i}`)]]));
    cells("2021-11-17");
    await last;
    stop();
    expect(heard.map(({ type }) => type)).toEqual(["task", "log", "log", "cells", "cells"]);
    expect(heard[0]).toEqual({ type: "task", runId: "run", task: stored });
    expect(heard[3]).toEqual({ type: "cells", tables: null, dates: null });
  });

  it("hear all that a process said before it ended", async () => {
    const config = readConfig({ ...process.env, DATABASE_URL: postgres.url });
    const ending = makeContext(config, NBA, await openDuckDB(":memory:", NBA), await openState(config));
    const heard = next(other, (event) => event.type === "cells" && event.dates?.[0] === "2021-11-19");
    for (let day = 10; day < 20; day++) publishCells(ending, new Map([["pgs", [`2021-11-${day}`]]]));
    await ending.close();
    await heard;
  });

  it("are connected again after Postgres was away, and say that anything may have changed", async () => {
    const missed = next(other, (event) => event.type === "cells" && event.dates === null);
    postgres.down();
    postgres.up();
    await missed;
    await connected();
  });
});
