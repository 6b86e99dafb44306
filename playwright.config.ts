import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.e2e.ts",
  // Each test file has a server and a home of its own; two cores hold one at a time.
  workers: 1,
  projects: [
    { name: "duckdb", testIgnore: /(bigquery|shared)\.e2e\.ts/ },
    // The same main job, and crashes in the middle of it, with BigQuery's REST calls for a warehouse.
    { name: "bigquery", testMatch: /(main-job|crash|bigquery|shared)\.e2e\.ts/ },
  ],
  // Twice what the longest take where other work shares the cores.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI
    ? [["line"], ["json", { outputFile: "test-results/e2e.json" }]]
    : [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
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
