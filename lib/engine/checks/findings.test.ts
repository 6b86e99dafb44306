import { describe, expect, it } from "vitest";
import { columnFacts, valueFacts } from "../coverage/values";
import type { Check } from "../pipeline/types";
import { formatCheckResult, formatCheckResults, formatReason } from "../view/format";
import { checkResults, declaredFindings } from "./findings";

const UNIT = { one: "game", many: "games", none: "no games" };

/** Rows of each date and how many break the check. */
type Days = Array<[date: string, rows: number, broken: number, judged?: number]>;
const valuesOf = (check: Check, days: Days) =>
  new Map(
    days.map(([date, rows, broken, judged]) => [
      date,
      valueFacts([check], rows, JSON.stringify(judged === undefined ? [broken] : [broken, judged])),
    ]),
  );
const judge = (check: Check, days: Days) => declaredFindings([check], valuesOf(check, days));

describe("declared checks", () => {
  it("name the share that breaks them, what is usual, and the first date of those in a row", () => {
    const found = judge({ column: "usage_rate", notNull: 0.9 }, [
      ["2021-11-01", 200, 0],
      ["2021-11-02", 200, 20],
      ["2021-11-03", 226, 226],
      ["2021-11-04", 100, 51],
      ["2021-11-05", 100, 0],
      ["2021-11-06", 100, 11],
    ]);
    expect([...found.keys()]).toEqual(["2021-11-03", "2021-11-04", "2021-11-06"]);
    const [finding] = found.get("2021-11-03") ?? [];
    expect(finding).toEqual({
      check: "usage_rate not null",
      kind: "null",
      column: "usage_rate",
      level: "fail",
      isLearned: false,
      value: 1,
      rows: 226,
      usual: 0.1,
      since: "2021-11-03",
    });
    expect(found.get("2021-11-04")?.[0]).toMatchObject({ value: 0.51, since: "2021-11-03" });
    expect(found.get("2021-11-06")?.[0]).toMatchObject({ since: "2021-11-06" });
  });

  it("judge the rows that `where` lets through, and say nothing where it lets none", () => {
    const check: Check = { column: "zone", notNull: 1, where: "has_shots", level: "warn" };
    const found = judge(check, [
      ["2021-11-01", 200, 0, 0],
      ["2021-11-02", 200, 1, 4],
    ]);
    expect([...found]).toMatchObject([
      ["2021-11-02", [{ check: "zone not null where has_shots", level: "warn", value: 0.25, usual: null }]],
    ]);
  });

  it("take a share as it is written", () => {
    expect(judge({ rule: "a > b", share: 0.9 }, [["2021-11-01", 10, 1]]).size).toBe(0);
    expect(judge({ rule: "a > b", share: 0.9 }, [["2021-11-01", 10, 2]]).size).toBe(1);
    expect(judge({ rule: "a > b" }, [["2021-11-01", 10, 1]]).size).toBe(1);
  });

  it.each<[Check, string]>([
    [{ column: "a", notNull: 1 }, "a is NULL in 5 of 10 rows (usually 0 %), since Nov 2."],
    [{ column: "a", notZero: 1 }, "a is 0 in 5 of 10 rows (usually 0 %), since Nov 2."],
    [{ column: "a", between: [0, 100] }, "a between 0 and 100: 5 of 10 rows do not pass (usually 0 %), since Nov 2."],
    [{ column: "a", in: ["x", "y"] }, "a one of x, y: 5 of 10 rows do not pass (usually 0 %), since Nov 2."],
    [{ column: "a", unique: true }, "a unique: 5 of 10 rows do not pass (usually 0 %), since Nov 2."],
    [{ column: "a", distinctAtLeast: 2 }, "a has one value in 10 rows, since Nov 2."],
    [
      { matches: { in: "other", on: ["k"], share: 0.9 } },
      "rows found in other: 5 of 10 rows do not pass (usually 0 %), since Nov 2.",
    ],
    [{ rule: "a >= b" }, "a >= b: 5 of 10 rows do not pass (usually 0 %), since Nov 2."],
  ])("have a sentence: %o", (check, sentence) => {
    const found = judge(check, [
      ["2021-11-01", 10, 0],
      ["2021-11-02", 10, 5],
    ]).get("2021-11-02")?.[0];
    if (!found) throw new Error("nothing found");
    expect(formatReason({ code: "check_failed", params: found }, UNIT)).toBe(sentence);
  });
});

describe("what came of each check on a date", () => {
  const days: Days = [
    ["2021-11-01", 200, 0, 100],
    ["2021-11-02", 200, 0, 0],
    ["2021-11-03", 200, 4, 100],
    ["2021-11-04", 226, 90, 100],
    ["2021-11-05", 226, 95, 100],
  ];
  const check: Check = { column: "zone", notNull: 0.9, where: "has_shots", reason: "shots have a place" };

  it.each<[date: string, isPassed: boolean | null, words: string]>([
    ["2021-11-01", true, "100 rows pass"],
    ["2021-11-02", null, "no rows that it speaks of"],
    ["2021-11-03", true, "4 of 100 rows do not pass, usually 0 %"],
    ["2021-11-04", false, "90 of 100 rows do not pass, usually 4 %, since Nov 4"],
    ["2021-11-05", false, "95 of 100 rows do not pass, usually 4 %, since Nov 4"],
    ["2021-11-06", null, "no rows that it speaks of"],
  ])("%s: passed %s, %s", (date, isPassed, words) => {
    const [result] = checkResults([check], valuesOf(check, days), date);
    expect(result).toMatchObject({ check: "zone not null where has_shots", isPassed, reason: "shots have a place" });
    expect(result && formatCheckResult(result)).toBe(words);
    // The cell's state says the same.
    expect(judge(check, days).has(date)).toBe(isPassed === false);
  });

  it("is said in short for all of them", () => {
    const results = (...all: Array<[isPassed: boolean | null, level?: "fail" | "warn"]>) =>
      all.flatMap(([isPassed, level = "fail"]) =>
        checkResults([{ rule: "a > b", level }], new Map(), "").map((one) => ({ ...one, isPassed })),
      );
    expect(formatCheckResults(results([null], [null]))).toBe("2 checks wait for rows");
    expect(formatCheckResults(results([true]))).toBe("1 of 1 check passed");
    expect(formatCheckResults(results([true], [false], [false, "warn"], [null], [true]))).toBe(
      "2 of 5 checks passed, 1 failed, 1 warns, 1 without rows",
    );
  });
});

it("figures of columns are read as the statement wrote them", () => {
  const columns = (
    ["STRING", "DATE", "INT64", "ARRAY<FLOAT64>", "FLOAT64", "FLOAT64", "FLOAT64", "FLOAT64"] as const
  ).map((type, at) => ({ name: type === "DATE" ? "d" : `c${at}`, type, description: "" }));
  const text = "[1,2,8,0,3,0,0,0,0,10,0][0.30000000000000004,0.3,100.0,97.5,100.0,60.25,null,null]";
  const spread = { nulls: 0, zeros: 0, isConstant: false, ceiling: null };
  expect(columnFacts(columns, "d", 10, text)).toEqual([
    { nulls: 1, zeros: null, isConstant: false, ceiling: null },
    undefined,
    { nulls: 2, zeros: 8, isConstant: true, ceiling: null },
    undefined,
    { nulls: 0, zeros: 3, isConstant: true, ceiling: 0.30000000000000004 },
    { ...spread, ceiling: 100 },
    spread,
    { ...spread, nulls: 10 },
  ]);
});
