import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

/** What belongs to one pipeline alone: lib/pipelines/nba. */
const WORDS = /[Gg]ame|[Ss]eason|[Tt]eam|[Pp]layer|[Rr]oster|[Pp]hase|NBA|Nba|(?<![A-Za-z])(?:nba|pgs)(?![A-Za-z])/;
/** Next's own names of a build. */
const OF_NEXT = /NEXT_PHASE|phase-production-build/g;

/** Files, by folder, that still know of it. The list only shrinks: take a name out with its last word. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "components/coverage/grid": ["signs.ts"],
  "components/coverage": ["use-coverage.ts"],
  "lib/engine/checks": ["freshness.ts"],
  "lib/engine/coverage": ["cell-index.ts", "facts.ts", "short.ts", "sources.ts", "states.ts", "types.ts", "zoom.ts"],
  "lib/engine/pipeline": ["compile.ts", "compiled.ts", "types.ts", "windows.ts"],
  "lib/engine/planning": ["plan.ts"],
  "lib/engine/view": ["format.ts", "glossary.ts", "table-docs.ts"],
  "server/alerts": ["index.ts"],
  server: ["boot.ts"],
  "server/checks": ["index.ts"],
  "server/cli": ["command.ts", "init.ts", "program.ts"],
  "server/cli/commands": ["data.ts"],
  "server/coverage": ["history.ts", "index.ts", "page.ts", "seasons.ts", "tables.ts"],
  "server/demo": ["index.ts", "seasons.ts"],
  "server/doctor": ["data.ts", "machine.ts"],
  "server/import": ["index.ts", "read.ts"],
  "server/state": ["migrations.ts"],
  "server/warehouse/bigquery": ["index.ts", "looks.ts"],
  "server/warehouse": ["duckdb.ts"],
};

const FOLDERS = ["lib/engine", "server", "components", "app"];

/** Sources of the folders, tests left out. */
const sources = () =>
  FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|tsx|css|cjs|js)$/.test(file) && !/\.test\.tsx?$/.test(file))
      .map((file) => path.posix.join(folder, file)),
  );

it("engine, server, components and pages know no pipeline by name, but for the files that are listed", () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(200);
  const strange = files.filter((file) => {
    const isKnown = KNOWN[path.dirname(file)]?.includes(path.basename(file));
    return !isKnown && WORDS.test(readFileSync(file, "utf8").replaceAll(OF_NEXT, ""));
  });
  expect(strange).toEqual([]);
});
