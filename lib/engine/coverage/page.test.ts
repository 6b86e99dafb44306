import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  codeAccepted,
  codeNeedsWork,
  codeState,
  codeStates,
  decodeCell,
  encodeCell,
  encodeRows,
  type Page,
  unpackPage,
} from "./page";
import { STATES, statesNeedWork } from "./types";
import { viewRows } from "./zoom";

const aCell = fc
  .record({
    rows: fc.nat(5000),
    distinct: fc.nat(5000),
    copies: fc.integer({ min: 0, max: 9 }),
    expected: fc.option(fc.nat(5000), { nil: null }),
    states: fc.subarray([...STATES], { minLength: 1 }),
    isAccepted: fc.boolean(),
  })
  .map((cell) => ({ ...cell, state: cell.states[0] ?? ("complete" as const) }));

describe("the page's cells", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(aCell, (cell) => {
        const accepted = cell.isAccepted ? { id: "1", by: "ann", reason: "lost", expires: null } : undefined;
        const code = encodeCell({ ...cell, ...(accepted ? { accepted } : {}) });
        const plain = cell.rows === cell.distinct && cell.rows === cell.expected && cell.copies <= 1;
        const copies = plain ? Math.min(1, cell.rows) : cell.copies;
        expect(decodeCell(code, "pgs", "2021-11-16")).toEqual({ ...cell, copies, table: "pgs", date: "2021-11-16" });
        expect(codeState(code)).toBe(cell.state);
        expect(codeStates(code)).toEqual(cell.states);
        expect(codeAccepted(code)).toBe(cell.isAccepted);
        expect(codeNeedsWork(code)).toBe(statesNeedWork(cell.states) && !cell.isAccepted);
      }),
      { seed: 5 },
    );
  });

  it("a date without games needs no bytes", () => {
    expect(decodeCell(undefined, "pgs", "2021-11-25")).toMatchObject({ state: "not_expected", rows: 0, expected: 0 });
  });
});

/** Dates in a row from one; each given by its cells' codes. */
function page(start: string, ...dates: string[][]): Page {
  const first = Date.parse(`${start}T00:00:00Z`);
  return {
    range: { start, end: start },
    tables: ["pgs", "togs"],
    dates: dates.map((cells, i) => ({
      date: new Date(first + i * 86_400_000).toISOString().slice(0, 10),
      units: cells.length > 0 ? 3 : 0,
      status: "",
      cells,
    })),
    summary: { counts: {}, accepted: 0, worst: {}, units: 0, datesDue: 0, datesToDo: 0, safeThrough: null },
    checkedAt: null,
    behind: null,
    pending: null,
  };
}
const good = ["K66", "K6"];
const empty: string[] = [];

describe("rows at a zoom", () => {
  it("a long stretch without games is one row, a short one is not", () => {
    const rows = viewRows(page("2021-11-15", good, empty, good, empty, empty, empty, empty, empty, good), "day");
    expect(rows.map((row) => [row.kind, row.start, row.end])).toEqual([
      ["date", "2021-11-15", "2021-11-15"],
      ["date", "2021-11-16", "2021-11-16"],
      ["date", "2021-11-17", "2021-11-17"],
      ["gap", "2021-11-18", "2021-11-22"],
      ["date", "2021-11-23", "2021-11-23"],
    ]);
  });

  it("weeks begin on Monday; a group shows its worst state, and how many dates need work", () => {
    // 2021-11-14 is a Sunday.
    const days = page("2021-11-14", good, ["M0.0.66.0", "K6"], ["T66", "K6"], empty, ["M0.0.66.0*", "K6"]);
    const rows = viewRows(days, "week");
    expect(rows.map((row) => [row.start, row.end])).toEqual([
      ["2021-11-14", "2021-11-14"],
      ["2021-11-15", "2021-11-18"],
    ]);
    const [, week] = rows;
    if (week?.kind !== "group") throw new Error("a week is a group");
    expect(week.status).toBe("2 of 3 dates need work");
    expect(week.cells[0]).toMatchObject({ state: "missing", dates: 3, toDo: 2, rows: 66 });
    expect(week.cells[1]).toMatchObject({ state: "complete", dates: 3, toDo: 0, rows: 18 });
    const [month] = viewRows(days, "month");
    expect(month).toMatchObject({ kind: "group", label: "Nov 2021", units: 12 });
  });

  it("sources are columns of their own: short on so many dates, and no work of the group", () => {
    const days = page("2021-11-15", good, good, empty);
    const codes = new Map([
      ["2021-11-15", ["K3", "N58"]],
      ["2021-11-16", ["P2.2.3.1", "N14"]],
    ]);
    const sources = { names: ["shots", "injuries"], codes };
    const [week] = viewRows(days, "week", sources);
    if (week?.kind !== "group") throw new Error("a week is a group");
    expect(week.status).toBe("complete");
    expect(week.sources[0]).toMatchObject({ state: "partial", dates: 2, toDo: 1, rows: 5 });
    expect(week.sources[1]).toMatchObject({ state: "not_expected", dates: 0, toDo: 0 });
    expect(viewRows(days, "day", sources).map((row) => row.kind === "date" && row.sources)).toEqual([
      ["K3", "N58"],
      ["P2.2.3.1", "N14"],
      [],
    ]);
    expect(viewRows(days, "week")[0]).toMatchObject({ sources: [] });
  });

  it("a page comes back from its way as it was sent", () => {
    const sent = page("2021-11-15", good, empty, ["M0.0.66.0*", "TL6"]);
    sent.dates.forEach((date, at) => {
      date.status = ["complete", "no games", "pgs missing; togs tainted"][at] as string;
    });
    const { dates, ...rest } = sent;
    const packed = { ...rest, rows: encodeRows(dates, "no games"), none: "no games" };
    expect(packed.rows).toBe("3|K66 K6|\n\n3|M0.0.66.0* TL6|pgs missing; togs tainted");
    expect(unpackPage(packed)).toEqual(sent);
  });
});
