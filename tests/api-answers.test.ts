import { afterAll, beforeAll, expect, it } from "vitest";
import type { z } from "zod";
import { openApi, ROUTES } from "@/lib/api/openapi";
import * as schemas from "@/lib/api/runs";
import type { Context } from "@/server/context";
import { acceptGaps } from "@/server/coverage/gaps";
import { invalidate } from "@/server/coverage/invalidations";
import { previewPlan } from "@/server/runner/plans";
import { listRuns } from "@/server/state/runs";
import { NBA } from "@/tests/support/tables";
import { demoContext } from "./support/context";

const RANGE = { start: "2021-11-15", end: "2021-11-18" };
/** Parameters of the routes that need some. */
const QUERY: Record<string, string> = {
  "/api/coverage": `?start=${RANGE.start}&end=${RANGE.end}&tables=pgs,mlfs`,
  "/api/freshness": `?start=${RANGE.start}&end=${RANGE.end}`,
  "/api/cell": "?table=mlfs&date=2021-11-16",
  "/api/source": "?table=shots&date=2021-11-16",
  "/api/rows": "?table=mlfs&date=2021-11-15",
  "/api/columns": `?table=mlfs&start=${RANGE.start}&end=${RANGE.end}`,
  "/api/diff": "?table=mlfs&date=2021-11-16",
  "/api/lineage": "?date=2021-11-16",
  "/api/lineage/column": "?column=mlfs.features[13]",
};
const answered = Object.entries(ROUTES).flatMap(([name, { answer }]) =>
  name.startsWith("GET ") && answer !== "text" ? [[name.slice(4), answer] as const] : [],
);

let context: Context;
const server = globalThis as typeof globalThis & { fullcourt?: Promise<Context> | undefined };
beforeAll(async () => {
  context = await demoContext("damaged");
  context.config.schedules = { FULLCOURT_SCHEDULE_ANALYTICS: "0 6 * * *" };
  await acceptGaps(context, {
    cells: [{ table: "pgs", date: "2021-11-16" }],
    reason: "lost for good",
    by: "a test",
    expires: null,
  });
  const before = "2021-12-01T00:00:00.000Z";
  await invalidate(context, { table: "utgc", before, start: null, end: null, reason: "a wrong join", by: "a test" });
  server.fullcourt = Promise.resolve(context);
});
afterAll(async () => {
  server.fullcourt = undefined;
  await context.close();
});

/** What a route answers to a GET. */
async function ask(name: string): Promise<unknown> {
  const id = (await listRuns(context.state.db))[0]?.id ?? "";
  const { GET } = await import(/* @vite-ignore */ `../app${name.replace("{id}", "[id]")}/route.ts`);
  const request = new Request(`http://127.0.0.1:3000${name.replace("{id}", id)}${QUERY[name] ?? ""}`, {
    headers: { host: "127.0.0.1:3000" },
  });
  const response: Response = await GET(request, { params: Promise.resolve({ id }) });
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

it.each(answered)("%s answers as its description says", async (name, schema: z.ZodType) => {
  const answer = await ask(name);
  const { error } = schema.safeParse(answer);
  expect(error?.issues ?? [], JSON.stringify(answer).slice(0, 500)).toEqual([]);
  // An empty list would say nothing of what is in it.
  expect(JSON.stringify(answer).length).toBeGreaterThan(20);
});

it("a plan is as its description says", async () => {
  const request = { tables: ["pgs", "mlfs"], ...RANGE, only: "bad", upstream: true, downstream: true } as const;
  const plan = JSON.parse(JSON.stringify(await previewPlan(context, { ...request, tables: [...request.tables] })));
  expect(schemas.plan.safeParse(plan).error?.issues ?? []).toEqual([]);
  expect(plan.tasks.length).toBeGreaterThan(0);
});

it("the description names what every answer holds", () => {
  const { paths } = openApi(NBA);
  const schema = paths?.["/api/runs/{id}"]?.get?.responses?.[200];
  expect(JSON.stringify(schema)).toContain('"tasks"');
  expect(JSON.stringify(paths?.["/api/plans"]?.post?.requestBody)).toContain('"upstream"');
});
