import { expect, type Page, test } from "@playwright/test";
import { expectNoFaults, PAGES, settled, visit } from "./page-parts";
import { servedDemo } from "./server";

/**
 * How pages look, at the width of a desk and of a phone, light and dark. No picture is compared with a stored one: fonts
 * and text rendering differ between machines and versions of Chromium by more than a fault does. What a person would
 * see is asked of the page instead: nothing wider than the window, no text over other text or cut off, no error in the
 * console, no fault that axe knows. The pictures are kept with the report.
 */
const VIEWS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

const demo = servedDemo();

/** Words that lie over other words, and those that their button or heading cuts off. */
const findFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    // Charts, graphs, and what is scrolled or drawn over by design, place their own words.
    const own =
      "svg, figure, [aria-hidden], [role=region], [role=grid], .react-flow, [class*=sr-only], nav, header, .panel";
    const isSeen = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const words: Array<{ text: string; box: DOMRect; element: Element }> = [];
    const walker = document.createTreeWalker(document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (!element || text === "" || element.closest(own) || element.closest("option") || !isSeen(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1) words.push({ text, box, element });
    }
    for (const [at, one] of words.entries())
      for (const other of words.slice(at + 1)) {
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // Lines of one text touch.
        if (across > 2 && down > 4 && one.element !== other.element)
          faults.push(`"${one.text}" lies over "${other.text}"`);
      }
    for (const element of document.querySelectorAll("main button, main h1, main h2, main a"))
      if (
        isSeen(element) &&
        !element.closest(own) &&
        element.scrollWidth > element.clientWidth + 1 &&
        element.clientWidth > 0
      )
        faults.push(`"${element.textContent?.trim()}" is cut off`);
    return faults;
  });

test("pages fit a desk and a phone, light and dark: nothing overlaps, is cut off, or fails", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
  });
  const faults: string[] = [];
  for (const view of VIEWS) {
    await page.setViewportSize(view);
    for (const path of PAGES) {
      // The console names a page that is not there.
      if (path === "/nowhere") continue;
      await page.emulateMedia({ colorScheme: "light" });
      await visit(page, demo.url + path);
      await settled(page);
      const name = `${path} at ${view.width}`;
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) faults.push(`${name}: ${over} px wider than the window`);
      faults.push(...(await findFaults(page)).map((fault) => `${name}: ${fault}`));
      await expectNoFaults(page, name);
      await test.info().attach(`${name}, light`, { body: await page.screenshot(), contentType: "image/png" });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForFunction(() => !document.getAnimations().some((one) => one instanceof CSSTransition));
      // Themes are colors alone.
      await expectNoFaults(page, `${name}, dark`, "html", ["color-contrast"]);
      await test.info().attach(`${name}, dark`, { body: await page.screenshot(), contentType: "image/png" });
    }
  }
  expect(faults).toEqual([]);
  expect(errors).toEqual([]);
});
