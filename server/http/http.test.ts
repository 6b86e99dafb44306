import { expect, it } from "vitest";
import { type ErrorCode, errorBody, FullcourtError, publicErrorBody } from "@/lib/errors";
import { statusOf } from ".";

it.each<[ErrorCode, number]>([
  ["unknown_table", 404],
  ["bad_date", 400],
  // Its name begins as those of what is not there do: an error of a file that is imported.
  ["unknown_format", 400],
  ["not_allowed", 403],
  ["upload_too_large", 413],
  ["duplicate_rows", 500],
  ["plan_changed", 409],
  ["refused", 422],
  ["too_many_bytes", 422],
  ["busy", 503],
  ["state_unavailable", 503],
])("an error %s answers %i", (code, status) => {
  expect(statusOf(new FullcourtError(code, ""))).toBe(status);
});

it("what is no error of ours is a fault of the server", () => {
  expect(statusOf(new Error("boom"))).toBe(500);
});

it("an error of the machine is told without what the machine says of it, which may hold a path", () => {
  const full = new Error("write failed", { cause: new Error("ENOSPC: no space left on device, write '/srv/home/x'") });
  expect(publicErrorBody(full).error).toMatchObject({
    code: "disk_full",
    message: "The disk is full. What was written before is whole.",
  });
  expect(errorBody(full).error.message).toContain("/srv/home/x");
  expect(publicErrorBody(new Error("SELECT secret")).error.message).toBe("Something went wrong in the server.");
});
