/** Pages and keys: one list for the header, the palette and the sheet of keys. */
export const SHORTCUTS = {
  pages: [
    { path: "/", name: "Coverage", key: "c" },
    { path: "/backfills", name: "Backfills", key: "b" },
    { path: "/timings", name: "Timings", key: "t" },
    { path: "/lineage", name: "Lineage", key: "l" },
    { path: "/tables", name: "Tables", key: "d" },
    { path: "/import", name: "Import", key: "i" },
    { path: "/help", name: "Help", key: "h" },
  ],
  groups: [
    {
      name: "Everywhere",
      keys: [
        ["Ctrl K", "search for a page, a table or something to do"],
        ["G, then a letter", "go to a page: C coverage, B backfills, T timings, L lineage, D tables, I import, H help"],
        ["?", "this list"],
        ["Esc", "close what is open"],
      ],
    },
    {
      name: "In the grid",
      keys: [
        ["Arrows", "move from cell to cell"],
        ["Ctrl arrows", "to the first or last row or column"],
        ["Home, End", "first or last table; with Ctrl also the first or last date"],
        ["Page up, Page down", "a fortnight back or on"],
        ["Shift with any of these", "extend the selection"],
        ["Shift Space, Ctrl Space", "select the date, the table"],
        ["Ctrl A", "select everything"],
        ["N, P", "next and previous gap"],
        ["Enter", "details of the cell"],
        ["B", "plan a backfill of what is selected"],
        ["Esc", "select nothing"],
      ],
    },
    {
      name: "In the map of the whole history",
      keys: [
        ["Arrows", "a week back or on"],
        ["Page up, Page down", "a quarter back or on"],
        ["Home, End", "the first or last date"],
      ],
    },
  ],
} as const;
