import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Rows of docs/security.md that name a test: "`file` › title". */
function promises(): { file: string; title: string }[] {
  const text = readFileSync("docs/security.md", "utf8");
  return [...text.matchAll(/`([^`\s]+\.tsx?)` › ([^|]+?)\s*(?:\||$)/gm)].map(([, file = "", title = ""]) => ({
    file,
    title,
  }));
}

test("every test that docs/security.md names is there", () => {
  const lost = promises().filter(({ file, title }) => !readFileSync(file, "utf8").includes(title));
  expect(lost).toEqual([]);
});

test("every promise of docs/security.md names a test", () => {
  const text = readFileSync("docs/security.md", "utf8");
  const sections = text.split("| promise | held by |").slice(1);
  const rows = sections.flatMap((section) => (section.split("\n## ")[0] ?? "").match(/^\| (?!---).*\|$/gm) ?? []);
  expect(rows.filter((row) => !/`[^`\s]+\.tsx?` › /.test(row))).toEqual([]);
});
