import { writeFileSync } from "node:fs";
import { type Browser, test } from "@playwright/test";
import { STATES } from "@/lib/engine/coverage/types";
import { settled, visit } from "./page-parts";
import { Installation } from "./server";

const VIEW = { width: 1440, height: 900 };

/** The grid with the details of a cell. WebP has a third of a PNG's bytes, at a quality where text stays sharp. */
async function grid(browser: Browser, url: string, colorScheme: "light" | "dark"): Promise<void> {
  const page = await (await browser.newContext({ colorScheme, viewport: VIEW })).newPage();
  await visit(page, url);
  await page.getByRole("button", { name: "Hide the guide" }).click();
  await visit(page, `${url}/?cell=pdc.2021-11-18`);
  await page.getByText("Root cause").first().waitFor();
  await settled(page);
  const browserOf = await page.context().newCDPSession(page);
  const { data } = await browserOf.send("Page.captureScreenshot", { format: "webp", quality: 88 });
  writeFileSync(`docs/coverage-${colorScheme}.webp`, Buffer.from(data, "base64"));
  await page.context().close();
}

/** Pictures of the demo season: the grid for the README, light and dark, and each state. */
test("pictures", async ({ browser }) => {
  test.setTimeout(180_000);
  const demo = new Installation();
  try {
    await demo.demo();
    await demo.serve();
    for (const colorScheme of ["light", "dark"] as const) await grid(browser, demo.url, colorScheme);
    const page = await (await browser.newContext({ colorScheme: "light", viewport: VIEW })).newPage();
    await visit(page, `${demo.url}/help`);
    for (const state of STATES)
      await page.getByTestId(`cell-${state}`).screenshot({ path: `docs/states/${state}.png` });
  } finally {
    await demo.remove();
  }
});
