import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compilePipeline, type Pipeline } from "@/lib/engine/pipeline/compile";
import type { PipelineDefinition } from "@/lib/engine/pipeline/types";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { nba } from "@/lib/pipelines/nba";
import { copyDemo, TODAY } from "@/tests/support/fixtures";
import { readConfig } from "../config";
import { type Context, openContext } from "../context";
import { modelVersions } from "../pipeline/model-versions";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { listDeeds } from "../state/audit";
import { readCoverage } from ".";
import { acceptGaps, withdrawGap } from "./gaps";
import { invalidate, readInvalidations, withdrawInvalidation } from "./invalidations";

const SEASON = { start: "2021-10-19", end: "2021-11-30" };
const D = "2021-11-16";
const ONE_DATE = { start: D, end: D };

const home = mkdtempSync(path.join(tmpdir(), "fullcourt-versions-"));
beforeAll(() => copyDemo("clean", home));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const compiled = async (definition: PipelineDefinition) => compilePipeline(definition, await modelVersions(definition));

/** The same pipeline whose pcf is computed with another constant. */
const changed: PipelineDefinition = {
  ...nba,
  tables: nba.tables.map((table) =>
    table.id === "pcf" && table.build.kind === "sql"
      ? { ...table, build: { kind: "sql", sql: table.build.sql.replace("0.3 * (projected", "0.25 * (projected") } }
      : table,
  ),
};

async function opened<T>(pipeline: Pipeline, work: (context: Context) => Promise<T>): Promise<T> {
  const settings = { FULLCOURT_HOME: home, FULLCOURT_TODAY: TODAY };
  const context = await openContext(readConfig({ ...process.env, ...settings }), pipeline, "a test");
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

/** Cells with rows that are due, and those of them that are outdated, by table. */
async function outdated(context: Context) {
  const { cells } = await readCoverage(context, SEASON.start, SEASON.end);
  const rest = [...cells.values()].filter(({ rows, state }) => rows > 0 && state !== "bootstrap");
  const byTable = (list: typeof rest) => {
    const counts: Record<string, number> = {};
    for (const { table } of list) counts[table] = (counts[table] ?? 0) + 1;
    return counts;
  };
  const due = byTable(rest);
  return { due, found: byTable(rest.filter(({ state }) => state === "outdated")), cells };
}

describe("a model that changes between two openings of a home", () => {
  it("outdates exactly its cells and their readers; --only bad leaves them out, --only outdated rebuilds them", async () => {
    const before = await compiled(nba);
    await opened(before, async (context) => expect((await outdated(context)).found).toEqual({}));
    await opened(await compiled(changed), async (context) => {
      const { due, found, cells } = await outdated(context);
      expect(found).toEqual({ pcf: due.pcf, mlfs: due.mlfs });
      const [cell] = [...cells.values()].filter(({ table, date }) => table === "pcf" && date === D);
      expect(cell?.reasons).toEqual([{ code: "model_changed", params: { since: expect.stringMatching(/^20.*Z$/) } }]);
      const bad = await previewPlan(context, wholeChain(ONE_DATE, context.pipeline));
      expect(bad.cells).toEqual([]);
      expect(bad.outdated).toEqual({ cells: 2, models: ["pcf"], isTaken: false });
      const plan = await previewPlan(context, { ...wholeChain(ONE_DATE, context.pipeline), only: "outdated" });
      expect(plan.cells.map(({ table, date, role }) => `${table} ${date} ${role}`)).toEqual([
        `pcf ${D} selected`,
        `mlfs ${D} selected`,
      ]);
      expect(plan.outdated).toEqual({ cells: 2, models: ["pcf"], isTaken: true });
      const { done } = await launch(context, plan.planId, DEFAULT_OPTIONS, "test", "refuse");
      expect((await done)?.status).toBe("succeeded");
      const after = await outdated(context);
      expect(after.found).toEqual({ pcf: (due.pcf as number) - 1, mlfs: (due.mlfs as number) - 1 });
      const [one] = await acceptGaps(context, {
        cells: [{ table: "pcf", date: "2021-11-17" }],
        ...{ reason: "forward only", by: "ann", expires: null },
      });
      expect(one).toMatchObject({ accepts: "outdated", table: "pcf" });
      const accepted = (await outdated(context)).cells;
      expect(accepted.get("pcf 2021-11-17")?.accepted?.reason).toBe("forward only");
      expect(accepted.get("mlfs 2021-11-17")?.accepted?.inherited).toBe(true);
      await withdrawGap(context, one?.id as string);
    });
    // The one date that was rebuilt is the one that is of another version now.
    await opened(before, async (context) => expect((await outdated(context)).found).toEqual({ pcf: 1, mlfs: 1 }));
  });
});

describe("an invalidation", () => {
  const request = { table: "tdza", reason: "a wrong join", by: "ann", start: D, end: D };

  it("outdates rows that were written before, until it is taken back; both are in the audit log", async () => {
    await opened(compilePipeline(nba), async (context) => {
      const before = new Date().toISOString();
      const one = await invalidate(context, { ...request, before });
      expect(await readInvalidations(context)).toEqual([one]);
      const { found, cells } = await outdated(context);
      expect(found).toEqual({ tdza: 1, pcf: 1, mlfs: 1 });
      expect(cells.get(`tdza ${D}`)?.reasons).toEqual([
        { code: "invalidated", params: { id: one.id, before, reason: "a wrong join" } },
      ]);
      await withdrawInvalidation(context, one.id);
      expect((await outdated(context)).found).toEqual({});
      expect((await listDeeds(context.state.db)).slice(0, 2)).toMatchObject([
        { deed: "invalidate.withdraw", subject: one.id },
        { deed: "invalidate", subject: `${one.id} tdza ${D}..${D} before ${before}` },
      ]);
    });
  });

  it("is refused of a time to come", async () => {
    await opened(compilePipeline(nba), async (context) => {
      await expect(invalidate(context, { ...request, before: "9999-01-01T00:00:00.000Z" })).rejects.toThrow(
        "is still to come",
      );
      expect(await readInvalidations(context)).toEqual([]);
    });
  });
});
