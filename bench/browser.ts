import { existsSync } from "node:fs";
import type { Browser, Page } from "@playwright/test";
import type { RunEvent } from "@/lib/api/runs";
import { quantile } from "@/lib/engine/planning/estimate";
import { addDays } from "@/lib/util/dates";
import { PROCESSORS } from "@/tests/support/tables";
import { type Figure, toFigure } from "./figures";
import { listen } from "./listen";
import type { Served } from "./served";
import { FIFTEEN, type Range } from "./world";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const STREAMS = 100;
const KEYS = 60;
const BACKFILLS = 8;
const GRID = '[data-testid="grid-scroll"]';

/** A browser, where one is installed; Playwright comes with the tools of development. */
async function launch(): Promise<Browser | null> {
  if (!existsSync(CHROMIUM)) return null;
  try {
    const { chromium } = await import("@playwright/test");
    const args = ["--no-sandbox", "--disable-dev-shm-usage", "--enable-precise-memory-info"];
    return await chromium.launch({ executablePath: CHROMIUM, args });
  } catch {
    return null;
  }
}

/** The page and its events in Chromium; nothing where there is none. */
export async function benchBrowser(served: Served, all: Range, say: (message: string) => void): Promise<Figure[]> {
  const browser = await launch();
  if (!browser) {
    say(`no Chromium at ${CHROMIUM}: its figures are left out (CHROMIUM names another)`);
    return [];
  }
  try {
    say("40,000 cells in Chromium");
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const figures = await benchGrid(page, served, all);
    say(`events, ${STREAMS} streams`);
    return [...figures, toFigure("events", await eventsMs(page, served))];
  } finally {
    await browser.close();
  }
}

async function benchGrid(page: Page, served: Served, all: Range): Promise<Figure[]> {
  const url = `${served.url}/?start=${all.start}&end=${all.end}`;
  // The first visit looks at every season and loads the page's code.
  await page.goto(url);
  await page.getByText(/safe/).first().waitFor({ timeout: 60_000 });
  await page.goto(url, { waitUntil: "commit" });
  await page.locator(`${GRID} [role="row"] [data-state]`).first().waitFor();
  const grid = await page.evaluate(() => performance.now());
  await page.waitForTimeout(2_000);
  await page.evaluate(() => {
    const delays: Record<string, number[]> = { keydown: [], pointerover: [] };
    Object.assign(window, { delays });
    for (const type of ["keydown", "pointerover"])
      window.addEventListener(
        type,
        () => {
          const start = performance.now();
          // The frame after the next one's beginning: what the event has changed is painted.
          requestAnimationFrame(() => setTimeout(() => delays[type]?.push(performance.now() - start)));
        },
        true,
      );
  });
  await page.locator(GRID).focus();
  for (let i = 0; i < KEYS; i++) await page.keyboard.press(i % 3 === 0 ? "ArrowLeft" : "ArrowUp");
  const box = await page.locator(GRID).boundingBox();
  for (let i = 0; i < KEYS && box; i++) await page.mouse.move(box.x + 200 + (i % 8) * 60, box.y + 120 + (i % 11) * 34);
  const delays = (await page.evaluate("window.delays")) as Record<string, number[]>;
  const dropped = await page.locator(GRID).evaluate(async (element) => {
    const frames = 180;
    const step = element.scrollHeight / frames;
    element.scrollTop = 0;
    let last = performance.now();
    let lost = 0;
    let shown = 0;
    for (let i = 0; i < frames; i++) {
      element.scrollTop += step;
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      if (i > 0) {
        lost += Math.max(0, Math.round((now - last) / (1000 / 60)) - 1);
        shown++;
      }
      last = now;
    }
    return (100 * lost) / (lost + shown);
  });
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  return [
    toFigure("page_all_grid", grid),
    toFigure("page_all_hover", quantile(delays.pointerover ?? [], 0.95)),
    toFigure("page_all_key", quantile(delays.keydown ?? [], 0.95)),
    toFigure("page_all_dropped", dropped),
    toFigure("page_all_heap", heap / 2 ** 20),
  ];
}

/** From the end of a task in the runner to its last cell in the browser: 95th percentile of some backfills' tasks. */
async function eventsMs(page: Page, served: Served): Promise<number> {
  const ended = new Map<string, number[]>();
  let left = BACKFILLS;
  let allEnded = () => {};
  const end = new Promise<void>((resolve) => {
    allEnded = resolve;
  });
  const hear = (event: RunEvent) => {
    if (event.type === "run" && event.run.endedAt && --left === 0) allEnded();
    if (event.type !== "task" || event.task.status !== "succeeded" || !event.task.endedAt) return;
    const { table, dates, endedAt } = event.task;
    for (const date of dates) {
      const key = `${table} ${date}`;
      ended.set(key, [...(ended.get(key) ?? []), Date.parse(endedAt)]);
    }
  };
  const streams = await Promise.all(
    Array.from({ length: STREAMS }, (_, i) => listen(served.url, i === 0 ? hear : () => undefined)),
  );
  const delays: number[] = [];
  try {
    await page.goto(`${served.url}/?start=${FIFTEEN.start}&end=${FIFTEEN.end}`);
    await page.waitForTimeout(2_000);
    await page.locator(GRID).evaluate((element) => {
      const seen: Array<[row: number, column: number, at: number]> = [];
      Object.assign(window, { seen });
      new MutationObserver((changes) => {
        for (const { target, oldValue } of changes) {
          const cell = target as HTMLElement;
          if (oldValue !== "running" || cell.dataset.state === "running") continue;
          const row = Number((cell.closest("[data-row]") as HTMLElement).dataset.row);
          seen.push([row, Number(cell.dataset.col), Date.now()]);
        }
      }).observe(element, { subtree: true, attributeFilter: ["data-state"], attributeOldValue: true });
    });
    // One behind the other, so that something runs all the time: a page listens while something does.
    await Promise.all(Array.from({ length: BACKFILLS }, () => served.launch(FIFTEEN)));
    await end;
    await page.waitForTimeout(2_000);
    const seen = (await page.evaluate("window.seen")) as Array<[number, number, number]>;
    for (const [row, column, at] of seen) {
      const times = ended.get(`${PROCESSORS[column]?.id} ${addDays(FIFTEEN.start, row)}`) ?? [];
      const from = Math.max(...times.filter((time) => time <= at));
      if (Number.isFinite(from)) delays.push(at - from);
    }
  } finally {
    for (const close of streams) close();
  }
  if (delays.length === 0) throw new Error("no cell changed in the browser");
  return quantile(delays, 0.95);
}
