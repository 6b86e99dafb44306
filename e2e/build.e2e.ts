import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { nba } from "@/lib/fullcourt";

const build = path.resolve("dist/dashboard/.next");
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.join(one.parentPath, one.name));
const plain = (text: string) => text.replace(/\s+/g, " ");

test("nothing that the browser is given holds a model's SQL or a job, nor the folder in which it was built", () => {
  const statements = nba.tables.flatMap(({ build: made }) => (made.kind === "sql" ? [made.sql] : []));
  // Parts of each that no other text has; a bundler writes line ends as it likes.
  const parts = statements
    .flatMap((sql) => sql.split("\n").map((line) => plain(line).trim()))
    .filter((line) => line.length > 30);
  expect(parts.length).toBeGreaterThan(50);
  const words = [/nba_raw/, /GROUP BY/, /idempotency-key/i, /headersFromEnv/, /child_process/];
  const files = filesOf(path.join(build, "static"));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    for (const word of words) expect(text, file).not.toMatch(word);
    const own = plain(text);
    expect(
      parts.filter((part) => own.includes(part)),
      file,
    ).toEqual([]);
  }
  // The server's part holds them: what is looked for is what a leak would look like.
  const server = filesOf(path.resolve("dist")).filter((file) => /\.(m?js|jsonl)$/.test(file) && !files.includes(file));
  const all = plain(server.map((file) => readFileSync(file, "utf8")).join("\n"));
  for (const word of words) expect(all).toMatch(word);
  expect(readFileSync(path.join(build, "required-server-files.json"), "utf8")).not.toContain(process.cwd());
});
