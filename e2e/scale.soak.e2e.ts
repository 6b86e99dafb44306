import { expect, type Page, test } from "@playwright/test";
import { expectNoFaults, settled, visit } from "./page-parts";
import { servedDemo } from "./server";

/** Seventeen seasons: 5,894 days, 3,976 of them with games, 39,760 cells. */
const EVERYTHING = "/?start=2005-10-13&end=2021-11-30";
const big = servedDemo((home) => home.fullcourt("demo", "--seasons", "17"));

interface Vitals {
  lcp: number;
  shift: number;
  /** What moved, and how much. */
  moved: string[];
  delays: Record<string, number[]>;
}

/** Has the browser take down its largest paint, its layout shifts and how long each event took to show. */
async function measured(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const vitals: Vitals = { lcp: 0, shift: 0, moved: [], delays: {} };
    Object.assign(window, { vitals });
    const on = (type: string, each: (entry: PerformanceEntry) => void, options = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...options });
    on("largest-contentful-paint", (entry) => {
      vitals.lcp = entry.startTime;
    });
    on("layout-shift", (entry) => {
      const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: Array<{ node: Element | null }>;
      };
      if (hadRecentInput) return;
      vitals.shift += value;
      vitals.moved.push(
        `${value.toFixed(4)}: ${sources.map(({ node }) => node?.className ?? node?.nodeName).join(" | ")}`,
      );
    });
    on(
      "event",
      (entry) => {
        vitals.delays[entry.name] = [...(vitals.delays[entry.name] ?? []), entry.duration];
      },
      { durationThreshold: 16 },
    );
  });
}

const vitalsOf = (page: Page) => page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
const p95 = (values: number[] = []) => [...values].sort((a, b) => a - b)[Math.floor(0.95 * (values.length - 1))] ?? 0;

test("fifteen seasons and more in one view: drawn at once, nothing moves, keys and hovers answer, no request", async ({
  page,
}) => {
  await measured(page);
  // Twice: the first look finds the seasons being read.
  await visit(page, big.url + EVERYTHING);
  await expect(page.getByRole("heading", { name: "69 of 3976 dates need work" })).toBeVisible();
  await visit(page, big.url + EVERYTHING);
  const grid = page.getByRole("grid");
  await expect(grid).toHaveAttribute("aria-rowcount", /^4\d{3}$/);
  // Only what is in view is drawn.
  expect(await page.locator('[role="gridcell"]').count()).toBeLessThan(600);
  await settled(page);
  const asked: string[] = [];
  page.on("request", (request) => {
    // The stream of events opens with the first move; Next fetches the pages of the rail while nothing else is to do.
    if (!/\/api\/(activity|events)$|[?&]_rsc=/.test(request.url())) asked.push(request.url());
  });
  const box = await grid.boundingBox();
  for (let i = 0; i < 40; i++) {
    await page.mouse.move((box?.x ?? 0) + 200 + ((i * 37) % 600), (box?.y ?? 0) + 80 + ((i * 53) % 400));
    await page.waitForTimeout(20);
  }
  expect(asked).toEqual([]);
  await grid.focus();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("ArrowUp");
    await page.waitForTimeout(20);
  }
  const frames = await grid.evaluate(async (element) => {
    const taken: number[] = [];
    let last = performance.now();
    for (let step = 0; step <= 120; step++) {
      element.scrollTop = element.scrollHeight * (1 - step / 120);
      await new Promise(requestAnimationFrame);
      taken.push(performance.now() - last);
      last = performance.now();
    }
    return taken;
  });
  const { lcp, shift, delays, moved } = await vitalsOf(page);
  const figures = {
    lcp_ms: Math.round(lcp),
    layout_shift: shift,
    key_p95_ms: p95(delays.keydown),
    hover_p95_ms: p95(delays.pointerover),
    frame_p95_ms: Math.round(p95(frames)),
  };
  console.log(JSON.stringify(figures));
  test.info().annotations.push({ type: "vitals", description: JSON.stringify(figures) });
  // Nothing moves; times are told, and only asserted far above what a noisy machine makes of them.
  expect(shift, moved.join("\n")).toBeLessThan(0.05);
  expect(lcp).toBeLessThan(10_000);
  await expectNoFaults(page, "everything");
});

test("gaps of years ago are seen in the map and jumped to", async ({ page }) => {
  await visit(page, big.url + EVERYTHING);
  const grid = page.getByRole("grid");
  await expect(page.getByRole("heading", { name: "69 of 3976 dates need work" })).toBeVisible();
  // The history has the colour of missing rows far from the newest season: a bar of it is some four weeks.
  const bars = () =>
    page
      .getByRole("slider", { name: "Whole history" })
      .locator('path[fill="var(--color-absent)"]')
      .getAttribute("d")
      .then((path) => [...(path ?? "").matchAll(/M(\d+) /g)].map(([, bar]) => Number(bar)));
  await expect.poll(async () => Math.min(...(await bars()))).toBeLessThan(160);
  await page.getByRole("button", { name: /^Range:/ }).click();
  await page.getByRole("dialog", { name: "Go to" }).getByRole("button", { name: "2005-06" }).click();
  // The season lies in the range: the grid goes to its end.
  await expect(grid.getByRole("rowheader", { name: /Jun 2\d/ }).first()).toBeVisible();
  await grid.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/cell=tdza\.2006-02-0\d/);
  await expect(grid.locator('[data-active="true"][data-state="missing"]')).toBeVisible();
  await page.getByRole("button", { name: "month", exact: true }).click();
  // The chosen date stays in view.
  await expect(grid.getByRole("rowheader", { name: "Feb 2006" })).toBeVisible();
  expect(Number(await grid.getAttribute("aria-rowcount"))).toBeLessThan(220);
});
