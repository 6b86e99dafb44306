import { expect, test } from "@playwright/test";
import { visit } from "./page-parts";
import { Installation } from "./server";

test("a server that is killed in the middle of a run goes on with it when it comes back", async ({ page }) => {
  const home = new Installation();
  try {
    await home.demo();
    await home.serve();
    const plan = await page.request.post(`${home.url}/api/plans`, {
      data: { start: "2021-11-02", end: "2021-11-30", only: "all" },
    });
    const { planId, cells } = await plan.json();
    expect(cells.length).toBeGreaterThan(200);
    const launched = await page.request.post(`${home.url}/api/backfills`, { data: { planId } });
    expect(launched.status()).toBe(202);
    const { id } = await launched.json();
    await expect(async () => {
      const { tasks } = await (await page.request.get(`${home.url}/api/runs/${id}`)).json();
      expect(tasks.filter((task: { status: string }) => task.status === "succeeded").length).toBeGreaterThan(1);
    }).toPass({ intervals: [20] });
    await home.stop("SIGKILL");

    await home.serve();
    await visit(page, `${home.url}/backfills/${id}`);
    await expect(page.getByText("succeeded", { exact: true }).first()).toBeVisible();
    await expect(page.getByText("Resumed.")).toBeVisible();
    await expect(page.getByText(`Range check: all ${cells.length} cells are complete.`)).toBeVisible();
  } finally {
    await home.remove();
  }
});

test("wrong requests to the API are errors in the contract's form", async ({ request }) => {
  const home = new Installation();
  try {
    await home.demo();
    await home.serve();
    const bad = await request.get(`${home.url}/api/coverage?start=2021-11-31&end=2021-12-01`);
    expect(bad.status()).toBe(400);
    expect((await bad.json()).error).toMatchObject({
      code: "bad_request",
      message: "start: must be a date YYYY-MM-DD",
    });
    expect(bad.headers()["content-type"]).toBe("application/problem+json");
    expect(await bad.json()).toMatchObject({ status: 400, detail: "start: must be a date YYYY-MM-DD" });
    const unknown = await request.post(`${home.url}/api/backfills`, { data: { planId: "feedbeef" } });
    expect(unknown.status()).toBe(404);
    const foreign = await request.post(`${home.url}/api/plans`, {
      data: {},
      headers: { origin: "https://elsewhere.example" },
    });
    expect(foreign.status()).toBe(403);
    expect((await foreign.json()).error.code).toBe("foreign_origin");
    expect((await request.post(`${home.url}/api/cli`, { data: { argv: ["demo"], cwd: "/" } })).status()).toBe(403);
    const coverage = await (await request.get(`${home.url}/api/coverage?date=2021-11-15&tables=togs`)).json();
    expect(coverage.dates[0].cells.togs).toMatchObject({ rows: 88, distinct: 22, expected: 22, state: "duplicated" });
    expect((await (await request.get(`${home.url}/api/openapi.json`)).json()).openapi).toBe("3.1.0");
    expect(await (await request.get(`${home.url}/api/metrics`)).text()).toContain("fullcourt_runs_active 0");
    // A launch that is sent again, as its answer was lost, is the same run.
    const plan = async (date: string) => {
      const asked = { start: date, end: date, tables: ["utgc"], only: "all", upstream: false, downstream: false };
      return (await (await request.post(`${home.url}/api/plans`, { data: asked })).json()).planId as string;
    };
    const [planId, otherId] = [await plan("2021-11-20"), await plan("2021-11-21")];
    const send = (id: string) =>
      request.post(`${home.url}/api/backfills`, { data: { planId: id }, headers: { "idempotency-key": "night-1" } });
    const first = await send(planId);
    const again = await send(planId);
    expect([first.status(), again.status()]).toEqual([202, 200]);
    expect((await again.json()).id).toBe((await first.json()).id);
    expect((await send(otherId)).status()).toBe(422);
    const page = await request.get(`${home.url}/api/runs?limit=2`);
    expect(await page.json()).toHaveLength(2);
    const next = /^<(.*)>; rel="next"$/.exec(page.headers().link ?? "")?.[1];
    const older = await (await request.get(`${home.url}${next}`)).json();
    expect(older.length).toBeGreaterThan(0);
    expect(older[0].startedAt <= (await page.json())[1].startedAt).toBe(true);
    const health = await (await request.get(`${home.url}/api/health`)).json();
    expect(health).toMatchObject({ ok: true, status: "ready", checks: { warehouse: true, state: true } });
    // However slow the machine: more and more at once, until there are more than come back in that time.
    await expect(async () => {
      const many = await Promise.all(Array.from({ length: 400 }, () => request.get(`${home.url}/api/activity`)));
      const refused = many.find((answer) => answer.status() === 429);
      expect(refused?.headers()["retry-after"]).toMatch(/^\d+$/);
    }).toPass({ intervals: [0] });
    // Who waits is let in again.
    await expect(async () => {
      const events = await fetch(`${home.url}/api/events`);
      await events.body?.cancel();
      expect(events.headers.get("content-type")).toBe("text/event-stream");
    }).toPass({ intervals: [1_000] });
  } finally {
    await home.remove();
  }
});
