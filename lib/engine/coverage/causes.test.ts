import { expect, it } from "vitest";
import type { Cause, Cell } from "../../api/coverage";
import { findRootCauses } from "./causes";
import { cellKey } from "./types";

const DAY = "2021-11-16";
const cell = (table: string, states: Cell["states"], causes: Array<Partial<Cause>> = [], date = DAY): Cell => ({
  table,
  date,
  rows: 0,
  distinct: 0,
  copies: 0,
  expected: 9,
  state: states[0] as Cell["state"],
  states,
  reasons: [],
  causes: causes.map((one) => ({ table: "", dates: [date], edge: "same-date", what: "missing", ...one })),
  rawShort: false,
  checks: [],
  oldest: null,
  newest: null,
});
const all = (...cells: Cell[]) => new Map(cells.map((one) => [cellKey(one.table, one.date), one]));
const causesOf = (cells: ReadonlyMap<string, Cell>, ...asked: string[]) =>
  findRootCauses(
    asked.map((key) => cells.get(key) as Cell),
    cells,
  );

it("one failed table that blocks others, directly or not, is one cause that names them", () => {
  const cells = all(
    cell("pgs", ["failed", "missing"]),
    cell("pdc", ["blocked"], [{ table: "pgs" }]),
    cell("mlfs", ["blocked"], [{ table: "pdc" }, { table: "togs" }]),
    cell("togs", ["complete"]),
    cell("psza", ["tainted"], [{ table: "pgs", dates: [DAY] }], "2021-11-17"),
    cell("tdgs", ["missing"]),
  );
  const pgs = { table: "pgs", dates: [DAY], affected: ["pdc", "mlfs", "psza"], cells: [`pgs ${DAY}`] };
  expect(causesOf(cells, `mlfs ${DAY}`)).toEqual([pgs]);
  expect(causesOf(cells, `pgs ${DAY}`, `mlfs ${DAY}`)).toEqual([pgs]);
  // What nobody asked about is not told.
  expect(causesOf(cells, `tdgs ${DAY}`)).toEqual([
    { table: "tdgs", dates: [DAY], affected: [], cells: [`tdgs ${DAY}`] },
  ]);
});

it("a raw table that is short is the cause, a failure on top of it is its own", () => {
  const raw = { table: "nbac_team_boxscore", edge: "raw" as const };
  const cells = all(cell("togs", ["missing"], [raw]), cell("tdgs", ["missing"], [raw]));
  expect(causesOf(cells, `togs ${DAY}`)).toEqual([
    {
      table: "nbac_team_boxscore",
      dates: [DAY],
      affected: ["togs", "tdgs"],
      cells: [`tdgs ${DAY}`, `togs ${DAY}`],
    },
  ]);
  const failed = all(cell("togs", ["failed", "missing"], [raw]));
  expect(causesOf(failed, `togs ${DAY}`)[0]?.table).toBe("togs");
  // Raw rows that came later make a table stale: there is nothing to load, and a backfill mends it.
  const stale = all(cell("togs", ["stale"], [{ ...raw, what: "newer" }]));
  expect(causesOf(stale, `togs ${DAY}`)[0]?.table).toBe("togs");
});

it("a cause that somebody has accepted, or that is healed, explains nothing any more", () => {
  const accepted = { id: "1", by: "ann", reason: "lost", expires: null };
  const cells = all({ ...cell("pgs", ["missing"]), accepted }, cell("pdc", ["partial"], [{ table: "pgs" }]));
  expect(causesOf(cells, `pdc ${DAY}`)[0]?.table).toBe("pdc");
  expect(causesOf(cells, `pgs ${DAY}`)).toEqual([]);
});
