import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { runSql } from "@/tests/support/run-sql";
import { cell, expectNoFaults, settled, tabTo, visit } from "./page-parts";
import { Installation } from "./server";

const LOST = "DELETE FROM nba_raw.nbac_gamebook_player_stats WHERE game_date = DATE '2021-11-23'";

const settings: Record<string, string> = {};
const demo = new Installation(settings);

/** The damaged demo, of which a night's gamebook is lost, and whose shots a job loads. */
const CONFIG = `import { defineConfig, definePipeline, nba } from "fullcourt";
const sources = nba.sources.map((one) => (one.id === "shots" ? { ...one, job: { command: ["true"] } } : one));
export default defineConfig({ pipeline: definePipeline({ ...nba, sources }) });
`;
test.beforeAll(async () => {
  await demo.demo();
  await runSql(demo.home, LOST);
  settings.FULLCOURT_CONFIG = path.join(demo.home, "fullcourt.config.ts");
  writeFileSync(settings.FULLCOURT_CONFIG, CONFIG);
  await demo.serve();
});
test.afterAll(() => demo.remove());

test("sources are folded, unfold by mouse and key, and open what they lack", async ({ page }) => {
  await visit(page, demo.url);
  await expect(cell(page, "pgs", "Nov 16")).toHaveText("0/72");
  const headline = page.getByRole("heading", { name: "15 of 15 dates need work" });
  await expect(headline).toBeVisible();
  await settled(page);
  const unfold = page.getByRole("button", { name: "Sources" });
  await expect(unfold).toHaveAttribute("aria-expanded", "false");
  await expect(cell(page, "shots", "Nov 16")).toHaveCount(0);
  await unfold.click();
  await expect(page).toHaveURL(/sources=true/);
  await expect(cell(page, "shots", "Nov 16")).toHaveAccessibleName("shots Tue Nov 16: complete, 3 of 3 games");
  await expect(cell(page, "nbac_injury_report", "Nov 16")).toHaveAccessibleName(/rows, not judged$/);
  // They count nowhere.
  await expect(headline).toBeVisible();
  await expectNoFaults(page, "grid with sources", '[role="grid"]');
  await cell(page, "shots", "Nov 16").click();
  const details = page.getByRole("complementary", { name: "Chosen cell" });
  await expect(details.getByRole("heading", { name: "shots · Tue Nov 16, 2021" })).toBeVisible();
  await expect(details.getByText("3 of 3 games.")).toBeVisible();
  await expect(details).toContainText("warns at 6 h, fails at 24 h");
  // The next cell on the right, and on to the tables.
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowRight");
  await expect(details.getByRole("heading", { name: /^team_rosters/ })).toBeVisible();
  await page.keyboard.press("s");
  await expect(cell(page, "shots", "Nov 16")).toHaveCount(0);
  await expect(page).not.toHaveURL(/sources=true|cell=/);
  await tabTo(page, unfold);
  await page.keyboard.press("Enter");
  await expect(unfold).toHaveAttribute("aria-expanded", "true");
  await expect(cell(page, "shots", "Nov 16")).toBeVisible();
});

test("a source that keeps a table from being built is named, and leads to its cell and rows", async ({ page }) => {
  await visit(page, `${demo.url}/?cell=pgs.2021-11-23`);
  const details = page.getByRole("complementary", { name: "Chosen cell" });
  await details.getByRole("button", { name: "nbac_gamebook_player_stats of Nov 23" }).click();
  await expect(details.getByRole("heading", { name: /^nbac_gamebook_player_stats/ })).toBeVisible();
  await expect(details.getByText("0 of 4 games.")).toBeVisible();
  await expect(details.getByText(/^Short of BKN @ TOR, /)).toBeVisible();
  await expect(cell(page, "nbac_gamebook_player_stats", "Nov 23")).toHaveText("0/4");
  await details.getByRole("link", { name: "Show rows" }).click();
  await expect(page.getByRole("heading", { name: /^nbac_gamebook_player_stats · Tue Nov 23/ })).toBeVisible();
  await page.getByRole("link", { name: "Show in Coverage" }).click();
  await details.getByRole("button", { name: "pgs" }).click();
  await expect(details.getByRole("heading", { name: "pgs · Tue Nov 23, 2021" })).toBeVisible();
});

test("a source with a job is loaded again from its cell, by a plan as any table is built", async ({ page }) => {
  await visit(page, `${demo.url}/?sources=true&cell=shots.2021-11-16`);
  const details = page.getByRole("complementary", { name: "Chosen cell" });
  await details.getByRole("button", { name: "Load again" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: /^Backfill 1 cell/ })).toBeVisible();
  await expectNoFaults(page, "plan of a source", '[role="dialog"]');
  await dialog.getByRole("button", { name: /^Backfill/ }).click();
  await expect(dialog.getByText("Range check: all 1 cells are complete.")).toBeVisible();
});
