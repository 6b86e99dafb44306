import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryContext } from "../../tests/support/context";
import type { Context } from "../context";
import { makeDemo } from "../demo";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { startMetrics } from "./metrics";

let context: Context;
beforeAll(async () => {
  context = await memoryContext();
});
afterAll(() => context.close());

it("counts what runs do as they do it, and nothing of the demo's samples", async () => {
  const metrics = startMetrics(context);
  await makeDemo(context, {});
  const values = async (name: string) => (await metrics.getSingleMetric(name)?.get())?.values ?? [];
  expect(await values("fullcourt_runs_total")).toEqual([]);
  expect((await values("fullcourt_warehouse_queries_total"))[0]?.value).toBe(context.warehouse.queryCount);

  const range = { start: "2021-11-15", end: "2021-11-16" };
  const request = { tables: ["togs"], ...range, only: "all" as const, upstream: false, downstream: false };
  const { planId } = await previewPlan(context, request);
  const run = await (await launch(context, planId, DEFAULT_OPTIONS, "test")).done;
  expect(run.status).toBe("succeeded");
  expect(await values("fullcourt_runs_total")).toMatchObject([{ labels: { status: "succeeded" }, value: 1 }]);
  expect(await values("fullcourt_task_rows_total")).toMatchObject([{ labels: { table: "togs" }, value: run.rows }]);
  const text = await metrics.metrics();
  expect(text).toContain('fullcourt_task_duration_seconds_count{table="togs",status="succeeded"} 1');
  expect(text).toContain("# TYPE fullcourt_task_duration_seconds histogram");
  expect(text).toContain("# TYPE fullcourt_runs_active gauge");
});
