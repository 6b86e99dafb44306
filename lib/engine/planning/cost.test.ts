import { expect, it } from "vitest";
import { bytesWords, dollarsOf, dollarWords, overLimit, whyConfirm } from "./cost";

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

it("asks a second time above a number of cells or a cost, naming the setting", () => {
  const limits = { cells: 2000, dollars: 10 };
  expect(whyConfirm(2000, 10, limits)).toBeNull();
  expect(whyConfirm(2000, null, limits)).toBeNull();
  expect(whyConfirm(34_000, 0, limits)).toBe(
    "This backfill builds 34,000 cells, more than 2,000 (FULLCOURT_CONFIRM_CELLS).",
  );
  expect(whyConfirm(2, 12.5, limits)).toBe(
    "This backfill costs about $12.50, more than $10.00 (FULLCOURT_CONFIRM_DOLLARS).",
  );
});
