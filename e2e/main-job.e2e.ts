import { expect, test } from "@playwright/test";
import { cell, tabTo, visit } from "./page-parts";
import { servedDemo } from "./server";

const demo = servedDemo();

test("a newcomer sees November 2021 with its gaps, backfills them in one click and sees the grid complete", async ({
  page,
}) => {
  await visit(page, demo.url);
  await expect(page.getByRole("heading", { name: "15 of 15 dates need work" })).toBeVisible();
  await expect(page.getByText("Safe to use through Nov 14, 2021")).toBeVisible();
  await expect(page.getByText("37 root causes, 82 cells follow").first()).toBeVisible();
  await expect(cell(page, "togs", "Nov 15")).toHaveAttribute("data-state", "duplicated");
  await expect(cell(page, "togs", "Nov 15")).toHaveText("88×4");
  await expect(cell(page, "pgs", "Nov 16")).toHaveAttribute("data-state", "missing");
  await expect(cell(page, "pcf", "Nov 18")).toHaveAttribute("data-state", "corrupt");
  await expect(cell(page, "pcf", "Nov 16")).toHaveAttribute("data-state", "blocked");
  await expect(page.getByText("togs, tdgs held 4 times")).toBeVisible();

  await cell(page, "pcf", "Nov 16").click();
  const details = page.getByRole("complementary", { name: "Chosen cell" });
  await expect(details.getByText("Waits for pgs of Nov 16.", { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/cell=pcf.2021-11-16/);

  await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(
    dialog.getByRole("heading", { name: /^Backfill 119 cells of 9 tables, Nov 15 – 30, 2021/ }),
  ).toBeVisible();
  await expect(dialog.getByText("Afterwards all 150 cells are complete.")).toBeVisible();
  await expect(dialog.getByRole("list", { name: "Warnings" })).toContainText(
    "duplicate rows removed: togs 66, tdgs 66.",
  );
  await dialog.getByRole("button", { name: "Backfill 119 cells" }).click();
  await expect(dialog.getByRole("heading", { name: /^Backfill \d{14}-/ })).toBeVisible();
  await expect(dialog.getByText("9 of 9 tasks")).toBeVisible();
  await expect(dialog.getByText("Range check: all 119 cells are complete.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();

  await expect(page.getByRole("heading", { name: "All data is complete" })).toBeVisible();
  // What the run changed is told once, in words.
  await expect(page.getByText(/^Backfill succeeded: .*35 missing now complete/)).toBeVisible();
  await expect(page.getByText("safe to use through Nov 30, 2021")).toBeVisible();
  await expect(cell(page, "togs", "Nov 15")).toHaveText("22");
  await expect(cell(page, "mlfs", "Nov 24")).toHaveText("450");
  expect(
    await page
      .getByRole("grid")
      .locator('[role="gridcell"][data-state]:not([data-state="complete"]):not([data-state="not_expected"])')
      .count(),
  ).toBe(0);

  await page.getByRole("link", { name: "Backfills" }).click();
  await expect(page.getByRole("table").getByText("web")).toBeVisible();
  await page.getByRole("link", { name: "Timings" }).click();
  await expect(page.getByRole("heading", { name: /seconds a date/ })).toBeVisible();
  await expect(page.getByText("something grows with the range").first()).toBeVisible();
});

test("the command line works while the server runs, through it", async ({ page }) => {
  await demo.demoAgain();
  const coverage = await demo.fullcourt("coverage", "--date", "2021-11-15", "--json");
  expect(JSON.parse(coverage.out).dates[0].cells.togs).toMatchObject({
    rows: 88,
    distinct: 22,
    expected: 22,
    state: "duplicated",
  });

  await visit(page, `${demo.url}/?start=2021-11-15&end=2021-11-17`);
  await expect(cell(page, "togs", "Nov 15")).toHaveText("88×4");
  const run = await demo.fullcourt("backfill", "togs,tdgs", "--date", "2021-11-15", "--json");
  expect(run.code, run.err).toBe(0);
  const lines = run.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({ type: "run", status: "succeeded", failed: 0 });
  // The open page hears of it and looks again by itself.
  await expect(cell(page, "togs", "Nov 15")).toHaveText("22");
  const wrong = await demo.fullcourt("coverage", "--date", "2021-02-30", "--json");
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.out).error).toMatchObject({ code: "bad_date" });
});

test("by keyboard alone: choose a row, plan it, run it", async ({ page }) => {
  await demo.demoAgain();
  await visit(page, demo.url);
  const grid = page.getByRole("grid");
  await tabTo(page, grid);
  await page.keyboard.press("ArrowUp");
  await expect(cell(page, "pgs", "Nov 30")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "pgs", "Nov 16")).toHaveAttribute("aria-selected", "true");
  await expect(cell(page, "pgs", "Nov 15")).toHaveAttribute("aria-selected", "false");
  await expect(grid).toHaveAttribute("aria-activedescendant", /./);
  await page.keyboard.press("Shift+End");
  await expect(page.getByText("10 cells selected")).toBeVisible();
  await page.keyboard.press("b");
  const dialog = page.getByRole("dialog");
  const launch = dialog.getByRole("button", { name: /^Backfill \d+ cells/ });
  await expect(launch).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  await expect(dialog.getByText(/Run succeeded: [\d,]+ rows\./)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(cell(page, "pgs", "Nov 16")).toHaveAttribute("data-state", "complete");
  await expect(cell(page, "pgs", "Nov 18")).toHaveAttribute("data-state", "missing");
});
