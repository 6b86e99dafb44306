import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

/**
 * Words that the product does not use, each with what it says instead. They are looked for in documents and sources,
 * comments and sentences alike; tests are left out, as they name what must not be.
 */
const BANNED: ReadonlyArray<readonly [banned: RegExp, instead: string]> = [
  // Archaic or translated English.
  [/\banew\b/i, "again"],
  [/\ball the same\b/i, "anyway, or nothing"],
  [/\bgood for nothing\b/i, "revoked"],
  [/\bby letter\b/i, "by email"],
  [/\bMended\b/, "Fixed"],
  [/\bgives? way\b|\bgiveWay\b/, "lowers the priority"],
  [/\bwho reads whom\b/i, "table dependencies"],
  [/\bbytes and dollars told\b/i, "cost estimate"],
  [/\bTelling us\b|\bWhat never helps\b|\bheld against whom\b/i, "Reporting a vulnerability, Do not, Threat model"],
  // Sentences of the pages.
  [/\bLook again\b/, "Refresh"],
  [/\bNot now\b/, "Cancel"],
  [/Everything is there and right/, "All data is complete"],
  [/\bIt begins with\b/, "Root cause"],
  [/a press takes a cell out|Put them back/, "Click a cell to exclude it; Restore all"],
  [/A run is at this cell/, "A run is building this cell."],
  [/Search or do|Nothing of that name/, "Search or run a command; No results."],
  [/"Whose"|"Good for"|"Until"/, "Owner, Expires in, Expires"],
  [/, never again/, "no next run"],
  [/Nothing was done yet/, "No audit events yet."],
  [/Take it back|until taken back/, "Withdraw; no expiry"],
  [/only for a gap that is accepted/, "Affected only by an accepted gap"],
  [/asked for by \{/, "Triggered by"],
  [/things? to know/, "warnings"],
  [/There is nothing here|To the coverage/, "Page not found; Go to Coverage"],
  [/Heal it/, "Fix it"],
  // The command line.
  [/there is no such word/, 'Unknown subcommand "..."'],
  [/Say what to do\./, "Missing command."],
  [/holds a zero character/, "must not contain NUL bytes"],
  [/or will come to it/, "Conflict: run X already covers ..."],
  [/Going on with run/, "Resuming interrupted run"],
  [/a process that is silent|turn in the queue has come/, "an unresponsive worker; Dequeued."],
  [/Taken back:/, "withdrawn"],
  [/cells must not be there/, "unexpected rows"],
  [/could not begin; the cells/, "failed to start"],
  // Identifiers.
  [/\btellCells\b|\bareCellsWatched\b/, "publishCellUpdates, hasCellSubscribers"],
  [/PULSE_MS|usePulse/, "/api/activity"],
  [/\bcomputeGivesWay\b/, "thread-priority"],
  [/\bMarkedCells\b|\bReadIndex\b/, "CellSet, DependencyIndex"],
  [/\bsafeWords\b|\bsecondsWords\b|\bstateWord\b/, "format..."],
  [/\bTroubledCell\b|\buntilOneEnds\b/, "FailedCell, memoizeByTaskVersion"],
  [/\bOWN_TABLES\b/, "managedTables"],
  [/\bregistryFaults\b/, "validateRegistry"],
];

const FOLDERS = ["app", "components", "lib", "server", "scripts", "examples", "docs"];
const ALONE = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  ".env.example",
  "proxy.ts",
];

const files = [
  ...ALONE,
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(folder, file))
      .filter((file) => /\.(tsx?|js|cjs|md|py)$/.test(file) && !/\.test\.tsx?$/.test(file)),
  ),
];

/** Lines of a text that have a banned word, with what to write instead. Titles of tests that a document names are theirs. */
function strays(text: string): string[] {
  const lines = text.replace(/ › .*/g, "").split("\n");
  return lines.flatMap((line, at) =>
    BANNED.filter(([banned]) => banned.test(line)).map(
      ([banned, instead]) => `${at + 1}: ${banned.exec(line)?.[0]}: write ${instead}`,
    ),
  );
}

describe("vocabulary", () => {
  it("has none of the banned words", () => {
    expect(files.length).toBeGreaterThan(300);
    expect(strays("Fixed: x\n// It runs all the same.")).toEqual(["2: all the same: write anyway, or nothing"]);
    expect(files.flatMap((file) => strays(readFileSync(file, "utf8")).map((one) => `${file}:${one}`))).toEqual([]);
  });
});
