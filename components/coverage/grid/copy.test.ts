import { describe, expect, it } from "vitest";
import { copyAsMarkdown, copyRows } from "./copy";

const tables = ["pgs", "togs"];
const codes = new Map([
  ["2021-11-15", ["K241", "D88.22.22.4"]],
  ["2021-11-16", ["M0.0.72.0", "M0.0.6.0*"]],
  ["2021-11-25", []],
]);
const names = [...codes.keys()].flatMap((date) => tables.map((table) => ({ table, date })));

describe("copied cells", () => {
  it("are a note in Markdown: how many need work, then dates by tables with rows and states", () => {
    expect(copyAsMarkdown(codes, tables, names)).toBe(
      [
        "Coverage, Nov 15 – 25, 2021: 2 cells of 6 need work",
        "",
        "| Date | pgs | togs |",
        "| --- | ---: | ---: |",
        "| Mon Nov 15, 2021 | 241 | 88×4 duplicated |",
        "| Tue Nov 16, 2021 | 0/72 missing | 0 accepted gap |",
        "| Thu Nov 25, 2021 |  |  |",
        "",
      ].join("\n"),
    );
  });

  it("have only the tables that were chosen", () => {
    const text = copyAsMarkdown(codes, tables, [{ table: "togs", date: "2021-11-15" }]);
    expect(text).toContain("Coverage, Nov 15, 2021: 1 cell of 1 needs work");
    expect(text).toContain("| Date | togs |");
  });

  it("are rows for a spreadsheet", () => {
    expect(copyRows(codes, tables, names).slice(1, 4)).toEqual([
      {
        date: "2021-11-15",
        table: "togs",
        state: "duplicated",
        rows: 88,
        distinct: 22,
        expected: 22,
        needs_work: true,
        accepted: false,
      },
      expect.objectContaining({ table: "pgs", state: "missing", rows: 0, expected: 72, needs_work: true }),
      expect.objectContaining({ table: "togs", state: "missing", needs_work: false, accepted: true }),
    ]);
  });

  it("are nothing where nothing was chosen", () => expect(copyAsMarkdown(codes, tables, [])).toBe(""));
});
