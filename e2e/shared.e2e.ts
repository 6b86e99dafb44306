import { type APIRequestContext, expect, test } from "@playwright/test";
import { hasPostgres, LocalPostgres } from "@/tests/support/postgres";
import { visit } from "./page-parts";
import { Installation } from "./server";

interface RunAnswer {
  run: { status: string; owner: string | null; attempts: number };
  tasks: Array<{ table: string; status: string }>;
  logs: Array<{ message: string }>;
}

const look = async (request: APIRequestContext, at: Installation, id: string): Promise<RunAnswer> =>
  (await request.get(`${at.url}/api/runs/${id}`)).json();

test("two servers on one Postgres and one BigQuery: a killed one's run is taken over, the queue is shared, Postgres may restart", async ({
  request,
}) => {
  test.skip(!hasPostgres, "Debian's package postgresql is absent");
  const postgres = await LocalPostgres.start();
  const one = new Installation({ DATABASE_URL: postgres.url });
  let other: Installation | undefined;
  try {
    await one.demo();
    other = new Installation({ DATABASE_URL: postgres.url, ...(await one.bigquerySettings()) });
    await one.serve();
    await other.serve();
    const plan = async (at: Installation, start: string, end: string, tables?: string[]) => {
      // A plan of some tables alone: others change under it while the first run heals them.
      const alone = tables ? { tables, upstream: false, downstream: false } : {};
      const answer = await request.post(`${at.url}/api/plans`, { data: { start, end, only: "all", ...alone } });
      return (await answer.json()) as { planId: string; cells: unknown[] };
    };
    const first = await plan(one, "2021-11-15", "2021-11-30");
    const launched = await request.post(`${one.url}/api/backfills`, { data: { planId: first.planId } });
    const { id } = await launched.json();
    // The same cells are refused by the other server, which names the run; or queued behind it.
    const second = await plan(other, "2021-11-26", "2021-11-27", ["mlfs"]);
    const refused = await request.post(`${other.url}/api/backfills`, { data: { planId: second.planId } });
    expect(refused.status()).toBe(409);
    expect((await refused.json()).error.message).toContain(id);
    const queued = await request.post(`${other.url}/api/backfills`, {
      data: { planId: second.planId, ifBusy: "queue" },
    });
    const { id: waiting, behind } = await queued.json();
    expect(behind).toBe(id);
    await expect(async () => {
      const { tasks } = await look(request, one, id);
      expect(tasks.filter((task) => task.status === "succeeded").length).toBeGreaterThan(0);
    }).toPass({ intervals: [50] });
    // One server is killed, and Postgres restarts under the other, which has a run of its own: none is lost.
    const third = await plan(other, "2021-11-02", "2021-11-14", ["mlfs"]);
    const again = await request.post(`${other.url}/api/backfills`, { data: { planId: third.planId } });
    const { id: last } = await again.json();
    await one.stop("SIGKILL");
    postgres.down();
    postgres.up();
    for (const run of [id, waiting, last])
      await expect(async () => {
        expect((await look(request, other as Installation, run)).run.status).toBe("succeeded");
      }).toPass({ intervals: [500] });
    const { logs } = await look(request, other, id);
    expect(logs.map((line) => line.message)).toContain("Took over from an unresponsive worker.");
    const verified = await other.fullcourt(
      "verify",
      "--start-date",
      "2021-11-15",
      "--end-date",
      "2021-11-30",
      "--json",
    );
    expect(JSON.parse(verified.out)).toEqual({ passed: true, problems: [] });
  } finally {
    await other?.remove();
    await one.remove();
    postgres.stop();
  }
});

test("what happens on one server reaches the open pages of the other, over one stream for all tabs of a browser", async ({
  page,
  context,
  request,
}) => {
  test.skip(!hasPostgres, "Debian's package postgresql is absent");
  const postgres = await LocalPostgres.start();
  const one = new Installation({ DATABASE_URL: postgres.url });
  let other: Installation | undefined;
  try {
    await one.demo();
    other = new Installation({ DATABASE_URL: postgres.url, ...(await one.bigquerySettings()) });
    await one.serve();
    await other.serve();
    // Events alone bring it: the poll is cut off.
    await context.route("**/api/activity", (route) => route.abort());
    let streams = 0;
    context.on("request", (sent) => {
      if (sent.url().endsWith("/api/events")) streams++;
    });
    await visit(page, `${other.url}/backfills`);
    await page.mouse.move(5, 5);
    await expect.poll(() => streams).toBe(1);
    const grid = await context.newPage();
    await visit(grid, other.url);
    await expect(grid.getByRole("grid")).toBeVisible();
    await grid.mouse.move(5, 5);

    const day = { start: "2021-11-20", end: "2021-11-20" };
    const planned = await request.post(`${one.url}/api/plans`, {
      data: { ...day, tables: ["togs"], only: "all", upstream: false, downstream: false },
    });
    const { planId } = await planned.json();
    const launched = await request.post(`${one.url}/api/backfills`, { data: { planId } });
    const { id } = await launched.json();
    const row = page.getByRole("row").filter({ hasText: id });
    await expect(row).toContainText("succeeded");
    expect((await look(request, one, id)).run.attempts).toBe(1);
    expect(one.said + other.said).not.toContain("did not answer");

    const accepted = await request.post(`${one.url}/api/gaps`, {
      data: { cells: [{ table: "pgs", date: "2021-11-16" }], reason: "Lost that night", by: "ann", expires: null },
    });
    const [gap] = await accepted.json();
    await expect(grid.getByText(/accepted gaps \d/)).toBeVisible();
    expect(streams).toBe(1);

    // The tab that had the stream goes, and another takes it over.
    await page.close();
    await expect.poll(() => streams).toBe(2);
    await request.post(`${one.url}/api/gaps/${gap.id}/withdraw`, { data: {} });
    await expect(grid.getByText(/accepted gaps \d/)).toBeHidden();
  } finally {
    await other?.remove();
    await one.remove();
    postgres.stop();
  }
});
