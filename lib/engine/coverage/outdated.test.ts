import { describe, expect, it } from "vitest";
import { nba } from "@/lib/pipelines/nba";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import type { Acceptance, Cell, Invalidation } from "../../api/coverage";
import type { PlanRequest } from "../../api/runs";
import { addDays } from "../../util/dates";
import { isReady } from "../checks/ready";
import { verifyRange } from "../checks/verify";
import { compilePipeline } from "../pipeline/compile";
import { makePlan } from "../planning/plan";
import { overlayAccepted } from "./overlay";
import { classify } from "./states";
import { type CoverageFacts, cellKey } from "./types";

const TODAY = "2021-12-31";
const D = "2021-11-10";
const NOW = "1:00000000000000aa";
const PIPELINE = compilePipeline(nba, new Map(nba.tables.map(({ id }) => [id, NOW])));

/** A clean season whose rows are all of today's models, after one change. */
function factsAfter(change: (facts: CoverageFacts) => void): CoverageFacts {
  const facts = { ...cleanFacts("2021-10-19", 40), pipeline: PIPELINE };
  for (const [table, own] of facts.tables)
    for (const date of own.keys()) setRows(facts, table, date, { versions: `${NOW} ${NOW}` });
  change(facts);
  return facts;
}
const cellsAfter = (change: (facts: CoverageFacts) => void) => classify(factsAfter(change), TODAY);
const wrong = (cells: ReadonlyMap<string, Cell>) =>
  [...cells.values()]
    .filter(({ state }) => !["complete", "not_expected", "bootstrap"].includes(state))
    .map(({ table, date, states }) => `${table} ${date} ${states.join(" ")}`)
    .sort();
const codes = (cells: ReadonlyMap<string, Cell>, table: string, date = D) =>
  cells.get(cellKey(table, date))?.reasons.map(({ code, params }) => ({ code, params }));

const old = (table: string, versions: string) => (facts: CoverageFacts) => setRows(facts, table, D, { versions });

const request: PlanRequest = {
  tables: PIPELINE.tables.map(({ id }) => id),
  start: "2021-10-19",
  end: "2021-11-27",
  only: "bad",
  upstream: true,
  downstream: true,
};

describe("rows of another version of the model", () => {
  it.each([
    ["all of them", "1:0000000000000001 1:0000000000000001"],
    ["some older by name", `1:0000000000000001 ${NOW}`],
    ["some newer by name", `${NOW} 1:00000000000000ff`],
    ["of another form", "2:00000000000000aa 2:00000000000000aa"],
  ])("%s: the cell and its readers are outdated, and nothing else", (_, versions) => {
    const cells = cellsAfter(old("pcf", versions));
    expect(wrong(cells)).toEqual([`mlfs ${D} outdated`, `pcf ${D} outdated`]);
    expect(codes(cells, "pcf")).toEqual([{ code: "model_changed", params: { since: null } }]);
    expect(codes(cells, "mlfs")).toEqual([{ code: "input_outdated", params: { input: "pcf", dates: [D] } }]);
  });

  it("of which nobody knows the version are as good as ever", () => {
    expect(wrong(cellsAfter((facts) => setRows(facts, "pcf", D, { versions: null })))).toEqual([]);
  });

  it("outdate what looks back on them, and no gate", () => {
    const cells = cellsAfter(old("tdgs", "1:1 1:1"));
    expect(cells.get(cellKey("tdza", D))?.state).toBe("complete");
    expect(codes(cells, "tdza", addDays(D, 1))).toContainEqual({
      code: "input_outdated",
      params: { input: "tdgs", dates: [D] },
    });
    // pcf waits for pgs of the date, and does not read it.
    expect(codes(cellsAfter(old("pgs", "1:1 1:1")), "pcf")).toEqual([]);
  });

  it("are no defect: verify passes, a reader may read them, and say since when the model is another", () => {
    const cells = classify(
      { ...factsAfter(old("pcf", "1:1 1:1")), modelsSince: new Map([["pcf", "2021-12-03T10:00:00.000Z"]]) },
      TODAY,
    );
    expect(verifyRange(cells, PIPELINE.tables, [D])).toEqual([]);
    expect(isReady(cells.get(cellKey("pcf", D)) as Cell)).toBe(true);
    expect(codes(cells, "pcf")).toEqual([{ code: "model_changed", params: { since: "2021-12-03T10:00:00.000Z" } }]);
  });

  it("are taken by --only outdated and --only all, and by no other plan", () => {
    const facts = factsAfter((one) => {
      old("pcf", "1:1 1:1")(one);
      setRows(one, "utgc", "2021-11-12", null);
    });
    const cells = classify(facts, TODAY);
    const of = (only: PlanRequest["only"], more: Partial<PlanRequest> = {}) =>
      makePlan(facts, cells, { ...request, ...more, only }).cells.filter(({ date }) => date === D);
    expect(of("missing")).toEqual([]);
    expect(of("bad")).toEqual([]);
    expect(of("outdated").map(({ table, role }) => `${table} ${role}`)).toEqual(["pcf selected", "mlfs selected"]);
    expect(makePlan(facts, cells, { ...request, only: "outdated" }).cells.map(({ table }) => table)).toContain("utgc");
    const outdatedOf = (more: Partial<PlanRequest>) => makePlan(facts, cells, { ...request, ...more }).outdated;
    expect(outdatedOf({ only: "outdated" })).toEqual({ cells: 2, models: ["pcf"], isTaken: true });
    expect(outdatedOf({ only: "bad" })).toEqual({ cells: 2, models: ["pcf"], isTaken: false });
    // Readers are outdated by the model of what they read, and what reads a planned cell is built anyway.
    expect(outdatedOf({ only: "bad", tables: ["mlfs"] })).toEqual({ cells: 1, models: ["pcf"], isTaken: false });
    expect(outdatedOf({ only: "bad", tables: ["pgs"] })).toBeUndefined();
    expect(of("outdated", { tables: ["mlfs"] }).map(({ table, role }) => `${table} ${role}`)).toEqual([
      "pcf upstream",
      "mlfs selected",
    ]);
    expect(of("all", { tables: ["pcf"] }).map(({ table }) => table)).toEqual(["pcf", "mlfs"]);
  });

  it("accepted as they are leave plans, with their readers; a defect of theirs does not", () => {
    const facts = factsAfter(old("pcf", "1:1 1:1"));
    const rows = facts.tables.get("pcf")?.get(D)?.rows as number;
    const one: Acceptance = {
      ...{ id: "a", table: "pcf", cells: { [D]: rows }, reason: "forward only", by: "ann", expires: null },
      ...{ createdAt: "2021-12-01T00:00:00.000Z", accepts: "outdated" },
    };
    const cells = overlayAccepted(classify(facts, TODAY), [one], TODAY);
    expect(cells.get(cellKey("pcf", D))?.accepted).toMatchObject({ reason: "forward only" });
    expect(cells.get(cellKey("mlfs", D))?.accepted).toMatchObject({ inherited: true });
    expect(makePlan(facts, cells, { ...request, only: "outdated" }).cells).toEqual([]);
    setRows(facts, "pcf", D, { newest: "2021-11-01T00:00:00.000Z", oldest: "2021-11-01T00:00:00.000Z" });
    const stale = overlayAccepted(classify(facts, TODAY), [one], TODAY).get(cellKey("pcf", D));
    expect(stale?.accepted).toBeUndefined();
    expect(stale?.states).toContain("corrupt");
  });
});

describe("rows written before an invalidation", () => {
  const written = (table: string) => cleanFacts("2021-10-19", 40).tables.get(table)?.get(D)?.oldest as string;
  const invalidation = (more: Partial<Invalidation>): Invalidation => ({
    ...{ id: "i", table: "pcf", before: written("pcf"), start: null, end: null, reason: "a wrong join", by: "ann" },
    ...{ createdAt: TODAY, ...more },
  });
  const outdatedBy = (more: Partial<Invalidation>) =>
    wrong(cellsAfter((facts) => Object.assign(facts, { invalidations: [invalidation(more)] }))).filter((one) =>
      one.startsWith("pcf"),
    );

  it("are outdated up to the time, and on its dates alone", () => {
    const dates = outdatedBy({}).map((one) => one.split(" ")[1] as string);
    expect(dates.at(-1)).toBe(addDays(D, -1));
    expect(dates.length).toBeGreaterThan(5);
    expect(outdatedBy({ before: "2030-01-01T00:00:00.000Z", start: D, end: D })).toEqual([`pcf ${D} outdated`]);
    expect(outdatedBy({ table: "psza", before: "2000-01-01T00:00:00.000Z" })).toEqual([]);
  });

  it("whoever wrote them, where anybody knows when", () => {
    const external = {
      ...nba,
      tables: nba.tables.map((table) =>
        table.id === "pcf"
          ? { ...table, build: { kind: "external" as const, by: "somebody", writtenAt: "updated_at" }, columns: [] }
          : table,
      ),
    };
    const facts = { ...cleanFacts("2021-10-19", 40), pipeline: compilePipeline(external) };
    facts.invalidations = [invalidation({ before: "2030-01-01T00:00:00.000Z", start: D, end: D })];
    const cells = classify(facts, TODAY);
    expect(codes(cells, "pcf")).toEqual([
      { code: "invalidated", params: { id: "i", before: "2030-01-01T00:00:00.000Z", reason: "a wrong join" } },
    ]);
    expect(cells.get(cellKey("mlfs", D))?.states).toEqual(["outdated"]);
    setRows(facts, "pcf", D, { oldest: null });
    expect(classify(facts, TODAY).get(cellKey("pcf", D))?.states).toEqual(["complete"]);
  });
});
