import { expect, it, vi } from "vitest";
import { errorBody, FullcourtError } from "./errors";

it("an error of another copy of this module is told as one of this copy: Next's server loads modules more than once", async () => {
  vi.resetModules();
  const copy = await import("./errors");
  expect(copy.FullcourtError).not.toBe(FullcourtError);
  const error = new copy.FullcourtError("duplicate_rows", "A key is there twice.", "Look at it.");
  expect(error).toBeInstanceOf(FullcourtError);
  expect(errorBody(error)).toEqual({
    error: { code: "duplicate_rows", message: "A key is there twice.", hint: "Look at it." },
  });
  // What is told apart from it still is.
  class Special extends FullcourtError {}
  const own = new Special("busy", "Its own.");
  expect(own).toBeInstanceOf(FullcourtError);
  expect(own).toBeInstanceOf(Special);
  for (const other of [error, new Error("Another.")]) expect(other).not.toBeInstanceOf(Special);
  for (const other of [new Error("Another."), "FullcourtError", null, { name: "FullcourtError" }])
    expect(other).not.toBeInstanceOf(FullcourtError);
});
