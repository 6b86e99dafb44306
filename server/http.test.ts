import { expect, it } from "vitest";
import { FullcourtError } from "@/lib/errors";
import { statusOf } from "./http";

it.each([
  ["unknown_table", 404],
  ["bad_date", 400],
  ["file_exists", 400],
  ["plan_changed", 409],
  ["refused", 422],
  ["too_many_bytes", 422],
  ["busy", 503],
  ["state_unavailable", 500],
])("an error %s answers %i, whatever the command line exits with", (code, status) => {
  for (const exitCode of [1, 2] as const) expect(statusOf(new FullcourtError(code, "", "", exitCode))).toBe(status);
});

it("what is no error of ours is a fault of the server", () => {
  expect(statusOf(new Error("boom"))).toBe(500);
});
