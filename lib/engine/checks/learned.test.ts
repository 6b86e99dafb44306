import { describe, expect, test } from "vitest";
import { addDays, weekday } from "../../util/dates";
import { Random } from "../../util/random";
import type { ColumnFigures, ValueFacts } from "../coverage/values";
import { type Column, type ColumnType, columns } from "../pipeline/columns";
import type { Finding } from "./findings";
import { LearnedChecks } from "./learned";

type Value = number | boolean | string | null;

const START = "2021-10-19";

/** What a statement says of values. */
function figuresOf(values: readonly Value[], type: ColumnType): ColumnFigures {
  const there = values.filter((value) => value !== null);
  const isNumber = type === "INT64" || type === "FLOAT64";
  const numbers = type === "FLOAT64" ? (there as number[]) : [];
  const highest = Math.max(...numbers);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return {
    nulls: values.length - there.length,
    zeros: isNumber ? there.filter((value) => value === 0).length : null,
    isConstant: there.length > 0 && new Set(there).size === 1,
    ceiling: highest - mean <= 0.05 * Math.abs(highest) ? highest : null,
  };
}

const ONE = (type: ColumnType) => columns(["value", type, "what is looked at"]);

/** Findings of a series of dates of one column, each date's values; learned as a grid does, which learns no defect. */
function judge(
  series: ReadonlyArray<{ date: string; values: readonly Value[]; isDefect?: boolean; isAccepted?: boolean }>,
  [column]: Column[],
  grain: string[] = [],
): Map<string, Finding[]> {
  const learned = new LearnedChecks({ columns: [column as Column], grain });
  const found = new Map<string, Finding[]>();
  for (const { date, values, isDefect, isAccepted } of series) {
    learned.pass(date);
    const facts: ValueFacts = {
      rows: values.length,
      failed: [],
      judged: [],
      columns: [figuresOf(values, (column as Column).type)],
    };
    const own = learned.findings(date, facts);
    if (own.length > 0) found.set(date, own);
    if (isAccepted) learned.rebase(date, facts);
    else if (!isDefect && !own.some(({ level }) => level === "fail")) learned.learn(date, facts, own);
  }
  return found;
}

const day = (at: number) => addDays(START, at);

/** So many days of so many rows, of which `value` gives each. */
const days = (count: number, rows: number, value: (day: number, row: number) => Value) =>
  Array.from({ length: count }, (_, at) => ({
    date: day(at),
    values: Array.from({ length: rows }, (_, row) => value(at, row)),
  }));

describe("incidents of values, as series", () => {
  /** From the 14th day on wrong; a season's first days are as they should be. */
  const FROM = 14;
  const stepped = (right: (row: number) => Value, wrong: (row: number) => Value) =>
    days(30, 226, (at, row) => (at < FROM ? right(row) : wrong(row)));
  test.each<[string, ColumnType, ReturnType<typeof stepped>, string, number]>([
    [
      "zone columns NULL in every row",
      "INT64",
      stepped(
        (row) => row % 7 || 9,
        () => null,
      ),
      "value not null",
      1,
    ],
    [
      "minutes NULL in 99.5 % of rows",
      "FLOAT64",
      stepped(
        (row) => row + 1,
        (row) => (row === 7 ? 7 : null),
      ),
      "value not null",
      225 / 226,
    ],
    [
      "usage NULL in 52.6 % of rows",
      "FLOAT64",
      stepped(
        (row) => row + 1,
        (row) => (row < 119 ? null : row),
      ),
      "value not null",
      119 / 226,
    ],
    [
      "usage NULL for 161 of 226 players",
      "FLOAT64",
      stepped(
        (row) => row + 1,
        (row) => (row < 161 ? null : 1275),
      ),
      "value not null",
      161 / 226,
    ],
    [
      "a feature that is 0 for all",
      "FLOAT64",
      stepped(
        (row) => row + 0.5,
        () => 0,
      ),
      "value not zero",
      1,
    ],
    [
      "fatigue that is 0 for all, where some are",
      "FLOAT64",
      stepped(
        (row) => row % 5,
        () => 0,
      ),
      "value not constant",
      1,
    ],
    [
      "points of teams all 0",
      "INT64",
      stepped(
        (row) => 90 + (row % 40),
        () => 0,
      ),
      "value not zero",
      1,
    ],
    [
      "a quality that is the default for all",
      "FLOAT64",
      stepped(
        (row) => 60 + (row % 30),
        () => 40,
      ),
      "value not constant",
      1,
    ],
    [
      "usage that is 1,228 for all",
      "FLOAT64",
      stepped(
        (row) => row / 10 + 1,
        () => 1228,
      ),
      "value not constant",
      1,
    ],
    [
      "game ids of half the rows that find no game",
      "STRING",
      stepped(
        (row) => `game${row % 9}`,
        (row) => (row % 2 ? "game" : null),
      ),
      "value not null",
      0.5,
    ],
  ])("%s", (name, type, series, check, value) => {
    const shown = name.startsWith("game ids")
      ? series.map((one) => ({ ...one, values: [...one.values, ...(one.date >= day(FROM) ? [null] : ["game1"])] }))
      : series;
    const found = judge(shown, ONE(type), type === "STRING" ? ["value"] : []);
    expect([...found.keys()]).toEqual(series.slice(FROM).map(({ date }) => date));
    const [first] = found.get(day(FROM)) as [Finding];
    expect(first).toMatchObject({ check, column: "value", level: "fail", isLearned: true, since: day(FROM) });
    expect(first.value).toBeCloseTo(value, 2);
    expect(first.usual).toBeLessThan(0.05);
    expect(found.get(day(29))?.[0]?.since).toBe(day(FROM));
  });
});

describe("what was learned", () => {
  const step = (from: number, rows = 100) =>
    days(20, rows, (at) => (at < from ? 7.5 : null)).map((one) => ({ ...one }));

  test("says nothing before enough like dates are known, the same weekday among them", () => {
    expect(judge(step(3), ONE("FLOAT64")).size).toBe(0);
    // Six days, and the step on the seventh, whose weekday is unknown.
    expect(judge(step(6), ONE("FLOAT64")).get(day(6))).toBeUndefined();
    expect(judge(step(7), ONE("FLOAT64")).get(day(7))).toHaveLength(1);
  });

  test("warns of columns that are neither numbers nor keys", () => {
    const series = days(20, 100, (at, row) => (at < 10 ? `name ${row}` : null));
    expect(judge(series, ONE("STRING")).get(day(12))).toMatchObject([{ level: "warn", since: day(10) }]);
    expect(judge(series, ONE("STRING"), ["value"]).get(day(12))).toMatchObject([{ level: "fail" }]);
  });

  test("is never learned from a defect, and begins again with what somebody has accepted", () => {
    const defects = step(9).map((one) => ({ ...one, isDefect: one.date < day(9) }));
    expect(judge(defects, ONE("FLOAT64")).size).toBe(0);
    const accepted = step(9).map((one) => ({ ...one, isAccepted: one.date === day(11) }));
    expect([...judge(accepted, ONE("FLOAT64")).keys()]).toEqual([day(9), day(10), day(11)]);
  });

  test("says nothing of a date of another kind: few rows, or after the longest pause so far", () => {
    const few = days(20, 200, () => 7.5).map((one, at) =>
      at === 12 ? { ...one, values: one.values.slice(0, 26).map(() => null) } : one,
    );
    expect(judge(few, ONE("FLOAT64")).size).toBe(0);
    // Nobody has played in the week before the first days after an All-Star break.
    const back = days(40, 100, (at, row) => (at < 30 ? 1 + (row % 3) : at < 34 ? 0 : 1 + (row % 3))).map((one, at) => ({
      ...one,
      date: at < 30 ? one.date : addDays(one.date, 8),
    }));
    expect(judge(back, ONE("INT64")).size).toBe(0);
  });

  test("takes a ceiling at which most values are on most dates for no news, and a feature that is frozen for one", () => {
    /** A share of what is there, 100 for nearly all; on one date in all rows `value`. */
    const often = (value: number) =>
      judge(
        days(20, 100, (at, row) => (at === 14 ? value : row < 3 ? 60 + row : 100)),
        ONE("FLOAT64"),
      );
    expect(often(100).size).toBe(0);
    for (const value of [60, 80])
      expect(often(value).get(day(14))).toMatchObject([{ kind: "constant", level: "fail" }]);
    // Where a few are at the ceiling, all are not.
    const seldom = days(20, 100, (at, row) => (at === 14 || row < 20 ? 100 : row));
    expect(judge(seldom, ONE("FLOAT64")).get(day(14))).toMatchObject([{ kind: "constant", level: "fail" }]);
  });

  test("keeps apart dates on which what may be absent is there and is not", () => {
    const learned = new LearnedChecks({ columns: ONE("INT64"), grain: [] });
    const facts = (nulls: number): ValueFacts => ({
      rows: 100,
      failed: [],
      judged: [],
      columns: [{ nulls, zeros: 0, isConstant: false, ceiling: null }],
    });
    for (let at = 0; at < 14; at++) learned.learn(day(at), facts(0), [], "shots");
    expect(learned.findings(day(14), facts(100), "shots")).toHaveLength(1);
    expect(learned.findings(day(14), facts(100), "")).toEqual([]);
  });
});

describe("clean data", () => {
  /** A season: 165 dates, an All-Star break, one to fourteen games a date, 26 rows a game. */
  function season(random: Random) {
    const dates: Array<{ date: string; games: number }> = [];
    for (let at = 0; at < 175; at++) {
      if (at === 37 || (at >= 118 && at < 126)) continue;
      dates.push({ date: day(at), games: random.chance(0.06) ? 1 : random.int(2, 14) });
    }
    return dates;
  }

  /** Columns that are never wrong, each with what makes it awkward; values by game, team and player. */
  const NATURES: Array<[string, ColumnType, (random: Random, date: string) => (game: number, team: number) => Value]> =
    [
      ["rarely NULL", "FLOAT64", (random) => () => (random.chance(0.01) ? null : random.next())],
      ["NULL at the edge", "FLOAT64", (random) => () => (random.chance(0.045) ? null : random.next())],
      [
        "NULL of whole games",
        "FLOAT64",
        (random) => {
          const absent = Array.from({ length: 14 }, () => random.chance(0.03));
          return (game) => (absent[game] ? null : random.next());
        },
      ],
      [
        "a share that wobbles",
        "FLOAT64",
        (random) => {
          const share = random.next();
          return () => (random.chance(share) ? null : random.next());
        },
      ],
      [
        "NULL at weekends",
        "STRING",
        (random, date) => () => (["Sat", "Sun"].includes(weekday(date).slice(0, 3)) ? null : `v${random.int(1, 99)}`),
      ],
      ["always NULL", "FLOAT64", () => () => null],
      ["constant", "INT64", () => () => 3],
      [
        "a date's own figure",
        "FLOAT64",
        (random) => {
          const own = random.next();
          return () => own;
        },
      ],
      ["points", "INT64", (random) => () => Math.max(0, Math.round(random.normal(10, 8)))],
      ["mostly zero", "INT64", (random) => () => (random.chance(0.9) ? 0 : random.int(1, 3))],
      [
        "a flag of teams",
        "BOOL",
        (random) => {
          const own = Array.from({ length: 28 }, () => random.chance(0.2));
          return (game, team) => own[game * 2 + team] as boolean;
        },
      ],
      [
        "a flag as a number",
        "INT64",
        (random) => {
          const own = Array.from({ length: 28 }, () => (random.chance(0.75) ? 1 : 0));
          return (game, team) => own[game * 2 + team] as number;
        },
      ],
      [
        "days of rest",
        "INT64",
        (random) => {
          const own = Array.from({ length: 28 }, () => random.weighted([0.2, 0.6, 0.2]));
          return (game, team) => own[game * 2 + team] as number;
        },
      ],
      [
        "extra periods",
        "INT64",
        (random) => {
          const own = Array.from({ length: 14 }, () => (random.chance(0.06) ? 1 : 0));
          return (game) => own[game] as number;
        },
      ],
      [
        "a score with a ceiling",
        "FLOAT64",
        (random) => {
          const own = Array.from({ length: 28 }, () => (random.chance(0.6) ? 100 : random.int(40, 99)));
          return (game, team) => own[game * 2 + team] as number;
        },
      ],
      ["game", "STRING", () => (game) => `g${game}`],
    ];

  test("raises nothing over twenty seasons of players, teams and games, however awkward a column is by nature", () => {
    const random = new Random(20231);
    let looked = 0;
    for (let round = 0; round < 20; round++) {
      const dates = season(random);
      for (const [name, type, nature] of NATURES) {
        const perTeam = [1, 4, 13][round % 3] as number;
        const series = dates.map(({ date, games }) => {
          const value = nature(random, date);
          const values: Value[] = [];
          for (let game = 0; game < games; game++)
            for (let team = 0; team < 2; team++) for (let one = 0; one < perTeam; one++) values.push(value(game, team));
          return { date, values };
        });
        looked += series.length;
        const found = judge(series, ONE(type), name === "game" ? ["value"] : []);
        expect([...found.keys()], `${name}, season ${round}, ${perTeam} rows a team`).toEqual([]);
      }
    }
    expect(looked).toBeGreaterThan(50_000);
  });
});
