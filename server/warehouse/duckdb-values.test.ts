import { DuckDBTimestampValue } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { toRows } from "./duckdb-values";

it("writes times as Date does, before 1970 too", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("1600-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (time) => {
      const micros = BigInt(time.getTime()) * 1000n;
      expect(toRows(["t"], [[new DuckDBTimestampValue(micros)]])).toEqual([{ t: time.toISOString() }]);
    }),
  );
});

it("makes rows of columns", () => {
  expect(
    toRows(
      ["n", "name"],
      [
        [1n, 2n],
        ["a", null],
      ],
    ),
  ).toEqual([
    { n: 1, name: "a" },
    { n: 2, name: null },
  ]);
  expect(toRows(["n"], [])).toEqual([]);
});
