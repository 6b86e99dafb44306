import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";

test("no page's script holds the pipeline's SQL, nor the folder in which it was built", () => {
  const build = path.resolve("dist/dashboard/.next");
  const scripts = execFileSync("find", [path.join(build, "static"), "-name", "*.js"], { encoding: "utf8" }).trim();
  for (const file of scripts.split("\n")) expect(readFileSync(file, "utf8"), file).not.toMatch(/nba_raw|GROUP BY/);
  expect(readFileSync(path.join(build, "required-server-files.json"), "utf8")).not.toContain(process.cwd());
});
