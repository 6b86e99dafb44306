import path from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig({
  resolve: { alias: { "@": root, fullcourt: path.join(root, "lib/fullcourt.ts") } },
  test: {
    include: ["bench/**/*.test.ts", "lib/**/*.test.ts", "server/**/*.test.ts", "tests/**/*.test.ts"],
    // The tables of the NBA, unless a file chooses others.
    setupFiles: ["tests/support/config.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
  },
});
