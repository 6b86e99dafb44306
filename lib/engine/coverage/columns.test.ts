import { describe, expect, test } from "vitest";
import { Random } from "../../util/random";
import { decodeChecks, decodeShares, encodeColumns } from "./columns";

const FAILS = {
  check: "x not null",
  kind: "null",
  rows: 226,
  column: "x",
  level: "fail",
  isLearned: true,
  value: 1,
  usual: 0,
  since: "2021-11-03",
};
const day = (at: number) => new Date(Date.UTC(2021, 0, 1 + at)).toISOString().slice(0, 10);

describe("columns by date, for the page", () => {
  test("keep none and all exactly, the rest to the next fiftieth, and the worst check of a date", () => {
    const dates = [0, 1, 113, 225, 226].map((nulls, at) => ({
      date: day(at),
      rows: 226,
      nulls,
      zeros: null,
      checks: at === 4 ? [{ ...FAILS, level: "warn" }, FAILS] : at === 3 ? [{ ...FAILS, level: "warn" }] : [],
    }));
    const encoded = encodeColumns({ table: "t", columns: [{ column: "x", dates }] } as never);
    expect(encoded.dates).toEqual(dates.map(({ date }) => date));
    const [column] = encoded.columns;
    expect(decodeShares(column?.nulls ?? "")).toEqual([0, 0.02, 0.5, 0.98, 1]);
    expect(decodeShares(column?.zeros ?? "")).toEqual([]);
    expect(decodeChecks(column?.checks ?? "")).toEqual([null, null, null, "warn", "fail"]);
  });

  test("300 columns by 400 dates, each third of which wobbles, take at most 200 KB", () => {
    const random = new Random(7);
    const columns = Array.from({ length: 300 }, (_, at) => ({
      column: `a_rather_long_column_name_${at}`,
      dates: Array.from({ length: 400 }, (_, date) => ({
        date: day(date),
        rows: 500,
        nulls: at % 3 === 0 ? random.int(0, 500) : at % 3 === 1 ? 0 : 500,
        zeros: at % 3 === 1 ? random.int(0, 500) : null,
        checks: [],
      })),
    }));
    expect(JSON.stringify(encodeColumns({ table: "t", columns })).length).toBeLessThan(200_000);
  });
});
