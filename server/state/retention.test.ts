import { afterAll, beforeAll, expect, it } from "vitest";
import { onBothEngines } from "@/tests/support/state";
import { DEFAULT_OPTIONS } from "../runner/launch";
import type { State } from "./db";
import { removeOld } from "./retention";
import { addLog, findPlan, findRun, listRuns, logsOf, savePlan, tasksOf } from "./runs";

const KEEP = { runs: 180, plans: 2, audit: 731, history: 180 };
const NOW = new Date("2026-06-01T00:00:00.000Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();

onBothEngines("what is old", ({ open }) => {
  let state: State;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state.close());

  it("goes with all that belongs to it, and what is young, under way or the demo's stays", async () => {
    const { db } = state;
    const request = {
      tables: ["pgs"],
      start: "2025-01-01",
      end: "2025-01-01",
      only: "all" as const,
      upstream: false,
      downstream: false,
    };
    const run = async (id: string, days: number, more: { origin?: string; status?: "running" | "succeeded" } = {}) => {
      const { origin = "cli", status = "succeeded" } = more;
      await savePlan(db, `plan of ${id}`, request, { tasks: [], cells: [], leftOut: [] }, null);
      await db
        .updateTable("plans")
        .set({ createdAt: daysAgo(days) })
        .where("id", "=", `plan of ${id}`)
        .execute();
      const ends = { startedAt: daysAgo(days), endedAt: status === "running" ? null : daysAgo(days) };
      await db
        .insertInto("runs")
        .values({
          id,
          planId: `plan of ${id}`,
          status,
          origin,
          tables: ["pgs"],
          start: "2025-01-01",
          end: "2025-01-01",
          cells: 1,
          options: DEFAULT_OPTIONS,
          ...ends,
        })
        .execute();
      await db
        .insertInto("tasks")
        .values({
          runId: id,
          seq: 0,
          table: "pgs",
          start: "2025-01-01",
          end: "2025-01-01",
          dates: ["2025-01-01"],
          reason: "",
          status: "failed",
        })
        .execute();
      await db.insertInto("troubles").values({ table: "pgs", date: id, runId: id, status: "failed" }).execute();
      await addLog(db, id, "info", "a line");
    };
    // More than one step takes.
    for (let i = 0; i < 205; i++) await run(`old ${i}`, 181);
    await run("young", 179);
    await run("under way", 300, { status: "running" });
    await run("demo", 2_000, { origin: "demo" });
    await savePlan(db, "never launched", request, { tasks: [], cells: [], leftOut: [] }, null);
    await db
      .updateTable("plans")
      .set({ createdAt: daysAgo(3) })
      .where("id", "=", "never launched")
      .execute();
    await savePlan(db, "new", request, { tasks: [], cells: [], leftOut: [] }, null);
    await db
      .updateTable("plans")
      .set({ createdAt: daysAgo(1) })
      .where("id", "=", "new")
      .execute();
    for (const days of [800, 10])
      await db
        .insertInto("audit")
        .values({ at: daysAgo(days), actor: "a", via: "cli", deed: "launch", subject: "" })
        .execute();
    const stamps = { createdAt: daysAgo(30), updatedAt: daysAgo(30) };
    await db
      .insertInto("users")
      .values({ id: "u", name: "u", email: "u", emailVerified: 1, role: "viewer", ...stamps })
      .execute();
    for (const days of [1, -1])
      await db
        .insertInto("sessions")
        .values({ id: `${days}`, token: `${days}`, userId: "u", expiresAt: daysAgo(days), ...stamps })
        .execute();
    await db
      .insertInto("verifications")
      .values({ id: "v", identifier: "v", value: "v", expiresAt: daysAgo(1), ...stamps })
      .execute();
    for (const days of [181, 1])
      await db
        .insertInto("cellChanges")
        .values({ table: "pgs", date: "2025-01-01", from: "missing", to: "complete", at: daysAgo(days), runId: null })
        .execute();

    for (const days of [181, 1]) {
      const at = daysAgo(days);
      await db
        .insertInto("alertsOutbox")
        .values({ alert: at, receiver: "ann", content: null, createdAt: at, nextAt: at })
        .execute();
    }

    expect(await removeOld(db, KEEP, NOW)).toEqual({
      alerts: 1,
      runs: 205,
      // Those of the runs that went are launched by nobody.
      plans: 206,
      launches: 0,
      audit: 1,
      history: 1,
      sessions: 1,
      verifications: 1,
    });
    expect((await listRuns(db)).map(({ id }) => id).sort()).toEqual(["demo", "under way", "young"]);
    expect(await findRun(db, "old 0")).toBeUndefined();
    expect([await tasksOf(db, "old 0"), await logsOf(db, "old 0")]).toEqual([[], []]);
    expect((await tasksOf(db, "young")).length + (await logsOf(db, "young")).length).toBe(2);
    expect(await findPlan(db, "never launched")).toBeUndefined();
    expect(await findPlan(db, "new")).toBeDefined();
    expect(await db.selectFrom("cellChanges").selectAll().execute()).toHaveLength(1);
    expect(Object.values(await removeOld(db, KEEP, NOW)).every((n) => n === 0)).toBe(true);
    state.compact();
  });

  it("logs are read in pages, the newest first", async () => {
    const { db } = state;
    for (let i = 0; i < 25; i++) await addLog(db, "pages", "info", `line ${i}`);
    const last = await logsOf(db, "pages", undefined, 10);
    expect(last.map((line) => line.message)).toEqual(Array.from({ length: 10 }, (_, i) => `line ${15 + i}`));
    const before = await logsOf(db, "pages", last[0]?.id, 20);
    expect(before.map((line) => line.message)).toEqual(Array.from({ length: 15 }, (_, i) => `line ${i}`));
  });
});
