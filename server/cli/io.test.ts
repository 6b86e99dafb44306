import { expect, it } from "vitest";
import { listing } from "./io";

it("what a stranger typed begins no line and draws nothing on the terminal", () => {
  const text = listing([{ who: "x\u001b[2J\nann admin" }], ["who"]);
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toContain("\u001b");
  expect(text).toContain("x\\u001b[2J\\u000aann admin");
});
