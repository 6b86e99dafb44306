import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { cell } from "./page-parts";
import { Installation } from "./server";

/** The demo season in a file, served as BigQuery would serve it. */
async function serveAsBigQuery(file: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ["--import", "tsx", "server/testing/bigquery/main.ts", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (text: Buffer) => resolve(text.toString().trim()));
    child.once("exit", () => reject(new Error("the local BigQuery server did not start")));
  });
  return { url, child };
}

test("the main job on BigQuery's REST calls: gaps seen, one plan, one press, complete", async ({ page }) => {
  test.setTimeout(240_000);
  const source = new Installation();
  expect((await source.fullcourt("demo")).code).toBe(0);
  const { url, child } = await serveAsBigQuery(path.join(source.home, "warehouse.duckdb"));
  const home = new Installation({
    FULLCOURT_WAREHOUSE: "bigquery",
    BIGQUERY_PROJECT: "local",
    BIGQUERY_ENDPOINT: url,
  });
  try {
    await home.serve();
    await page.goto(home.url);
    await expect(page.getByRole("heading", { name: "15 of 15 dates need work" })).toBeVisible();
    await expect(cell(page, "togs", "Nov 15")).toHaveText("88×4");
    await expect(cell(page, "pcf", "Nov 18")).toHaveAttribute("data-state", "corrupt");
    await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText(/reading \d+ MiB/)).toBeVisible();
    await dialog.getByRole("button", { name: "Run these 119 cells" }).click();
    await expect(dialog.getByText("Range check: all 119 cells are complete.")).toBeVisible({ timeout: 120_000 });
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("heading", { name: "Everything is there and right" })).toBeVisible();
    await expect(cell(page, "togs", "Nov 15")).toHaveText("22");
    // The command line asks the same warehouse.
    const verified = await home.fullcourt("verify", "--start-date", "2021-11-15", "--end-date", "2021-11-30", "--json");
    expect(JSON.parse(verified.out)).toEqual({ passed: true, problems: [] });
  } finally {
    await home.remove();
    child.kill("SIGTERM");
    await source.remove();
  }
});
