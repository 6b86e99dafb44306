import { expect, it } from "vitest";
import { signatureOf, signaturesOf } from "./deliver";

it("while a secret is changed an alert has the signatures of both, so that a receiver knows it by either", () => {
  const [fresh, old] = [signatureOf("new", "body"), signatureOf("old", "body")];
  expect(signaturesOf(["new", undefined], "body")).toBe(fresh);
  const both = signaturesOf(["new", "old"], "body").split(/,\s*/);
  expect(both).toEqual([fresh, old]);
  expect(both).not.toContain(signatureOf("another", "body"));
});
