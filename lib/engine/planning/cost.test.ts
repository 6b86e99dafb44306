import { expect, it } from "vitest";
import { bytesWords, dollarsOf, dollarWords, overLimit } from "./cost";

it("tells bytes and dollars as the warehouse bills them", () => {
  expect([1000, 5 * 2 ** 20, 1.5 * 2 ** 30, 2 ** 41].map(bytesWords)).toEqual(["1 MiB", "5 MiB", "1.5 GiB", "2.0 TiB"]);
  expect(dollarWords(dollarsOf(2 ** 41, 6.25))).toBe("$12.50");
  expect(dollarWords(dollarsOf(2 ** 20, 6.25))).toBe("under $0.01");
});

it("refuses what is over the limit with the figure, and nothing else", () => {
  expect(overLimit(2 ** 40, 2 ** 39, 6.25)).toBe(
    "The plan would read 1.0 TiB (about $6.25); a run may read 512.0 GiB at most (BIGQUERY_MAX_BYTES_PER_RUN).",
  );
  expect(overLimit(2 ** 39, 2 ** 39, 6.25)).toBeNull();
  expect(overLimit(2 ** 40, undefined, 6.25)).toBeNull();
  expect(overLimit(null, 1, 6.25)).toBeNull();
});
