import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { expectNoFaults, PAGES, settled, visit } from "./page-parts";
import { Installation, servedDemo } from "./server";

const demo = servedDemo();

/** Presses a button and gives the file that comes down. */
async function downloaded(page: Page, name: string | RegExp, role: "button" | "link" = "button"): Promise<Buffer> {
  const coming = page.waitForEvent("download");
  await page.getByRole(role, { name, exact: typeof name === "string" }).click();
  return readFileSync(await (await coming).path());
}

test("timings: the run that grew is seen at once, and its chart goes along as data", async ({ page }) => {
  await visit(page, `${demo.url}/timings`);
  const story = page.getByRole("list", { name: "What grows" });
  await expect(story).toContainText(
    "upgc in run demo-growing (sample): +39 s a date since Nov 16: something grows with the range, from 5.0 s to 5 min 18 s; 99 % of the last date is the check of its inputs",
  );
  const title = "upgc: seconds a date (sample of the demo)";
  await expect(page.getByRole("figure", { name: title })).toBeVisible();
  const lines = (await downloaded(page, `Save ${title} as CSV`)).toString().trim().split("\n");
  expect(lines[0]).toBe("date,seconds,check,compute,write,rows,dates_together,run,sample,bytes,slot_seconds");
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toMatch(/^2021-11-24,318,314,/);

  await expect(page.getByRole("region", { name: "Duration by date" }).getByText("upgc Nov 24")).toBeVisible();
  await page.getByLabel("First run").selectOption("demo-20211115");
  await page.getByLabel("Second run").selectOption("demo-20211117");
  await expect(page.getByRole("row", { name: /^pgs .*%$/ })).toBeVisible();
  await expect(page).toHaveURL(/a=demo-20211115&b=demo-20211117/);
});

test("a page that nobody has touched keeps no request open; a key, or time, opens the stream of events", async ({
  page,
  context,
}) => {
  const opensStream = (on: Page) => on.waitForRequest(/\/api\/events$/);
  let streams = 0;
  context.on("request", (sent) => {
    if (sent.url().endsWith("/api/events")) streams++;
  });
  await page.clock.install();
  await visit(page, demo.url);
  await settled(page);
  expect(streams).toBe(0);
  await Promise.all([opensStream(page), page.keyboard.press("Shift")]);
  await page.close();
  const other = await context.newPage();
  await other.clock.install();
  await visit(other, demo.url);
  await Promise.all([opensStream(other), other.clock.fastForward(10_000)]);
  expect(streams).toBe(2);
});

test("a run shows its tasks in time and the longest way through them", async ({ page }) => {
  await visit(page, `${demo.url}/backfills/demo-build`);
  await expect(page.getByText(/^Longest path .* of .*: .*mlfs/)).toBeVisible();
  const lines = (await downloaded(page, "Save Tasks as CSV")).toString().trim().split("\n");
  expect(lines).toHaveLength(11);
  // The list, a row a run and a row a date: ages are those of the demo's day.
  await visit(page, `${demo.url}/backfills`);
  await expect(
    page.getByRole("row", { name: /^demo-20211115 succeeded all Nov 15, 2021 1[45] days ago/ }),
  ).toBeVisible();
  await page.getByRole("button", { name: "By date" }).click();
  await expect(page).toHaveURL(/by=date/);
  const row = page.getByRole("row", { name: /^Wed Nov 24, 2021 demo-build succeeded/ });
  await expect(row.getByRole("link", { name: "demo-growing" })).toBeVisible();
});

test("lineage: tables with their states and windows, and a column back to the raw tables", async ({ page }) => {
  await visit(page, `${demo.url}/lineage?date=2021-11-16`);
  const flow = page.getByRole("group", { name: /^pgs: missing, 0 of 72 rows/ });
  await expect(flow).toBeVisible();
  await flow.click();
  await expect(page).toHaveURL(/table=pgs/);
  await expect(page.getByText("Reads nbac_gamebook_player_stats (the date).")).toBeVisible();
  await expect(page.getByText("the last 30 days").first()).toBeVisible();

  await page.getByRole("combobox", { name: "Table" }).selectOption("mlfs");
  await page.getByRole("combobox", { name: "Column" }).selectOption("features");
  await page.getByRole("combobox", { name: "Element" }).selectOption("13");
  await expect(page).toHaveURL(/column=mlfs.features%5B13%5D|column=mlfs.features\[13\]/);
  await expect(
    page.getByText(
      /^mlfs.features\[13\] \(opponent_def_rating\) comes from 5 raw columns: .*nbac_team_boxscore.points/,
    ),
  ).toBeVisible();
  await expect(page.getByRole("cell", { name: "COALESCE(v13, 112.0)" })).toBeVisible();
  await page.getByRole("button", { name: "tdza.defensive_rating_last_15" }).click();
  await expect(page.getByText(/^tdza.defensive_rating_last_15 .* comes from 5 raw columns/)).toBeVisible();
});

test("a table: its meaning, model in both dialects, inputs and counts; a date: rows to sort, filter and take along", async ({
  page,
}) => {
  await visit(page, `${demo.url}/tables`);
  await page.getByRole("button", { name: "Needs work 9" }).click();
  await page.getByRole("searchbox", { name: "Search tables" }).fill("offense");
  await expect(page.getByText("1 of 10 tables")).toBeVisible();
  await page.getByRole("link", { name: "togs", exact: true }).click();
  await expect(page.getByRole("heading", { name: "togs" })).toBeVisible();
  await expect(page.getByText("nba_analytics.team_offense_game_summary")).toBeVisible();
  await expect(page.getByText("every date with games, after its games")).toBeVisible();
  await expect(page.getByText("15 of 42 dates hold more or fewer rows than expected.")).toBeVisible();
  // The history: a range by keys, and typed.
  const history = page.getByRole("slider", { name: "Range in the whole history" });
  await page.getByRole("button", { name: "Last 30 days" }).click();
  await expect(page).toHaveURL(/start=2021-11-01&end=2021-11-30/);
  await history.press("Shift+ArrowLeft");
  await expect(page).toHaveURL(/start=2021-11-01&end=2021-11-29/);
  await page.getByLabel("First date").fill("2021-11-15");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByText("14 of 14 dates hold more or fewer rows than expected.")).toBeVisible();
  await expect(page.getByRole("row", { name: "pace FLOAT64 possessions a team in 48 minutes" })).toBeVisible();
  const sql = page.getByLabel("SQL of the model");
  await expect(sql).toContainText("@start_date");
  await page.getByRole("button", { name: "As DuckDB runs it" }).click();
  await expect(sql).toContainText("$start_date");
  await expect(page).toHaveURL(/sql=engine/);

  await visit(page, `${demo.url}/tables/pgs/2021-11-15`);
  await expect(page.getByText("241 rows", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "points", exact: true }).click();
  await page.getByRole("button", { name: "points ↑" }).click();
  await expect(page).toHaveURL(/sort=-points/);
  const points = page.getByRole("columnheader", { name: "points ↓" });
  await expect(points).toHaveAttribute("aria-sort", "descending");
  const column = await points.evaluate((head) => (head as HTMLTableCellElement).cellIndex);
  const shown = await page.locator(`tbody tr td:nth-child(${column + 1})`).allTextContents();
  expect(shown).toHaveLength(50);
  expect(shown.map(Number)).toEqual([...shown.map(Number)].sort((a, b) => b - a));
  await page.getByLabel("Filter rows").fill("POR");
  await expect(page.getByText(/^\d+ of 241 rows$/)).toBeVisible();

  const csv = (await downloaded(page, "CSV", "link")).toString().trim().split("\n");
  expect(csv).toHaveLength(242);
  const parquet = await downloaded(page, "Parquet", "link");
  expect(parquet.subarray(0, 4).toString()).toBe("PAR1");
});

test("an upload is seen before it is loaded; a bad file says where", async ({ page }) => {
  await visit(page, `${demo.url}/import`);
  const header =
    "game_id,game_date,season_year,game_status,home_team_abbr,away_team_abbr,home_team_score,away_team_score,is_regular_season,is_playoffs,is_all_star";
  const bad = path.join(demo.home, "bad.csv");
  writeFileSync(bad, `${header}\n0022199999,2021-12-01,2021,final,BOS,NYK,,,true,false,false\n`);
  await page.getByLabel("Files to import").setInputFiles(bad);
  await expect(page.getByRole("alert").filter({ hasText: "bad.csv" })).toContainText(
    'bad.csv:2: column game_status: a whole number is expected, "final" is there.',
  );
  const good = path.join(demo.home, "good.csv");
  writeFileSync(good, `${header}\n0022199999,2021-12-01,2021,1,BOS,NYK,,,true,false,false\n`);
  await page.getByLabel("Files to import").setInputFiles(good);
  await expect(page.getByRole("heading", { name: "nbac_schedule: 1 row" })).toBeVisible();
  await expect(page.getByRole("region", { name: "First rows of nbac_schedule" })).toContainText("0022199999");
  await expectNoFaults(page, "import preview");
  await page.getByRole("button", { name: "Load 1 row" }).click();
  await expect(page.getByText("nbac_schedule: 1 row new or changed")).toBeVisible();
});

test("an empty installation leads to the demo season", async ({ page }) => {
  const empty = new Installation();
  try {
    await empty.serve();
    await visit(page, empty.url);
    await expect(page.getByRole("heading", { name: "There is no data yet" })).toBeVisible();
    await expectNoFaults(page, "no data");
    await page.getByRole("button", { name: "Make the demo" }).click();
    await expect(page.getByText("Drawing the league")).toBeVisible();
    await expect(page.getByRole("heading", { name: "15 of 15 dates need work" })).toBeVisible();
  } finally {
    await empty.remove();
  }
});

/** How pages look in the dark and on a phone: looks.soak. */
test("no page has an accessibility fault", async ({ page }) => {
  for (const path of PAGES) {
    await visit(page, demo.url + path);
    await settled(page);
    await expectNoFaults(page, path);
  }
  await visit(page, demo.url);
  await page.getByRole("button", { name: /^Backfill missing dates/ }).click();
  await expect(page.getByRole("dialog").getByRole("heading", { name: /^Backfill \d+ cells/ })).toBeVisible();
  await expectNoFaults(page, "plan dialog", '[role="dialog"]');
});
