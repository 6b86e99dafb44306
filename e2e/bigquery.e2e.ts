import { expect, test } from "@playwright/test";
import { cell, visit } from "./page-parts";
import { servedDemo } from "./server";

const demo = servedDemo();

test("what a run costs is told before it, recorded with it and charted after it", async ({ page }) => {
  await visit(page, demo.url);
  await expect(page.getByText("checked just now")).toBeVisible();
  await expect(cell(page, "togs", "Nov 15")).toHaveText("88×4");
  await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(/under \$0\.01 at most, reading \d+ MiB/)).toBeVisible();
  await dialog.getByRole("button", { name: "Backfill 119 cells" }).click();
  await expect(dialog.getByText("Range check: all 119 cells are complete.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await visit(page, `${demo.url}/timings?table=togs&run=all`);
  await expect(page.getByRole("figure", { name: "MiB read a date" })).toBeVisible();
  await expect(page.getByRole("figure", { name: "Slot seconds a date" })).toBeVisible();
});

test("a run over the limit is refused with the figure, and the plan says so", async () => {
  const range = ["--start-date", "2021-11-15", "--end-date", "2021-11-30", "--only", "all"];
  const planned = JSON.parse((await demo.fullcourt("plan", "all", ...range, "--json")).out);
  expect(planned.estimate.bytes).toBe(
    planned.tasks.reduce((sum: number, task: { bytes: number }) => sum + task.bytes, 0),
  );
  await demo.stop();
  const again = await demo.fullcourt("demo", "--replace", "--yes");
  expect(again.code).toBe(2);
  expect(again.err).toContain("never made on BigQuery");
  const limited = await demo.fullcourtWith({ BIGQUERY_MAX_BYTES_PER_RUN: "1000000" }, "backfill", "all", ...range);
  expect(limited.code).toBe(1);
  expect(limited.err).toMatch(/would read \d+ MiB \(about under \$0.01\); a run may read 1 MiB at most/);
  const readOnly = await demo.fullcourtWith({ FULLCOURT_READ_ONLY: "true" }, "backfill", "all", ...range);
  expect(readOnly.code).toBe(1);
  expect(readOnly.err).toContain("only reads (FULLCOURT_READ_ONLY=true)");
  const seen = await demo.fullcourtWith({ FULLCOURT_READ_ONLY: "true" }, "coverage", "--date", "2021-11-15", "--json");
  expect(JSON.parse(seen.out).dates[0].cells.togs).toMatchObject({ rows: 22, expected: 22 });
  await demo.serve();
});

test("sync brings a month to the laptop, where the same models run on DuckDB", async () => {
  await demo.stop();
  const down = await demo.fullcourt(
    "sync",
    "--to",
    "duckdb",
    "--start-date",
    "2021-10-19",
    "--end-date",
    "2021-11-20",
    "--json",
  );
  expect(down.code, down.err).toBe(0);
  expect(JSON.parse(down.out).tables.nbac_gamebook_player_stats).toBeGreaterThan(5_000);
  const laptop = { FULLCOURT_WAREHOUSE: "duckdb" };
  const built = await demo.fullcourtWith(
    laptop,
    "backfill",
    "pgs,togs,tdgs",
    "--start-date",
    "2021-11-15",
    "--end-date",
    "2021-11-20",
  );
  expect(built.code, built.err).toBe(0);
  const rows = async (settings: Record<string, string>) =>
    JSON.parse((await demo.fullcourtWith(settings, "rows", "togs", "--date", "2021-11-15", "--json")).out).map(
      ({ processed_at: _, run_id: __, ...row }: Record<string, unknown>) => row,
    );
  expect(await rows(laptop)).toEqual(await rows({}));
  await demo.serve();
});
