import { expect, it } from "vitest";
import { type ErrorCode, FullcourtError } from "@/lib/errors";
import { exitCodeOf, listing } from "./io";

it("what a stranger typed begins no line and draws nothing on the terminal", () => {
  const text = listing([{ who: "x\u001b[2J\nann admin" }], ["who"]);
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toContain("\u001b");
  expect(text).toContain("x\\u001b[2J\\u000aann admin");
});

it.each<[ErrorCode, 1 | 2]>([
  ["wrong_usage", 2],
  ["unknown_run", 2],
  ["read_only", 1],
  ["plan_changed", 1],
  ["refused", 1],
  ["warehouse", 1],
  ["busy", 1],
])("an error %s exits with %i, by its kind", (code, exitCode) => {
  expect(exitCodeOf(new FullcourtError(code, ""))).toBe(exitCode);
  expect(exitCodeOf(new Error("boom"))).toBe(1);
});
