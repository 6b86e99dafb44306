import { expect, it } from "vitest";
import { countLevels, filterLog } from "./filter-log";

const line = (level: "info" | "warn" | "error", message: string) => ({ level, message });
const LINES = [line("info", "pgs: 629 rows"), line("warn", "togs: removed 66 rows"), line("info", "Run succeeded")];

it("a log is filtered by level and by all words of a search", () => {
  expect(countLevels(LINES)).toEqual({ all: 3, info: 2, warn: 1, error: 0 });
  expect(filterLog(LINES, "info", "")).toHaveLength(2);
  expect(filterLog(LINES, "all", "ROWS 66")).toEqual([LINES[1]]);
  expect(filterLog(LINES, "info", "66")).toEqual([]);
  // A level can be searched for too.
  expect(filterLog(LINES, "all", "warn")).toHaveLength(1);
});
