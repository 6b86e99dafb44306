import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page, type Response } from "@playwright/test";

/** Pages of the demo with data, each in what it may show besides, and one that is not there. */
export const PAGES = [
  "/",
  "/?cell=pcf.2021-11-18",
  "/?start=2021-10-19&end=2021-11-30&zoom=week",
  "/backfills",
  "/backfills?by=date",
  "/backfills/demo-build",
  "/timings",
  "/lineage?column=mlfs.features[13]",
  "/tables",
  "/tables/mlfs",
  "/tables/togs/2021-11-15",
  "/import",
  "/settings",
  "/help",
  "/nowhere",
];

/** A cell of the grid by its table and day, "togs" and "Nov 15". */
export const cell = (page: Page, table: string, day: string): Locator =>
  page.getByRole("grid").getByRole("gridcell", { name: new RegExp(`^${table} \\w+ ${day}:`) });

/** Finds no fault that axe knows, on the whole page or a part of it, by all of its rules or some. */
export async function expectNoFaults(page: Page, name: string, part = "html", rules?: string[]): Promise<void> {
  const builder = new AxeBuilder({ page }).include(part);
  const { violations } = await (rules ? builder.withRules(rules) : builder).analyze();
  const found = violations.map((one) => {
    const where = one.nodes
      .map((node) => node.html)
      .slice(0, 3)
      .join(" | ");
    return `${name}: ${one.id}: ${where}`;
  });
  expect(found).toEqual([]);
}

/** Presses Tab until the focus is there, as one without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 300; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the Tab key does not lead there");
}

/** Waits until nothing has come for half a second. "networkidle" would wait for the end of the event stream. */
export const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const last = Math.max(
      ...performance.getEntriesByType("resource").map((one) => (one as PerformanceResourceTiming).responseEnd),
    );
    return performance.now() - last > 500;
  });

/**
 * Waits until React answers what is on the page: a click on a page that is there and not yet alive is lost, as it is
 * for a person who is quicker than the browser.
 */
export const alive = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const controls = [...document.querySelectorAll("button, input, select")];
    return (
      document.readyState === "complete" &&
      controls.every((element) => Object.keys(element).some((key) => key.startsWith("__reactProps")))
    );
  });

/** Opens a page and waits until it is alive. */
export async function visit(page: Page, url: string): Promise<Response | null> {
  const answer = await page.goto(url);
  await alive(page);
  return answer;
}
