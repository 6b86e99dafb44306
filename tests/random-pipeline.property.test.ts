import fc from "fast-check";
import { expect, it } from "vitest";
import { classify } from "@/lib/engine/coverage/states";
import type { CoverageFacts, TableFacts } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import type { Cadence, Epochs, Expected, Table, Window } from "@/lib/engine/pipeline/types";
import { addDays, dayNumber } from "@/lib/util/dates";

/** The rules of states, written down a second time and plainly, beside those that are made to be fast. */
const START = "2021-01-20";
const DAYS = 40;
const TODAY = "2021-12-31";
const BELONG = 3;
const MEMBERS = ["p", "q", "r"];

const monthly: Epochs = {
  of: (date) => date.slice(0, 7),
  start: (epoch) => `${epoch}-01`,
  end: (epoch) => addDays(`${addDays(`${epoch}-01`, 31).slice(0, 7)}-01`, -1),
  label: (epoch) => epoch,
};

const table = (id: string, inputs: Table["inputs"], more: Partial<Table> = {}): Table => ({
  id,
  name: id,
  description: id,
  dataset: "made",
  layer: "all",
  dateColumn: "d",
  grain: ["d", "k"],
  columns: [
    { name: "d", type: "DATE", description: "date" },
    { name: "k", type: "STRING", description: "key" },
  ],
  inputs,
  due: "beforehand",
  expected: { sql: "SELECT d, 3 AS n FROM calendar", words: "three" },
  build: { kind: "sql", sql: "SELECT d, 'k' AS k FROM calendar" },
  ...more,
});

interface Drawn {
  window: Window;
  warmUpDays: number;
  edge: "same-date" | "gate";
  cadence: Cadence | undefined;
  counted: Expected;
  expected: Expected;
}

/** `last` reads `first`, which has a cadence, over a window; `row` reads `last` of its date, or waits for it. */
function pipelineOf(drawn: Drawn, epochs: Epochs | undefined) {
  const { window, warmUpDays, edge, cadence, counted, expected } = drawn;
  return compilePipeline({
    id: "random",
    name: "Random",
    timeZone: "UTC",
    calendar: {
      unit: { one: "unit", many: "units", none: "no units" },
      source: { kind: "sql", ctes: "calendar_rows AS (SELECT 1 AS one)", query: "SELECT 1", known: "SELECT 1" },
    },
    ...(epochs ? { epochs } : {}),
    layers: [{ id: "all", label: "All" }],
    sources: [],
    tables: [
      table("first", [], { ...(cadence ? { cadence } : {}), expected: { rows: BELONG } }),
      table("last", [{ table: "first", edge: "lookback", window, critical: true }], { expected: counted }),
      table("row", [{ table: "last", edge, window: { kind: "same" }, critical: true }], { warmUpDays, expected }),
    ],
  });
}

const window = fc.oneof(
  fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: 1, max: 15 }) }),
  fc.record({ kind: fc.constant("dates" as const), dates: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    kind: fc.constant("units" as const),
    units: fc.integer({ min: 1, max: 4 }),
    of: fc.constantFrom("members" as const, "all" as const),
  }),
  fc.constant({ kind: "epochToDate" as const }),
);
const cadence = fc.constantFrom<Cadence | undefined>(
  undefined,
  "daily",
  "weekdays",
  { weekly: "tuesday" },
  { monthly: 31 },
  { sql: "SELECT d FROM calendar" },
);
const counted = fc.constantFrom<Expected>(
  { sql: "SELECT d, 3 AS n FROM calendar", words: "three" },
  { perUnit: BELONG },
);
const expected = fc.oneof(counted, fc.constantFrom<Expected>({ rows: BELONG }, { sameAs: "last" }, "some", "unknown"));
const day = fc.record({
  day: fc.integer({ min: 0, max: DAYS - 1 }),
  members: fc.uniqueArray(fc.constantFrom(...MEMBERS), { minLength: 1 }),
});
const written = fc.record({
  table: fc.constantFrom("first", "last", "row"),
  day: fc.integer({ min: 0, max: DAYS - 1 }),
  rows: fc.constantFrom(0, 2, 4),
  /** Later than the night in which all was built, in minutes. */
  later: fc.integer({ min: 0, max: 3 }),
});

it("pipelines made at random: every state is that of the plain rules", () => {
  const random = fc.record({
    window,
    edge: fc.constantFrom("same-date" as const, "gate" as const),
    cadence,
    counted,
    expected,
    /** The rows of `row` are made on the day before their date. */
    isEarly: fc.boolean(),
    queried: fc.uniqueArray(fc.integer({ min: 0, max: DAYS - 1 }), { maxLength: DAYS }),
    warmUpDays: fc.integer({ min: 0, max: 5 }),
    isMonthly: fc.boolean(),
    days: fc.uniqueArray(day, { selector: (one) => one.day, minLength: 5, maxLength: DAYS }),
    changes: fc.array(written, { maxLength: 8 }),
  });
  fc.assert(
    fc.property(random, ({ isEarly, queried, isMonthly, days, changes, ...drawn }) => {
      const { window, warmUpDays, edge, cadence, expected } = drawn;
      const pipeline = pipelineOf(drawn, isMonthly ? monthly : undefined);
      const playing = new Map(days.map((one) => [addDays(START, one.day), one.members]));
      const due = [...playing.keys()].sort();
      const epochOf = (date: string) => (isMonthly ? date.slice(0, 7) : "all");
      const isOfCadence = (date: string): boolean => {
        const weekday = new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" });
        if (cadence === undefined) return playing.has(date);
        const ofEpoch = due.filter((one) => epochOf(one) === epochOf(date));
        if (ofEpoch.length === 0 || date < (ofEpoch[0] as string) || date > (ofEpoch.at(-1) as string)) return false;
        if (cadence === "daily") return true;
        if (cadence === "weekdays") return !["Saturday", "Sunday"].includes(weekday);
        if ("weekly" in cadence) return weekday === "Tuesday";
        if ("monthly" in cadence) return addDays(date, 1).endsWith("-01");
        return queried.includes(dayNumber(date) - dayNumber(START));
      };
      const every = Array.from({ length: DAYS }, (_, at) => addDays(START, at));
      const firstDue = every.filter(isOfCadence);
      const tables = new Map<string, Map<string, TableFacts>>();
      ["first", "last", "row"].forEach((id, seq) => {
        const at = `2021-06-01T00:0${seq}:00.000Z`;
        const whole = { rows: BELONG, distinct: BELONG, copies: 1, oldest: at, newest: at };
        const early = (date: string) => {
          const at = `${addDays(date, -1)}T08:00:00.000Z`;
          return { ...whole, oldest: at, newest: at };
        };
        const dates = id === "first" ? firstDue : due;
        tables.set(id, new Map(dates.map((date) => [date, id === "row" && isEarly ? early(date) : whole])));
      });
      for (const { table: id, day: number, rows, later } of changes) {
        const at = `2021-06-01T00:1${later}:00.000Z`;
        const own = tables.get(id) as Map<string, TableFacts>;
        if (rows === 0) own.delete(addDays(START, number));
        else own.set(addDays(START, number), { rows, distinct: rows, copies: 1, oldest: at, newest: at });
      }
      const facts: CoverageFacts = {
        pipeline,
        start: START,
        end: addDays(START, DAYS),
        dates: new Map(
          due.map((date) => [
            date,
            { date, done: 1, due: 1, cancelled: 0, members: [...(playing.get(date) as string[])] },
          ]),
        ),
        raw: new Map(),
        tables,
        expected: new Map(["first", "last", "row"].map((id) => [id, new Map(due.map((date) => [date, BELONG]))])),
        possible: new Map(),
        due: new Map([["first", new Set(queried.map((at) => addDays(START, at)))]]),
      };
      const cells = classify(facts, TODAY);
      const found = (id: string, date: string) =>
        [...(cells.get(`${id} ${date}`)?.states ?? ["none"])].sort().join(" ");

      const before = (date: string, dates: readonly string[]) =>
        dates.filter((one) => one < date && epochOf(one) === epochOf(date));
      const read = (date: string): string[] => {
        const earlier = before(date, firstDue);
        if (window.kind === "epochToDate") return earlier;
        if (window.kind === "dates") return earlier.slice(-window.dates);
        if (window.kind === "days") return earlier.filter((one) => dayNumber(date) - dayNumber(one) <= window.days);
        const whose = window.of === "all" ? MEMBERS : (playing.get(date) ?? []);
        const games = (member: string) =>
          before(date, due).filter((one) => playing.get(one)?.includes(member as never));
        return earlier.filter((one) => whose.some((member) => games(member).slice(-window.units).includes(one)));
      };
      const own = (id: string, date: string): string[] => {
        const rows = tables.get(id)?.get(date)?.rows ?? 0;
        if (rows === 0) return ["missing"];
        return rows < BELONG ? ["partial"] : rows > BELONG ? ["surplus"] : [];
      };
      const times = (id: string, date: string) => tables.get(id)?.get(date)?.newest ?? "";
      const lastStates = (date: string): Set<string> => {
        const states = new Set(own("last", date));
        if (states.has("missing")) return states;
        for (const one of read(date)) {
          if (own("first", one).length > 0) states.add("tainted");
          else if (times("first", one) > times("last", date)) states.add("stale");
        }
        return states;
      };
      const rowStates = (date: string): Set<string> => {
        const first = due.find((one) => epochOf(one) === epochOf(date)) as string;
        if (dayNumber(date) < dayNumber(first) + warmUpDays) return new Set(["bootstrap"]);
        const input = lastStates(date);
        const isBroken = ["missing", "partial", "surplus"].some((state) => input.has(state));
        const isThere = (tables.get("row")?.get(date)?.rows ?? 0) > 0;
        const isSaid = typeof expected === "object";
        // Where nobody says how many, there are to be some where what it reads has some; a gate is not read.
        const isWanted = expected !== "unknown" && edge === "same-date" && !input.has("missing");
        const states = new Set(isSaid ? own("row", date) : !isThere && isWanted ? ["missing"] : []);
        const isBeforehand = isThere && times("row", date) < date;
        if (edge === "gate" && isBeforehand) return states;
        if (isBroken) {
          states.add(isThere ? "corrupt" : "blocked");
          return states;
        }
        if (!isThere) return states;
        if (times("last", date) > times("row", date))
          for (const state of edge === "gate" ? ["corrupt"] : ["corrupt", "stale"]) states.add(state);
        for (const state of ["tainted", "stale"]) if (input.has(state)) states.add(state);
        return states;
      };
      const words = (states: Iterable<string>) => [...states].sort().join(" ") || "complete";
      for (const date of due) {
        expect([date, "last", found("last", date)]).toEqual([date, "last", words(lastStates(date))]);
        expect([date, "row", found("row", date)]).toEqual([date, "row", words(rowStates(date))]);
      }
      for (const date of firstDue)
        expect([date, "first", found("first", date)]).toEqual([date, "first", words(own("first", date))]);
      for (const [id, dates] of tables)
        for (const date of dates.keys())
          if (id === "first" ? !isOfCadence(date) : !playing.has(date))
            expect([date, id, found(id, date)]).toEqual([date, id, "surplus"]);
    }),
    { numRuns: 150 },
  );
});

/** `counted` has no rule but what is usual of it; `reader` reads it of its date. */
function usualPipeline(epochs: Epochs | undefined) {
  return compilePipeline({
    id: "usual",
    name: "Usual",
    timeZone: "UTC",
    calendar: { unit: { one: "unit", many: "units", none: "no units" }, source: { kind: "daily" } },
    ...(epochs ? { epochs } : {}),
    layers: [{ id: "all", label: "All" }],
    sources: [],
    tables: [
      table("counted", [], { expected: { baseline: {} } }),
      table("reader", [{ table: "counted", edge: "same-date", window: { kind: "same" }, critical: true }], {
        expected: "unknown",
      }),
    ],
  });
}

it("what is usual: the median of the last eight dates of the weekday that were right, half to twice of it, and no reader condemned", () => {
  const [pipeline, weeks] = [usualPipeline(undefined), 16];
  const random = fc.record({
    /** Rows by day: most as usual, others far from it. */
    rows: fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 4, max: 9 }) }, fc.constantFrom(0, 0, 1, 2, 12, 40)),
      {
        minLength: weeks * 7,
        maxLength: weeks * 7,
      },
    ),
    accepted: fc.uniqueArray(fc.integer({ min: 0, max: weeks * 7 - 1 }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(random, ({ rows, accepted }) => {
      const dates = rows.map((_, at) => addDays(START, at));
      const at = "2021-11-01T00:00:00.000Z";
      const of = (n: number): TableFacts => ({ rows: n, distinct: n, copies: 1, oldest: at, newest: at });
      const there = dates.flatMap((date, day) => {
        const n = rows[day] as number;
        return n > 0 ? [[date, n] as const] : [];
      });
      const facts: CoverageFacts = {
        pipeline,
        start: START,
        end: dates.at(-1) as string,
        dates: new Map(dates.map((date) => [date, { date, done: 1, due: 1, cancelled: 0, members: [] }])),
        raw: new Map(),
        tables: new Map([
          ["counted", new Map(there.map(([date, n]) => [date, of(n)]))],
          ["reader", new Map(dates.map((date) => [date, of(BELONG)]))],
        ]),
        expected: new Map(),
        possible: new Map(),
        due: new Map(),
        accepted: new Map([["counted", new Map(accepted.map((day) => [dates[day] as string, rows[day] as number]))]]),
      };
      const cells = classify(facts, TODAY);
      const right: Array<{ day: number; rows: number }> = [];
      for (const [day, date] of dates.entries()) {
        const n = rows[day] as number;
        const like = right.filter((one) => (day - one.day) % 7 === 0).slice(-8);
        const sorted = like.map((one) => one.rows).sort((a, b) => a - b);
        const median = ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
        const isSaid = like.length >= 4;
        // Where nothing is usual any number of rows is right.
        const isJudged = isSaid && median > 0;
        const far = n === 0 ? "missing" : n < median / 2 ? "partial" : n > median * 2 ? "surplus" : "complete";
        const state = isJudged ? far : "complete";
        const own = cells.get(`counted ${date}`);
        expect([date, own?.state, own?.expected]).toEqual([date, state, isSaid ? Math.round(median) : null]);
        const reads = state === "complete" ? state : state === "missing" ? "corrupt" : "tainted";
        expect([date, cells.get(`reader ${date}`)?.state]).toEqual([date, reads]);
        if (state === "complete") right.push({ day, rows: n });
        else if (accepted.includes(day)) {
          // Who accepts it says that this is usual from here on.
          for (let at = right.length - 1; at >= 0; at--)
            if ((day - (right[at] as { day: number }).day) % 7 === 0) right.splice(at, 1);
          right.push({ day, rows: n });
        }
      }
    }),
    { numRuns: 40 },
  );
});
