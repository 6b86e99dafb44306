import { defineConfig } from "@playwright/test";

/** What is long by nature: `npm run test:soak`, by SOAK=1. */
const SOAK = /\.soak\.e2e\.ts$/;
/** What needs BigQuery's REST calls for a warehouse. */
const BIGQUERY = /(bigquery|shared)\.e2e\.ts$/;

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./tests/support/global-setup.ts",
  // Each test file has a server, a home and ports of its own. What is long by nature measures, and is alone.
  workers: process.env.SOAK ? 1 : 2,
  projects: process.env.SOAK
    ? [{ name: "duckdb", testMatch: SOAK }]
    : [
        // First, as it has the longest file. The same main job, and crashes in the middle of it.
        {
          name: "bigquery",
          testMatch: [BIGQUERY, /(main-job|crash)\.e2e\.ts$/],
          // They are the same on any warehouse.
          grepInvert: /by keyboard alone|wrong requests/,
        },
        { name: "duckdb", testMatch: "*.e2e.ts", testIgnore: [BIGQUERY, SOAK] },
      ],
  // They end what hangs, never what is slow beside other work.
  timeout: 900_000,
  expect: { timeout: 180_000 },
  // .ci/test.js names the file.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["line"], ["json"]] : [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
