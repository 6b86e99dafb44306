import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "../tests/support/free-port";
import { visit } from "./page-parts";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-package-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As whoever installs it has it: no setting of a checkout. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(FULLCOURT|npm_|NODE_)/.test(name)),
) as NodeJS.ProcessEnv;
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

test("the package, installed in an empty folder, makes the demo and serves it without a build", async ({ page }) => {
  test.setTimeout(600_000);
  const packed = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { encoding: "utf8" }),
  ) as Array<{ filename: string; files: Array<{ path: string }> }>;
  const [{ filename, files }] = packed as [(typeof packed)[0]];
  expect(files.filter(({ path: name }) => /\.tsx?$|(^|\/)node_modules\//.test(name))).toEqual([]);
  writeFileSync(path.join(folder, "package.json"), "{}");
  run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", filename);
  run("npx", "fullcourt", "demo");
  const grid = JSON.parse(run("npx", "fullcourt", "coverage", "--date", "2021-11-16", "--json"));
  expect(Object.keys(grid.dates[0].cells)).toHaveLength(10);
  const port = await freePort();
  const server = spawn(path.join("node_modules", ".bin", "fullcourt"), ["serve"], {
    cwd: folder,
    env: { ...env, PORT: String(port) },
    stdio: "ignore",
  });
  try {
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/api/health`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 120_000 },
      )
      .toBe(true);
    await visit(page, `http://127.0.0.1:${port}/`);
    await expect(page.getByRole("grid")).toBeVisible();
  } finally {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
});
