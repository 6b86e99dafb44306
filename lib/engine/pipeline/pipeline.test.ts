import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  downstreamOf,
  PROCESSORS,
  type Processor,
  processorsNamed,
  topologicalOrder,
  upstreamOf,
} from "@/tests/support/tables";
import { addDays } from "../../util/dates";
import { inOrder } from "./graph";
import type { Window } from "./types";
import { Calendar, windowWords } from "./windows";

const UNIT = { one: "game", many: "games", none: "no games", member: { one: "team", many: "teams" } };

const stub = (short: string, ...reads: string[]): Processor =>
  ({
    ...(PROCESSORS[0] as Processor),
    id: short,
    name: short,
    inputs: reads.map((table) => ({ table, edge: "same-date", window: { kind: "same" }, critical: true })),
  }) as Processor;

describe("the graph", () => {
  it("puts every table after all that it reads", () => {
    const order = topologicalOrder().map((table) => table.id);
    expect(order).toHaveLength(10);
    for (const table of PROCESSORS)
      for (const input of upstreamOf(table)) expect(order.indexOf(input)).toBeLessThan(order.indexOf(table.id));
  });
  it("names a circle", () => {
    expect(() => inOrder([stub("a", "b"), stub("b", "c"), stub("c", "a")])).toThrow("a -> b -> c -> a");
  });
  it("knows who reads whom", () => {
    expect([...downstreamOf("pgs")].sort()).toEqual(["mlfs", "pcf", "pdc", "psza", "upgc"]);
    expect(downstreamOf("mlfs")).toEqual([]);
  });
  it("finds tables by short or full name, and names them for a wrong one", () => {
    expect(processorsNamed(["mlfs,player_game_summary"]).map((table) => table.id)).toEqual(["pgs", "mlfs"]);
    expect(processorsNamed(["all"])).toHaveLength(10);
    expect(() => processorsNamed(["pgz"])).toThrow('There is no table "pgz"');
  });
});

describe("windows", () => {
  const calendar = new Calendar(
    new Map([
      ["2021-11-01", ["BOS", "NYK"]],
      ["2021-11-03", ["BOS", "LAL"]],
      ["2021-11-05", ["NYK", "LAL"]],
      ["2021-11-08", ["BOS", "NYK"]],
    ]),
  );
  const read = (window: Window, date: string) => calendar.read({ table: "pgs", window }, date);
  it("read the last days, the last games of the teams, or the season", () => {
    expect(read({ kind: "days", days: 5 }, "2021-11-08")).toEqual(["2021-11-03", "2021-11-05"]);
    expect(read({ kind: "epochToDate" }, "2021-11-05")).toEqual(["2021-11-01", "2021-11-03"]);
    expect(read({ kind: "units", units: 1, of: "members" }, "2021-11-08")).toEqual(["2021-11-03", "2021-11-05"]);
    expect(read({ kind: "units", units: 1, of: "all" }, "2021-11-05")).toEqual(["2021-11-01", "2021-11-03"]);
    expect(read({ kind: "same" }, "2021-11-05")).toEqual(["2021-11-05"]);
    expect(windowWords({ kind: "units", units: 15, of: "all" }, UNIT)).toBe("the last 15 games of every team");
  });
  it("never reach D itself or later, whatever the schedule", () => {
    const teams = fc.array(fc.constantFrom("BOS", "NYK", "LAL", "GSW"), { minLength: 2, maxLength: 4 });
    const window = fc.oneof(
      fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: 1, max: 40 }) }),
      fc.constant({ kind: "epochToDate" as const }),
      fc.record({
        kind: fc.constant("units" as const),
        units: fc.integer({ min: 1, max: 20 }),
        of: fc.constantFrom("members" as const, "all" as const),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), teams), { maxLength: 40 }),
        window,
        fc.integer({ min: 0, max: 100 }),
        (games, read, at) => {
          const byDate = new Map(games.map(([day, playing]) => [addDays("2021-10-20", day), playing]));
          const date = addDays("2021-10-20", at);
          const found = new Calendar(byDate).read({ table: "pgs", window: read }, date);
          return found.every((one) => one < date && byDate.has(one)) && [...found].sort().join() === found.join();
        },
      ),
    );
  });
});
