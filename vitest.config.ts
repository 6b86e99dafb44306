import path from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;
/** What is long by nature, and properties with a large budget; what needs packages of Python's; all else. */
const { SOAK, INTEGRATIONS } = process.env;
const include = INTEGRATIONS
  ? ["tests/integrations/**/*.test.ts"]
  : SOAK
    ? ["**/*.{property,soak}.test.ts"]
    : ["{app,bench,components,lib,server,tests}/**/*.test.ts"];

export default defineConfig({
  resolve: { alias: { "@": root, fullcourt: path.join(root, "lib/fullcourt.ts") } },
  test: {
    include,
    exclude: [
      "**/node_modules/**",
      "**/.next/**",
      "**/dist/**",
      ...(SOAK || INTEGRATIONS ? [] : ["**/*.soak.test.ts", "tests/integrations/**"]),
    ],
    globalSetup: "tests/support/global-setup.ts",
    // They end what hangs, never what is slow beside other work.
    testTimeout: SOAK ? 1_800_000 : 900_000,
    hookTimeout: 900_000,
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
  },
});
