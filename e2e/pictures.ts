import { test } from "@playwright/test";
import { Installation } from "./server";

/** Pictures of the demo season for the README, light and dark. */
test("pictures", async ({ browser }) => {
  const demo = new Installation();
  try {
    await demo.fullcourt("demo");
    await demo.serve();
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await (await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } })).newPage();
      await page.goto(`${demo.url}/?cell=pdc.2021-11-18`);
      await page.getByText("Last runs").waitFor();
      await page.waitForLoadState("networkidle").catch(() => undefined);
      await page.screenshot({ path: `docs/coverage-${colorScheme}.png` });
      await page.context().close();
    }
  } finally {
    await demo.remove();
  }
});
