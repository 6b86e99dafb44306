import { expect, test } from "@playwright/test";
import { alive, cell, expectNoFaults, visit } from "./page-parts";
import { servedDemo } from "./server";

const demo = servedDemo();

test("a first view leads from the gap over its reason to the plan, and heals it", async ({ page }) => {
  await visit(page, demo.url);
  const guide = page.getByRole("region", { name: "First steps" });
  const now = guide.locator('[aria-current="step"]');
  await expect(now).toContainText("1. See the gap");
  await expectNoFaults(page, "first view");
  await guide.getByRole("button", { name: "Go to the first gap" }).click();
  await expect(now).toContainText("2. See why");
  await expect(page.locator('[role="gridcell"][data-active]')).toHaveAttribute("data-state", "duplicated");
  await guide.getByRole("button", { name: "Show why" }).click();
  await expect(page.getByRole("complementary", { name: "Chosen cell" })).toBeFocused();
  await expect(page.getByText("Every row is there 4 times")).toBeVisible();
  await expect(now).toContainText("3. Fix it");
  await guide.getByRole("button", { name: "Plan the backfill" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: /^Backfill 119 cells/ })).toBeVisible();
  await dialog.getByRole("button", { name: /^Backfill/ }).click();
  await expect(dialog.getByText("Range check: all 119 cells are complete.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(guide).toContainText("All data is complete.");
  await guide.getByRole("button", { name: "Close the guide" }).click();
  await expect(guide).toBeHidden();
  // What that has changed since yesterday, which is the day before the demo's own today.
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await Promise.all([
    page.waitForRequest(/\/api\/overview\?at=2021-11-30T/),
    page.getByRole("menuitemcheckbox", { name: "With yesterday" }).click(),
  ]);
  const changes = page.getByRole("region", { name: "Changes" });
  await expect(changes).toContainText(/cells\s*missing/);
  await expect(cell(page, "pgs", "Nov 16")).toHaveAccessibleName(/, was missing$/);
  await expectNoFaults(page, "comparison");
  await changes.getByRole("button", { name: "pgs Nov 16" }).click();
  await expect(page).toHaveURL(/since=day&cell=pgs.2021-11-16|cell=pgs.2021-11-16.*since=day/);
  await page.getByRole("button", { name: "End the comparison" }).click();
  await expect(changes).toBeHidden();
});

test("once it is hidden it stays hidden, and nothing moves under it", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await demo.fullcourt("demo");
  await visit(page, demo.url);
  const guide = page.getByRole("region", { name: "First steps" });
  await page.getByRole("button", { name: "Hide the guide" }).click();
  await expect(guide).toHaveCount(0);
  // A cookie of a page is the browser's a moment after the page has set it.
  await expect(async () => expect(await context.cookies()).toHaveLength(1)).toPass();
  await page.reload();
  await alive(page);
  await expect(page.getByRole("heading", { name: "15 of 15 dates need work" })).toBeVisible();
  await expect(guide).toHaveCount(0);
  await context.close();
});
