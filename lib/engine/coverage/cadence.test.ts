import { describe, expect, it } from "vitest";
import { addDays, eachDate } from "../../util/dates";
import { compilePipeline } from "../pipeline/compile";
import { table } from "../pipeline/define";
import type { Cadence, PipelineDefinition, Table } from "../pipeline/types";
import { makePlan } from "../planning/plan";
import { formatReasons } from "../view/format";
import { classify } from "./states";
import { type CoverageFacts, cellKey } from "./types";

const START = "2024-01-01";
const END = "2024-03-31";
const TODAY = "2024-12-01";

const made = (id: string, more: Partial<Parameters<typeof table>[0]> = {}): Table =>
  table({
    id,
    name: `shop.${id}`,
    layer: "all",
    dateColumn: "d",
    key: ["d", "k"],
    columns: [
      { name: "d", type: "DATE", description: "date" },
      { name: "k", type: "STRING", description: "key" },
    ],
    expected: { rows: 3 },
    build: { kind: "sql", sql: "SELECT d, 'k' AS k FROM calendar" },
    ...more,
  });

const definition = (tables: readonly Table[]): PipelineDefinition => ({
  id: "shop",
  name: "Shop",
  timeZone: "Europe/Berlin",
  calendar: { unit: { one: "order", many: "orders", none: "no orders" }, source: { kind: "daily" } },
  layers: [{ id: "all", label: "All" }],
  sources: [],
  tables,
});

/** All tables complete on all dates that are due, but for the changes: rows by "table date". */
function look(
  tables: readonly Table[],
  changes: Record<string, number> = {},
  { dates = eachDate(START, END), today = TODAY, clock = "24:00", due = {} as Record<string, string[]> } = {},
) {
  const pipeline = compilePipeline(definition(tables));
  const facts: CoverageFacts = {
    pipeline,
    start: START,
    end: END,
    dates: new Map(dates.map((date) => [date, { date, done: 1, due: 1, cancelled: 0, members: [] }])),
    raw: new Map(),
    tables: new Map(tables.map(({ id }) => [id, new Map()])),
    expected: new Map(),
    possible: new Map(),
    due: new Map(Object.entries(due).map(([id, own]) => [id, new Set(own)])),
  };
  const dueOn = new Set(
    [...classify(facts, TODAY)].flatMap(([key, cell]) => (cell.states.includes("missing") ? [key] : [])),
  );
  pipeline.order.forEach(({ id }, seq) => {
    for (const date of eachDate(START, END)) {
      const rows = changes[`${id} ${date}`] ?? (dueOn.has(cellKey(id, date)) ? 3 : 0);
      const at = `2024-06-01T0${seq}:00:00.000Z`;
      if (rows > 0) facts.tables.get(id)?.set(date, { rows, distinct: rows, copies: 1, oldest: at, newest: at });
    }
  });
  const cells = classify(facts, today, clock);
  const states = (id: string, date: string) => cells.get(cellKey(id, date))?.states.join(" ") ?? "none";
  const dueDates = (id: string) =>
    [...cells.values()]
      .flatMap((cell) => (cell.table === id && cell.state !== "not_expected" ? [cell.date] : []))
      .sort();
  const words = (id: string, date: string) =>
    formatReasons(cells.get(cellKey(id, date))?.reasons ?? [], pipeline.calendar.unit).join(" ");
  return { pipeline, facts, cells, states, dueDates, words };
}

describe("a table with a cadence of its own", () => {
  it("is due on its dates, and on others nothing is expected of it", () => {
    const cases: Array<[Cadence, (date: Date) => boolean]> = [
      ["daily", () => true],
      ["weekdays", (date) => ![0, 6].includes(date.getUTCDay())],
      [{ weekly: "monday" }, (date) => date.getUTCDay() === 1],
      [{ monthly: 1 }, (date) => date.getUTCDate() === 1],
      [{ monthly: 31 }, (date) => new Date(date.getTime() + 86_400_000).getUTCDate() === 1],
    ];
    for (const [cadence, isDue] of cases) {
      const { dueDates } = look([made("one", { cadence })]);
      const expected = eachDate(START, END).filter((date) => isDue(new Date(`${date}T00:00:00Z`)));
      expect([cadence, dueDates("one")]).toEqual([cadence, expected]);
    }
    const { dueDates, words, states } = look(
      [made("one", { cadence: { sql: "SELECT d FROM calendar" } })],
      {},
      {
        due: { one: ["2024-01-09", "2024-02-20", "2025-01-01"] },
      },
    );
    expect(dueDates("one")).toEqual(["2024-01-09", "2024-02-20"]);
    expect(states("one", "2024-01-10")).toBe("not_expected");
    expect(words("one", "2024-01-10")).toBe("It is due on other dates: the dates of its own query.");
  });

  it("may be due where the calendar is not, between its first and its last date", () => {
    const dates = ["2024-01-03", "2024-01-05", "2024-01-12"];
    const { dueDates } = look([made("one", { cadence: "daily" }), made("two")], {}, { dates });
    expect(dueDates("one")).toEqual(eachDate("2024-01-03", "2024-01-12"));
    expect(dueDates("two")).toEqual(dates);
  });

  it("has rows on other dates that are too many, unless it may have them", () => {
    const weekly = { cadence: { weekly: "monday" } } as const;
    const tuesday = "2024-02-06";
    const { states, words } = look([made("one", weekly), made("two", { ...weekly, offCalendar: true })], {
      [`one ${tuesday}`]: 3,
      [`two ${tuesday}`]: 3,
    });
    expect([states("one", tuesday), states("two", tuesday)]).toEqual(["surplus", "not_expected"]);
    expect(words("one", tuesday)).toContain("every Monday");
  });

  it("is a hole for who reads it on its own dates alone", () => {
    const weekly = made("weekly", { cadence: { weekly: "monday" } });
    const reader = (id: string, window: Table["inputs"][number]["window"]) =>
      made(id, { inputs: [{ table: "weekly", window }] });
    const tables = [weekly, reader("days", { kind: "days", days: 7 }), reader("dates", { kind: "dates", dates: 2 })];
    expect([...look(tables).cells.values()].filter((one) => !["complete", "not_expected"].includes(one.state))).toEqual(
      [],
    );
    // Monday, February 12, is lost: of seven days before a date until February 19, of two weekly dates until the 26th.
    const lost = "2024-02-12";
    const { states, cells } = look(tables, { [`weekly ${lost}`]: 0 });
    expect(states("weekly", lost)).toBe("missing");
    const tainted = (id: string) =>
      [...cells.values()].flatMap((cell) => (cell.table === id && cell.state === "tainted" ? [cell.date] : []));
    expect(tainted("days")).toEqual(eachDate(addDays(lost, 1), addDays(lost, 7)));
    expect(tainted("dates")).toEqual(eachDate(addDays(lost, 1), addDays(lost, 14)));
  });

  it("is read of the same date where it is due, and asked for nothing where it is not", () => {
    const tables = [
      made("weekly", { cadence: { weekly: "monday" } }),
      made("reader", { inputs: [{ table: "weekly" }] }),
      made("like", { expected: { sameAs: "weekly" }, cadence: { weekly: "monday" } }),
    ];
    const { states } = look(tables, { "weekly 2024-02-12": 0, "reader 2024-02-13": 0, "like 2024-02-19": 2 });
    expect(states("reader", "2024-02-12")).toBe("corrupt");
    expect(states("reader", "2024-02-13")).toBe("missing");
    expect(states("like", "2024-02-19")).toBe("partial");
  });

  it("is planned on its dates, in one task where they follow each other", () => {
    const { facts, cells } = look([made("weekly", { cadence: { weekly: "monday" } })], {
      "weekly 2024-02-12": 0,
      "weekly 2024-02-19": 0,
    });
    const request = {
      tables: ["weekly"],
      start: START,
      end: END,
      only: "missing",
      upstream: true,
      downstream: true,
    } as const;
    const { tasks } = makePlan(facts, cells, { ...request, tables: [...request.tables] });
    expect(tasks.map((task) => task.dates)).toEqual([["2024-02-12", "2024-02-19"]]);
  });
});

describe("a table that is due by a time of day", () => {
  const date = "2024-03-10";
  const at = (due: Table["due"], today: string, clock: string, rows = 0) =>
    look([made("one", { dueBy: "07:00", due })], { [`one ${date}`]: rows }, { today, clock });

  it("is pending before, and missing after: on the next day where it tells what has happened", () => {
    expect(at("afterwards", "2024-03-11", "06:59").states("one", date)).toBe("pending");
    expect(at("afterwards", "2024-03-11", "06:59").words("one", date)).toBe("Due by 07:00 on Mar 11.");
    expect(at("afterwards", "2024-03-11", "07:00").states("one", date)).toBe("missing");
    expect(at("afterwards", "2024-03-12", "00:00").states("one", date)).toBe("missing");
    expect(at("beforehand", "2024-03-09", "23:00").states("one", date)).toBe("pending");
    expect(at("beforehand", "2024-03-10", "06:59").states("one", date)).toBe("pending");
    expect(at("beforehand", "2024-03-10", "07:00").states("one", date)).toBe("missing");
  });

  it("is judged by its rows as soon as there are any", () => {
    expect(at("afterwards", "2024-03-11", "06:00", 2).states("one", date)).toBe("partial");
    expect(at("afterwards", "2024-03-11", "06:00", 3).states("one", date)).toBe("complete");
  });

  it("can be built before, with what it reads, though nobody has to", () => {
    const tables = [made("one", { dueBy: "07:00" }), made("two", { dueBy: "07:00", inputs: [{ table: "one" }] })];
    const { facts, cells } = look(
      tables,
      { [`one ${date}`]: 0, [`two ${date}`]: 0 },
      { today: "2024-03-11", clock: "03:00" },
    );
    for (const only of ["missing", "bad"] as const) {
      const request = { tables: ["two"], start: date, end: date, only, upstream: true, downstream: true };
      expect(makePlan(facts, cells, request).tasks.map((task) => [task.table, task.dates])).toEqual([
        ["one", [date]],
        ["two", [date]],
      ]);
    }
  });
});

it("every fault of cadences and times of day is told at once", () => {
  const faulty = [
    made("one", { cadence: { weekly: "mondays" as "monday" }, dueBy: "7:00" }),
    made("two", { cadence: { monthly: 32 } }),
    made("three", { cadence: "hourly" as "daily" }),
    made("four", { cadence: { sql: " " } }),
    made("five", { dueBy: "24:00" }),
  ];
  let said = "";
  try {
    compilePipeline(definition(faulty));
  } catch (error) {
    said = (error as Error).message;
  }
  for (const id of ["one", "two", "three", "four"]) expect(said).toContain(`${id}: its cadence is none: "daily"`);
  expect(said).toContain('one: "7:00" is no time of day');
  expect(said).toContain('five: "24:00" is no time of day');
});
