import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

/** What belongs to one pipeline alone: lib/pipelines/nba. */
const WORDS = /[Gg]ame|[Ss]eason|[Tt]eam|[Pp]layer|[Rr]oster|[Pp]hase|NBA|Nba|(?<![A-Za-z])(?:nba|pgs)(?![A-Za-z])/;
/** Next's own names of a build, and a state's name of 1.0.0, which a migration replaces in what was kept. */
const OF_OTHERS = /NEXT_PHASE|phase-production-build|\bno_games\b/g;

const FOLDERS = ["lib/engine", "server", "components", "app"];

/** Sources of the folders, tests left out. */
const sources = () =>
  FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|tsx|css|cjs|js)$/.test(file) && !/\.test\.tsx?$/.test(file))
      .map((file) => path.posix.join(folder, file)),
  );

it("engine, server, components and pages know no pipeline by name", () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(200);
  const strange = files.filter((file) => WORDS.test(readFileSync(file, "utf8").replaceAll(OF_OTHERS, "")));
  expect(strange).toEqual([]);
});
