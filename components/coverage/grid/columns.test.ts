import { describe, expect, it } from "vitest";
import { unpackPage } from "@/lib/engine/coverage/page";
import { viewRows } from "@/lib/engine/coverage/zoom";
import type { PipelineManifest } from "@/lib/engine/pipeline/manifest";
import {
  addTotals,
  asGroup,
  type ColumnChoice,
  columnsOf,
  dateStatus,
  foldCells,
  totalsOf,
  worstFirst,
} from "./columns";

const table = (id: string, layer: string) => ({ id, name: `shop.${id}`, layer, description: `one ${id}` });
const pipeline = {
  layers: [
    { id: "staging", label: "Staging" },
    { id: "marts", label: "Marts" },
  ],
  tables: [table("orders", "staging"), table("payments", "staging"), table("sales", "marts")],
  sources: [{ id: "orders_csv", label: "orders", description: "files of the shop", unit: "order" }],
} as unknown as PipelineManifest;
const names = ["orders", "payments", "sales"];
const ALL: ColumnChoice = { pinned: [], hidden: [], folded: [], find: "" };

const columns = (choice: Partial<ColumnChoice> = {}, sources: string[] = []) =>
  columnsOf(pipeline, sources, names, { ...ALL, ...choice });
const ids = (choice: Partial<ColumnChoice> = {}, sources: string[] = []) =>
  columns(choice, sources).map(({ id }) => id);

describe("the columns of the grid", () => {
  it("are sources first, then tables layer by layer", () => {
    expect(ids({}, ["orders_csv"])).toEqual(["orders_csv", ...names]);
    expect(columns({}, ["orders_csv"]).map(({ kind, group }) => [kind, group])).toEqual([
      ["source", null],
      ["table", "staging"],
      ["table", "staging"],
      ["table", "marts"],
    ]);
    expect(ids({}, ["unknown"])).toEqual(names);
  });

  it("put what is pinned before the layers, and leave out what is hidden", () => {
    expect(ids({ pinned: ["sales"], hidden: ["orders"] })).toEqual(["sales", "payments"]);
    expect(columns({ pinned: ["sales"] })[0]?.group).toBe("pinned");
  });

  it("fold a layer into one column of all that it holds", () => {
    const [folded, sales] = columns({ folded: ["staging"] });
    expect(folded).toMatchObject({ kind: "layer", id: "layer:staging", tables: ["orders", "payments"], at: [0, 1] });
    expect(sales?.id).toBe("sales");
    // A layer of which nothing is shown has no column.
    expect(ids({ folded: ["marts"], hidden: ["sales"] })).toEqual(["orders", "payments"]);
  });

  it("are those of a part of a name or full name in any case, of hidden and folded tables too", () => {
    expect(ids({ find: " PAY " })).toEqual(["payments"]);
    expect(ids({ find: "shop.s" })).toEqual(["sales"]);
    expect(ids({ find: "orders", hidden: ["orders"], folded: ["staging"] }, ["orders_csv"])).toEqual([
      "orders_csv",
      "orders",
    ]);
  });
});

const ROWS = [
  "11|K10 K20 K5|",
  "11|M0.0.10.0 K20 C5|orders missing",
  "",
  "11|D40.10.10.4 M0.0.20.0* T5|orders held 4 times",
];
const page = unpackPage({
  range: { start: "2026-11-01", end: "2026-11-04" },
  tables: names,
  none: "nothing due",
  rows: ROWS.join("\n"),
  summary: { counts: {}, accepted: 0, worst: {}, units: 33, datesDue: 3, datesToDo: 2, safeThrough: "2026-11-01" },
  checkedAt: null,
  pending: null,
} as Parameters<typeof unpackPage>[0]);
const codes = (day: number) => page.dates[day]?.cells ?? [];

describe("the totals of a table", () => {
  it("count due cells by state, and each row once of those expected; accepted gaps take no part", () => {
    const [orders, payments] = totalsOf(page.dates, names);
    expect(orders).toEqual({
      states: { complete: 1, missing: 1, duplicated: 1 },
      due: 3,
      complete: 1,
      rows: 20,
      expected: 30,
    });
    expect(payments).toMatchObject({ due: 2, complete: 2, rows: 40, expected: 40 });
  });

  it("add up", () => {
    const all = addTotals(totalsOf(page.dates, names));
    expect(all).toMatchObject({ due: 8, complete: 4, rows: 75, expected: 85 });
    expect(all.states).toEqual({ complete: 4, missing: 1, duplicated: 1, corrupt: 1, tainted: 1 });
    expect(addTotals([])).toEqual({ states: {}, due: 0, complete: 0, rows: 0, expected: 0 });
  });
});

describe("a date in short", () => {
  it("names the tables with a cause of their own and counts what follows", () => {
    expect(dateStatus(codes(1), names)).toEqual({
      due: 3,
      complete: 1,
      accepted: 0,
      roots: [{ state: "missing", tables: ["orders"], copies: 0 }],
      follows: [{ state: "corrupt", count: 1 }],
    });
  });

  it("says how often rows are held, and leaves accepted gaps out of what is due", () => {
    expect(dateStatus(codes(3), names)).toEqual({
      due: 2,
      complete: 0,
      accepted: 1,
      roots: [{ state: "duplicated", tables: ["orders"], copies: 4 }],
      follows: [{ state: "tainted", count: 1 }],
    });
  });

  it("has nothing to say of one on which nothing is due", () =>
    expect(dateStatus(codes(2), names)).toEqual({ due: 0, complete: 0, accepted: 0, roots: [], follows: [] }));
});

describe("several cells in one", () => {
  it("show the worst state and count what needs work", () => {
    expect(foldCells(codes(1).map(asGroup))).toMatchObject({ state: "corrupt", dates: 3, toDo: 2, rows: 25 });
    expect(asGroup(undefined)).toMatchObject({ state: "not_expected", dates: 0, toDo: 0, rows: 0 });
    expect(asGroup("M0.0.20.0*").toDo).toBe(0);
  });
});

describe("rows with the worst of a column first", () => {
  const starts = (id: string, zoom: "day" | "month" = "day") => {
    const column = columns({ folded: ["staging"] }).find((one) => one.id === id);
    return worstFirst(viewRows(page, zoom), column as NonNullable<typeof column>).map(({ start }) => start);
  };

  it("have each state by date, what is complete after what needs work", () => {
    expect(starts("sales")).toEqual(["2026-11-02", "2026-11-04", "2026-11-01", "2026-11-03"]);
  });

  it("take the worst table of a folded layer, and months too", () => {
    expect(starts("layer:staging").slice(0, 2)).toEqual(["2026-11-04", "2026-11-02"]);
    expect(starts("sales", "month")).toEqual(["2026-11-01"]);
  });
});
