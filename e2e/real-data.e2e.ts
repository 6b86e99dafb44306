import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { visit } from "./page-parts";
import { Installation } from "./server";

const data = path.resolve("..", "shared", "data", "nba-2025-26");

test("real games are imported while the server runs, backfilled from the page, and complete", async ({ page }) => {
  test.skip(!existsSync(data), "../shared/data is absent");
  const home = new Installation({ FULLCOURT_TODAY: "2025-11-25" });
  try {
    await home.serve();
    await visit(page, home.url);
    await expect(page.getByRole("heading", { name: "There is no data yet" })).toBeVisible();
    const imported = await home.fullcourt(
      "import",
      path.join(data, "games.csv"),
      path.join(data, "player_box.csv.gz"),
      "--json",
    );
    expect(imported.code, imported.err).toBe(0);
    expect(JSON.parse(imported.out).tables).toMatchObject({ nbac_schedule: 260, nbac_gamebook_player_stats: 6840 });
    expect(imported.err).toContain(
      "6840 lines of nbac_gamebook_player_stats repeat another line's key and are read once.",
    );

    await visit(page, `${home.url}/?start=2025-10-21&end=2025-11-24`);
    await expect(page.getByRole("heading", { name: "35 of 35 dates need work" })).toBeVisible();
    await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Backfill 280 cells" }).click();
    await expect(dialog.getByText("Range check: all 280 cells are complete.")).toBeVisible();
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("heading", { name: "All data is complete" })).toBeVisible();

    // No shots: a reason in the details, not a gap in the grid.
    const togs = page.getByRole("grid").getByRole("gridcell", { name: /^togs Wed Nov 12: complete, 24 of 24 rows/ });
    await togs.click();
    await expect(page.getByText("Zone columns are NULL: no shots for 12 of 12 games.")).toBeVisible();
    expect((await home.fullcourt("verify", "--start-date", "2025-10-21", "--end-date", "2025-11-24")).code).toBe(0);
  } finally {
    await home.remove();
  }
});
