#!/usr/bin/env node
// The command line: the bundle. In a checkout it is made again where its sources have changed.
import { existsSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
process.env.FULLCOURT_PROGRAM = root;
if (existsSync(path.join(root, "scripts/bundle.js"))) {
  const { ensureBundle } = await import("../../scripts/bundle.js");
  await ensureBundle();
}
await import("../../dist/cli.js");
