import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import { PROCESSORS, processor, upstreamOf } from "@/tests/support/tables";
import type { PlanRequest } from "../../api/runs";
import { addDays } from "../../util/dates";
import { reason } from "../coverage/reasons";
import { classify } from "../coverage/states";
import { type CoverageFacts, cellKey, NEEDS_WORK } from "../coverage/types";
import { formatPlan } from "../view/format";
import { makePlan, type PlanDraft } from "./plan";

const TODAY = "2021-12-31";
const ALL: PlanRequest = {
  tables: PROCESSORS.map((one) => one.id),
  start: "2021-10-19",
  end: "2021-11-30",
  only: "bad",
  upstream: true,
  downstream: true,
};
const D = "2021-11-10";

function planned(facts: CoverageFacts, request: Partial<PlanRequest> = {}): PlanDraft {
  return makePlan(facts, classify(facts, TODAY), { ...ALL, ...request });
}
const keys = (plan: PlanDraft) => plan.cells.map((cell) => cellKey(cell.table, cell.date));

/** What carrying a plan out does to the facts: each cell complete, built now, task after task. */
function carryOut(facts: CoverageFacts, plan: PlanDraft): void {
  plan.tasks.forEach((task, i) => {
    const now = `2022-01-01T00:${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")}.000Z`;
    for (const date of task.dates) {
      const rows = facts.expected.get(task.table)?.get(date) ?? 0;
      setRows(facts, task.table, date, { rows, distinct: rows, copies: 1, oldest: now, newest: now });
    }
  });
}

describe("a plan", () => {
  it("of a clean season is empty", () => {
    const plan = planned(cleanFacts("2021-10-19", 40));
    expect(plan).toEqual({ tasks: [], cells: [], leftOut: [] });
  });

  it("holds the hole, what it corrupted and what it tainted, in order", () => {
    const facts = cleanFacts("2021-10-19", 25);
    setRows(facts, "pgs", "2021-11-10", null);
    const { tasks } = formatPlan(planned(facts), { one: "game", many: "games", none: "no games" });
    expect(tasks.map((task) => `${task.table} ${task.start} ${task.end}: ${task.reason}`)).toEqual([
      "pgs 2021-11-10 2021-11-10: 1 missing",
      "upgc 2021-11-11 2021-11-12: 2 tainted",
      "psza 2021-11-11 2021-11-12: 2 tainted",
      "pcf 2021-11-10 2021-11-12: 1 corrupt, 2 tainted",
      "pdc 2021-11-10 2021-11-12: 1 corrupt, 2 tainted",
      "mlfs 2021-11-10 2021-11-12: 1 corrupt, 2 tainted",
    ]);
  });

  it("adds what a chosen cell needs upstream, and what becomes stale downstream", () => {
    const facts = cleanFacts("2021-10-19", 25);
    setRows(facts, "pgs", D, null);
    setRows(facts, "pcf", D, null);
    const plan = planned(facts, { tables: ["pcf"], start: D, end: D });
    expect(plan.cells.find((cell) => cell.table === "pcf" && cell.date === D)?.role).toBe("selected");
    expect(plan.cells.find((cell) => cell.table === "pgs")?.role).toBe("upstream");
    expect(plan.cells.filter((cell) => cell.table === "psza").map((cell) => [cell.date, cell.role])).toEqual([
      ["2021-11-11", "downstream"],
      ["2021-11-12", "downstream"],
    ]);
    expect(keys(planned(facts, { tables: ["pcf"], start: D, end: D, downstream: false })).sort()).toEqual([
      "pcf 2021-11-10",
      "pgs 2021-11-10",
    ]);
    expect(keys(planned(facts, { tables: ["pcf"], start: D, end: D, upstream: false, downstream: false }))).toEqual([
      "pcf 2021-11-10",
    ]);
  });

  it("only missing leaves what is merely tainted", () => {
    const facts = cleanFacts("2021-10-19", 25);
    setRows(facts, "togs", D, null);
    const plan = planned(facts, { only: "missing", downstream: false });
    expect(keys(plan)).toEqual([`togs ${D}`]);
  });

  it("all builds complete cells too, but never bootstrap ones", () => {
    const plan = planned(cleanFacts("2021-10-19", 20), { only: "all" });
    const perTable = (short: string) => plan.cells.filter((cell) => cell.table === short).length;
    expect(perTable("pgs")).toBe(17);
    expect(perTable("pcf")).toBe(5);
  });

  it("leaves out what no backfill can complete, with the reason, and what waits for it", () => {
    const facts = cleanFacts("2021-10-19", 25);
    for (const table of ["pgs", "pcf", "pdc", "mlfs"]) setRows(facts, table, D, null);
    facts.raw.get("nbac_gamebook_player_stats")?.set(D, { rows: 0, served: 0, newest: null });
    const plan = planned(facts);
    expect(plan.cells).toEqual([]);
    const left = new Map(plan.leftOut.map((cell) => [cellKey(cell.table, cell.date), cell.reason]));
    expect(left.get(`pgs ${D}`)).toEqual(
      reason("source_short", { source: "nbac_gamebook_player_stats", short: 2, needed: 2, of: "units" }),
    );
    expect(left.get(`pcf ${D}`)).toEqual(reason("input_stays_short", {}));
    expect(left.get("psza 2021-11-11")).toEqual(reason("holes_stay", {}));
  });

  it("splits a table's dates where many complete ones lie between, and at a season's end", () => {
    const facts = cleanFacts("2021-10-19", 40);
    for (const date of ["2021-10-19", "2021-10-20", "2021-11-19"]) setRows(facts, "tdgs", date, null);
    const tasks = planned(facts, { tables: ["tdgs"], downstream: false }).tasks;
    expect(tasks.map((task) => task.dates)).toEqual([["2021-10-19", "2021-10-20"], ["2021-11-19"]]);
  });
});

/** A random damage of one cell. */
const damage = fc.record({
  table: fc.constantFrom(...PROCESSORS.map((one) => one.id)),
  day: fc.integer({ min: 0, max: 39 }),
  kind: fc.constantFrom("delete", "some", "twice", "four", "rebuilt", "early", "surplus"),
});

function apply(facts: CoverageFacts, { table, day, kind }: { table: string; day: number; kind: string }): void {
  const date = addDays("2021-10-19", day);
  const own = facts.tables.get(table)?.get(date);
  if (!own || own.rows < 2) return;
  const late = "2021-12-15T00:00:00.000Z";
  const changes: Record<string, Parameters<typeof setRows>[3]> = {
    delete: null,
    some: { rows: own.rows - 1, distinct: own.rows - 1 },
    twice: { rows: own.rows + 1, distinct: own.rows, copies: 2 },
    four: { rows: 4 * own.rows, distinct: own.rows, copies: 4 },
    rebuilt: { oldest: late, newest: late },
    early: { oldest: "2021-01-01T00:00:00.000Z", newest: "2021-01-01T00:00:00.000Z" },
    surplus: { rows: own.rows + 3, distinct: own.rows + 3 },
  };
  setRows(facts, table, date, changes[kind] ?? null);
}

describe("any damage", () => {
  it(
    "is healed by one backfill of what is not complete, which touches no complete cell, in dependency order",
    () => {
      fc.assert(
        fc.property(fc.array(damage, { minLength: 1, maxLength: 8 }), (damages) => {
          const facts = cleanFacts("2021-10-19", 40);
          for (const one of damages) apply(facts, one);
          const cells = classify(facts, TODAY);
          const bad = [...cells.values()]
            .filter((cell) => cell.states.some((state) => NEEDS_WORK.has(state)))
            .map((cell) => cellKey(cell.table, cell.date));
          const plan = planned(facts);
          expect(keys(plan).sort()).toEqual(bad.sort());
          const order = plan.tasks.map((task) => task.table);
          for (const [i, table] of order.entries())
            for (const input of upstreamOf(processor(table))) expect(order.lastIndexOf(input)).toBeLessThan(i);
          carryOut(facts, plan);
          const left = [...classify(facts, TODAY).values()].filter((cell) =>
            cell.states.some((state) => NEEDS_WORK.has(state)),
          );
          expect(left.map((cell) => `${cell.table} ${cell.date} ${cell.states}`)).toEqual([]);
        }),
        { numRuns: 500, seed: 2021 },
      );
    },
    60 * 60_000,
  );

  it("planned twice is planned alike", () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 5 }), (damages) => {
        const facts = cleanFacts("2021-10-19", 40);
        for (const one of damages) apply(facts, one);
        expect(planned(facts)).toEqual(planned(facts));
      }),
      { numRuns: 50, seed: 3 },
    );
  });
});
