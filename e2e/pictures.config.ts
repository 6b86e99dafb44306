import base from "../playwright.config";

/** Makes the README's pictures: `npm run pictures`. */
export default {
  ...base,
  testDir: ".",
  testMatch: "pictures.ts",
  globalSetup: "../tests/support/global-setup.ts",
  projects: [{ name: "duckdb" }],
  reporter: "line",
};
