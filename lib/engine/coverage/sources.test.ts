import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanFacts } from "@/tests/support/clean-facts";
import { NBA } from "@/tests/support/tables";
import { eachDate } from "../../util/dates";
import type { Completeness } from "../pipeline/types";
import { formatReasons } from "../view/format";
import { decodeCell, packSources, unpackSources } from "./page";
import { sourceCell, sourcesOf } from "./sources";
import type { CoverageFacts, DateFacts, RawFacts } from "./types";

const D = "2021-11-10";
const TODAY = "2021-12-31";
const EMPTY: RawFacts = { rows: 0, served: 0, newest: null };

/** Facts of one date: what the calendar says of it, and what the source `box` has. */
function on(day: Partial<DateFacts> | null, raw = EMPTY, date = D): CoverageFacts {
  const known = { date, done: 2, due: 2, cancelled: 0, members: ["BOS", "NYK", "LAL", "GSW"], ...day };
  return {
    pipeline: NBA,
    start: date,
    end: date,
    dates: new Map(day ? [[date, known]] : []),
    raw: new Map([["box", new Map([[date, raw]])]]),
    tables: new Map(),
    expected: new Map(),
    possible: new Map(),
    due: new Map(),
  };
}
const rows = (served: number, count = 40) => ({ rows: count, served, newest: `${D}T05:00:00.000Z` });
const judge = (facts: CoverageFacts, of?: Completeness["of"], today = TODAY) =>
  sourceCell({ id: "box", ...(of ? { completeness: { of, counted: "COUNT(*)" } } : {}) }, D, facts, today);

describe("a source of a date", () => {
  it.each([
    ["serves all", rows(2), "complete", "2 of 2 games."],
    ["serves some", rows(1), "partial", "1 of 2 games."],
    ["has rows that serve none", rows(0), "partial", "0 of 2 games."],
    ["has nothing", EMPTY, "missing", "0 of 2 games."],
  ] as const)("%s", (_, raw, state, reason) => {
    const cell = judge(on({}, raw), "done");
    expect(cell).toMatchObject({ state, states: [state], rows: raw.rows });
    expect(formatReasons(cell.reasons, NBA.calendar.unit)).toEqual([reason]);
  });

  it("waits while its date is not over, and is complete before where nothing is short", () => {
    const live = { done: 0 };
    expect(judge(on(live), "done", D)).toMatchObject({ state: "pending", served: 0, needed: 2 });
    expect(judge(on(live, rows(3)), "members", D)).toMatchObject({ state: "pending", served: 3, needed: 4 });
    expect(judge(on(live, rows(4)), "members", D).state).toBe("complete");
    expect(judge(on(live, rows(0, 2)), "due", D).state).toBe("complete");
  });

  it("of the calendar itself lacks what has no outcome once the date is over", () => {
    expect(judge(on({ done: 1 }, rows(0, 2)), "due")).toMatchObject({ state: "partial", served: 1, needed: 2 });
    // Games that results alone know of.
    expect(judge(on({ fromResults: true }), "due")).toMatchObject({ state: "missing", served: 0, needed: 2 });
  });

  it("is not expected where nothing is due, nor where none of it is done", () => {
    for (const day of [null, { due: 0, done: 0, cancelled: 2 }, { done: 0 }])
      expect(judge(on(day, rows(0, 7)), "done")).toMatchObject({ state: "not_expected", rows: 7 });
  });

  it("is not judged where no rule says what it needs, whatever it holds", () => {
    for (const raw of [EMPTY, rows(0), rows(2)])
      expect(judge(on({}, raw))).toMatchObject({ state: "not_expected", served: null, needed: null, rows: raw.rows });
  });

  it("without a rule is judged by what is usual of it, where that is known", () => {
    const source = { id: "box", expected: { baseline: {} } };
    const beside = (raw: RawFacts, today = TODAY) =>
      sourceCell(source, D, on({}, raw), today, { rows: 40, atLeast: 20, atMost: 80 });
    expect(beside(rows(0, 20))).toMatchObject({ state: "complete", rows: 20, expected: 40, needed: null });
    expect(beside(rows(0, 19))).toMatchObject({ state: "partial", expected: 40 });
    expect(beside(EMPTY).state).toBe("missing");
    expect(sourceCell(source, D, on({ done: 0 }, EMPTY), D, { rows: 40, atLeast: 20, atMost: 80 }).state).toBe(
      "pending",
    );
    expect(sourceCell(source, D, on({}, EMPTY), TODAY)).toMatchObject({ state: "not_expected", expected: null });
  });

  it("never says complete while it serves less than is needed, for any calendar", () => {
    const day = fc
      .record({ due: fc.nat(15), lost: fc.nat(15), served: fc.nat(15), count: fc.nat(300) })
      .map(({ lost, ...one }) => ({ ...one, done: Math.max(0, one.due - lost) }));
    fc.assert(
      fc.property(
        day,
        fc.constantFrom<Completeness["of"]>("due", "done", "members"),
        fc.boolean(),
        (given, needs, isLive) => {
          const { served, count, ...calendar } = given;
          const cell = judge(on(calendar, rows(served, count)), needs, isLive ? D : TODAY);
          if (cell.state === "complete") expect(cell.served as number).toBeGreaterThanOrEqual(cell.needed as number);
          if (cell.state === "partial" || cell.state === "missing")
            expect(cell.served as number).toBeLessThan(cell.needed as number);
          if (isLive && calendar.done < calendar.due) expect(["partial", "missing"]).not.toContain(cell.state);
          expect(cell.state === "missing" && count > 0).toBe(false);
        },
      ),
      { seed: 21 },
    );
  });
});

it("the sources of a season come to the page in a code each, and none of a date that says nothing", () => {
  const facts = cleanFacts("2021-10-19", 14);
  const pipeline = NBA;
  const sources = sourcesOf(pipeline, pipeline.tables);
  facts.raw.get("shots")?.set("2021-10-21", { rows: 12, served: 1, newest: null });
  facts.raw.get("team_rosters")?.delete("2021-10-22");
  for (const source of sources) facts.raw.get(source.id)?.delete("2021-10-23");
  const range = { start: "2021-10-19", end: "2021-11-01" };
  const cells = eachDate(range.start, range.end).map((date) =>
    sources.map((source) => sourceCell(source, date, facts, TODAY)),
  );
  const sent = { range, sources: sources.map(({ id }) => id), rows: packSources(cells) };
  const come = unpackSources(sent);
  expect([...come.keys()]).toEqual(eachDate(range.start, range.end));
  expect(come.get("2021-10-23")).toEqual([]);
  for (const [date, codes] of come)
    for (const [at, source] of sources.entries()) {
      const cell = cells.flat().find((one) => one.date === date && one.table === source.id);
      const shown = decodeCell(codes[at], source.id, date);
      expect(shown).toMatchObject({ state: cell?.state, rows: cell?.served ?? cell?.rows });
      if (cell?.needed) expect(shown.expected).toBe(cell.needed);
    }
  expect(decodeCell(come.get("2021-10-21")?.[sources.findIndex(({ id }) => id === "shots")], "shots", "").state).toBe(
    "partial",
  );
});
