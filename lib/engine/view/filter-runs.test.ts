import { expect, it } from "vitest";
import type { RunStatus } from "../../api/runs";
import { countRuns, filterRuns } from "./filter-runs";

const run = (id: string, status: RunStatus, rest = {}) => ({
  id,
  status,
  origin: "web",
  tables: ["a", "b"],
  start: "2026-03-01",
  end: "2026-03-09",
  ...rest,
});
const RUNS = [
  run("r4", "running"),
  run("r3", "failed", { tables: ["b"] }),
  run("r2", "succeeded", { origin: "cli" }),
  run("r1", "incomplete", { start: "2026-02-01", end: "2026-02-02" }),
];
const ids = (filter: Parameters<typeof filterRuns>[1]) => filterRuns(RUNS, filter).map(({ id }) => id);
const ALL = { filter: "all" as const, table: "", search: "" };

it("runs are filtered by status, by table and by every word of a search", () => {
  expect(ids(ALL)).toHaveLength(4);
  expect(ids({ ...ALL, filter: "open" })).toEqual(["r4"]);
  expect(ids({ ...ALL, filter: "not succeeded" })).toEqual(["r3", "r1"]);
  expect(ids({ ...ALL, table: "a" })).toEqual(["r4", "r2", "r1"]);
  expect(ids({ ...ALL, search: "CLI succ" })).toEqual(["r2"]);
  // A date finds the runs of whose range it is.
  expect(ids({ ...ALL, search: "2026-03-05" })).toEqual(["r4", "r3", "r2"]);
  expect(countRuns(RUNS)).toEqual({ all: 4, open: 1, succeeded: 1, "not succeeded": 2 });
});
