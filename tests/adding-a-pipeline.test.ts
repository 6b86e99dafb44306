import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureBundle } from "../scripts/bundle.js";

const PAGE = readFileSync("docs/adding-a-pipeline.md", "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1] as string;
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-pipeline-"));
beforeAll(ensureBundle);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command in that folder, where nothing else is; of `coverage` and `rows` the answer as JSON. */
function fullcourt(words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { FULLCOURT_CONFIG: _, ...env } = process.env;
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [path.resolve("server/cli/bin.js"), ...words],
      { cwd: folder, env: { ...env, FULLCOURT_HOME: path.join(folder, "home"), FULLCOURT_TODAY: "2024-03-04" } },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    ),
  );
}

it("docs/adding-a-pipeline.md builds a pipeline from nothing in at most 80 lines", async () => {
  expect(
    PAGE.match(/```(csv|ts|sh)[\s\S]*?```/g)
      ?.join("\n")
      .split("\n").length,
  ).toBeLessThanOrEqual(90);
  expect(block("ts").split("\n").length).toBeLessThanOrEqual(80);
  writeFileSync(path.join(folder, "orders.csv"), block("csv"));
  writeFileSync(path.join(folder, "fullcourt.config.ts"), block("ts"));
  for (const line of block("sh")
    .trim()
    .split("\n")
    .filter((one) => !one.endsWith("serve"))) {
    const { code, out, err } = await fullcourt(line.split(" ").slice(1));
    expect(code, `${line}\n${out}${err}`).toBe(0);
  }
  const range = ["--start-date", "2024-03-01", "--end-date", "2024-03-03"];
  const { dates } = JSON.parse((await fullcourt(["coverage", ...range, "--json"])).out);
  expect(
    dates.map(({ cells }: { cells: Record<string, { state: string }> }) => [cells.sales?.state, cells.week?.state]),
  ).toEqual(Array.from({ length: 3 }, () => ["complete", "complete"]));
  const rows = JSON.parse((await fullcourt(["rows", "week", "--date", "2024-03-03", "--json"])).out);
  expect(rows).toMatchObject([{ sales_date: "2024-03-03", revenue_cents_7d: 5350 }]);
});
