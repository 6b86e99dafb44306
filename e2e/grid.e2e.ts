import { expect, test } from "@playwright/test";
import { alive, cell, expectNoFaults, settled, tabTo, visit } from "./page-parts";
import { servedDemo } from "./server";

const demo = servedDemo();

test("why a cell is as it is: the chain back to the raw source, step by step", async ({ page }) => {
  await visit(page, `${demo.url}/?cell=mlfs.2021-11-18`);
  const details = page.getByRole("complementary", { name: "Chosen cell" });
  await expect(details.getByRole("heading", { name: "mlfs · Thu Nov 18, 2021" })).toBeVisible();
  await expect(details.getByRole("button", { name: "pgs on Nov 16", exact: true })).toBeVisible();
  await expect(details.getByText(/Raw: nbac_gamebook_player_stats has \d+ rows/).first()).toBeVisible();
  await details.getByRole("button", { name: "pgs of Nov 16" }).first().click();
  await expect(details.getByRole("heading", { name: "pgs · Tue Nov 16, 2021" })).toBeVisible();
  await expect(page).toHaveURL(/cell=pgs.2021-11-16/);
});

test("a hover tells what the page knows already, without a request", async ({ page }) => {
  await visit(page, demo.url);
  await expect(cell(page, "togs", "Nov 15")).toBeVisible();
  // The map of the whole history has come, and nothing else is under way.
  await settled(page);
  const asked: string[] = [];
  page.on("request", (request) => {
    // The stream of events opens with the first move; Next fetches the pages of the rail while nothing else is to do.
    if (!/\/api\/(activity|events)$|[?&]_rsc=/.test(request.url())) asked.push(request.url());
  });
  await cell(page, "togs", "Nov 15").hover();
  const tip = page.getByRole("tooltip");
  await expect(tip).toContainText("duplicated · 88 rows, 22 different, of 22");
  await expect(tip).toContainText("Some rows exist more than once.");
  await cell(page, "pdc", "Nov 18").hover();
  await expect(tip).toContainText("corrupt");
  expect(asked).toEqual([]);
});

test("weeks and months show the worst state and how many dates need work", async ({ page }) => {
  await visit(page, `${demo.url}/?start=2021-10-19&end=2021-11-30`);
  await page.getByRole("button", { name: "week", exact: true }).click();
  await expect(page).toHaveURL(/zoom=week/);
  const grid = page.getByRole("grid");
  await expect(grid.getByRole("rowheader", { name: "Nov 15 to Nov 21" })).toBeVisible();
  await expect(
    grid.getByRole("gridcell", { name: "togs Nov 15 to Nov 21: 7 of 7 dates need work, worst duplicated" }),
  ).toHaveText("7/7");
  await expect(grid.getByRole("gridcell", { name: /^togs Nov 8 to Nov 14: complete/ })).toBeVisible();
  await page.getByRole("button", { name: "month", exact: true }).click();
  await expect(grid.getByRole("rowheader", { name: "Nov 2021" })).toBeVisible();
  await expect(
    grid.getByRole("gridcell", { name: /^pgs Nov 2021: 6 of 29 dates need work, worst missing/ }),
  ).toBeVisible();
  // A selected month is planned like any selection.
  await grid.getByRole("gridcell", { name: /^pgs Nov 2021/ }).click();
  await expect(page.getByText("29 cells selected, 6 need work")).toBeVisible();
});

test("a drag selects a rectangle; a link shows a colleague the same", async ({ page, context }) => {
  await visit(page, demo.url);
  await cell(page, "togs", "Nov 15").hover();
  await page.mouse.down();
  await cell(page, "tdgs", "Nov 17").hover();
  await page.mouse.up();
  await expect(page.getByText("6 cells selected, 6 need work")).toBeVisible();
  await page.getByRole("button", { name: /^missing/ }).click();
  await expect(page).toHaveURL(/cell=togs.2021-11-15~tdgs.2021-11-17/);
  await expect(page).toHaveURL(/state=missing/);
  const other = await context.newPage();
  await visit(other, page.url());
  await expect(other.getByText("6 cells selected, 6 need work")).toBeVisible();
  await expect(other.getByRole("button", { name: /^missing/ })).toHaveAttribute("aria-pressed", "true");
  await expect(cell(other, "tdgs", "Nov 17")).toHaveAttribute("aria-selected", "true");
});

test("a plan shows why each cell is in, and what excluding one costs; by mouse and by key", async ({ page }) => {
  await visit(page, `${demo.url}/?cell=pgs.2021-11-16`);
  await page.getByRole("button", { name: /^Backfill this cell/ }).click();
  const dialog = page.getByRole("dialog");
  const title = dialog.getByRole("heading", { name: /^Backfill \d+ cells/ });
  await expect(title).toBeVisible();
  const before = Number(/^Backfill (\d+)/.exec((await title.textContent()) ?? "")?.[1]);
  await expect(dialog.getByText("Afterwards this cell is complete.")).toBeVisible();
  const cell = (verb: string, name: string) => dialog.getByRole("button", { name: new RegExp(`^${verb} ${name},`) });
  await cell("Exclude", "pdc Nov 17").hover();
  await expect(dialog.getByText(/^pdc Nov 17, tainted, stale downstream: reads pgs of Nov 16/)).toBeVisible();
  await cell("Exclude", "pdc Nov 17").click();
  await expect(dialog.getByRole("heading", { name: `Backfill ${before - 1} of ${before} cells` })).toBeVisible();
  await expect(cell("Restore", "pdc Nov 17")).toHaveAttribute("aria-pressed", "true");
  // The same by keys: X takes the cell back in, and what the choice comes to stands in the first sentence.
  await page.keyboard.press("x");
  await expect(cell("Exclude", "pdc Nov 17")).toBeVisible();
  await cell("Exclude", "pgs Nov 16").focus();
  await page.keyboard.press("x");
  await expect(dialog.getByText(/^pgs on Nov 16 stays missing/)).toBeVisible();
  await page.keyboard.press("r");
  await expect(dialog.getByText("Afterwards this cell is complete.")).toBeVisible();
  await dialog.getByLabel("With the cells that depend on them").uncheck();
  await expect(dialog.getByRole("heading", { name: /^Backfill 1 cell of 1 table, Nov 16, 2021/ })).toBeVisible();
});

test("a known gap is accepted, leaves counts and plans, stays visible and comes back", async ({ page }) => {
  await visit(page, `${demo.url}/?cell=mlfs.2021-11-24`);
  const details = page.getByRole("complementary", { name: "Chosen cell" });
  await details.getByRole("button", { name: /^Accept gap/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("The night's features are lost");
  await dialog.getByLabel("Your name").fill("Ada");
  await dialog.getByLabel(/^Expires/).fill("2021-12-31");
  await expectNoFaults(page, "gap dialog", '[role="dialog"]');
  await dialog.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByText("1 gaps accepted: they leave counts and plans.")).toBeVisible();
  await expect(cell(page, "mlfs", "Nov 24")).toHaveText("0");
  await expect(page.getByText("accepted gaps 1")).toBeVisible();
  await expect(details.getByText("The gap is accepted: “The night's features are lost”")).toBeVisible();
  await expect(details.getByText("Ada, until Dec 31, 2021")).toBeVisible();
  const listed = await demo.fullcourt("gaps", "--json");
  expect(JSON.parse(listed.out)).toMatchObject([
    { table: "mlfs", by: "Ada", status: "in force", holding: ["2021-11-24"] },
  ]);
  const plan = JSON.parse((await demo.fullcourt("plan", "all", "--json")).out);
  expect(plan.cells).toBe(118);
  await details.getByRole("button", { name: "Withdraw" }).click();
  await expect(cell(page, "mlfs", "Nov 24")).toHaveText("0/450");
});

test("everything is at hand by keyboard: palette, keys, theme, from gap to gap, the map", async ({ page }) => {
  await visit(page, demo.url);
  await expect(cell(page, "togs", "Nov 15")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("next and previous gap");
  await expectNoFaults(page, "keys", '[role="dialog"]');
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme: dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await alive(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  await page.keyboard.press("Control+k");
  await expectNoFaults(page, "palette", '[role="dialog"]');
  await page.keyboard.type("next gap");
  await page.keyboard.press("Enter");
  await expect(cell(page, "togs", "Nov 15")).toHaveAttribute("aria-selected", "true");

  const map = page.getByRole("slider", { name: "Whole history" });
  await tabTo(page, map);
  await page.keyboard.press("Home");
  await expect(page).toHaveURL(/start=2021-10-11/);
  await expect(page.getByRole("heading", { name: "All data is complete" })).toBeVisible();

  const first = page.getByRole("slider", { name: "First date of the range" });
  await tabTo(page, first);
  await page.keyboard.press("End");
  await page.keyboard.press("PageUp");
  await expect(first).toHaveAttribute("aria-valuetext", "Oct 19, 2021");
  await expect(page).toHaveURL(/start=2021-10-19/);

  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Find a table" })).toBeFocused();
  await page.keyboard.type("togs");
  await expect(cell(page, "togs", "Oct 25")).toBeVisible();
  await expect(cell(page, "pgs", "Oct 25")).toHaveCount(0);
  await expect(page).toHaveURL(/find=togs/);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await expect(page).not.toHaveURL(/find=/);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("lineage");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/lineage/);
  await page.getByRole("heading", { name: "Lineage" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page.getByRole("grid")).toBeVisible();
});

test("jumps by season and month, each month with its worst", async ({ page }) => {
  await visit(page, demo.url);
  await page.getByRole("button", { name: /^Range:/ }).click();
  const months = page.getByRole("dialog", { name: "Go to" });
  await expect(months.getByRole("button", { name: /^Nov 2021: 15 dates need work, worst/ })).toHaveText("15");
  await expectNoFaults(page, "go to", '[role="dialog"]');
  await months.getByRole("button", { name: /^Oct 2021: complete/ }).click();
  await expect(page).toHaveURL(/start=2021-10-19&end=2021-10-31/);
  await expect(page.getByRole("heading", { name: "All data is complete" })).toBeVisible();
  await page.getByRole("button", { name: /^Range:/ }).click();
  await months.getByRole("button", { name: "2021", exact: true }).click();
  await expect(page).toHaveURL(/start=2021-10-19&end=2021-11-30/);
});

test("a drag over the history chooses a range, a press goes to a date", async ({ page }) => {
  await visit(page, demo.url);
  const history = page.getByRole("slider", { name: "Whole history" });
  await expect(history.locator('path[fill="var(--color-absent)"]')).toHaveCount(1);
  // 43 days, from Oct 19 on: the middle of a day's bar.
  const box = (await history.boundingBox()) as { x: number; y: number; width: number; height: number };
  const x = (day: number) => box.x + (box.width * (day + 0.5)) / 43;
  const y = box.y + box.height / 2;
  await page.mouse.move(x(1), y);
  await page.mouse.down();
  await page.mouse.move(x(5), y, { steps: 3 });
  await page.mouse.up();
  await expect(page).toHaveURL(/start=2021-10-20&end=2021-10-24/);
  await expect(page.getByRole("button", { name: "Range: Oct 20 – 24, 2021" })).toBeVisible();
  await page.mouse.click(x(28), y);
  await expect(page).toHaveURL(/start=2021-11-08&end=2021-11-23/);
  await expect(cell(page, "pgs", "Nov 16")).toBeVisible();
});

test("the selection is copied as a note and as CSV; a dialog moves nothing under it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit(page, `${demo.url}/?cell=pgs.2021-11-15~togs.2021-11-16`);
  await expect(page.getByText("4 cells selected, 3 need work")).toBeVisible();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy the selected cells" }).click();
  await page.getByRole("menuitem", { name: "Copy as Markdown" }).click();
  await expect.poll(copied).toContain("| Mon Nov 15, 2021 | 241 | 88×4 duplicated |");
  await page.getByRole("button", { name: "Copy the selected cells" }).click();
  await page.getByRole("menuitem", { name: "Copy as CSV" }).click();
  await expect.poll(copied).toContain("2021-11-16,pgs,missing,0,0,72,true,false");

  // The dialog hides the page from the roles.
  const heading = page.locator("main h1");
  const before = await heading.boundingBox();
  await page.getByRole("button", { name: "Backfill selection" }).click();
  await expect(page.getByRole("dialog").getByRole("heading", { name: /^Backfill/ })).toBeVisible();
  expect(await heading.boundingBox()).toEqual(before);
});
