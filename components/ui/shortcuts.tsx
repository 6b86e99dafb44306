import { DataTable } from "./data-table";

/** Pages and their keys: one list for the header and the palette. */
export const PAGES = [
  { path: "/", name: "Coverage", key: "c" },
  { path: "/backfills", name: "Backfills", key: "b" },
  { path: "/timings", name: "Timings", key: "t" },
  { path: "/lineage", name: "Lineage", key: "l" },
  { path: "/tables", name: "Tables", key: "d" },
  { path: "/import", name: "Import", key: "i" },
  { path: "/help", name: "Help", key: "h" },
];

const KEYS: Record<string, ReadonlyArray<readonly [keys: string, words: string]>> = {
  Everywhere: [
    ["Ctrl K", "search for a page, a table or something to do"],
    ["G, then a letter", "go to a page: C coverage, B backfills, T timings, L lineage, D tables, I import, H help"],
    ["?", "this list"],
    ["Esc", "close what is open"],
  ],
  "In the grid": [
    ["Arrows", "move from cell to cell"],
    ["Ctrl arrows", "to the first or last row or column"],
    ["Home, End", "first or last table; with Ctrl also the first or last date"],
    ["Page up, Page down", "a fortnight back or on"],
    ["Shift with any of these", "extend the selection"],
    ["Shift Space, Ctrl Space", "select the date, the table"],
    ["Ctrl A", "select everything"],
    ["N, P", "next and previous gap"],
    ["S", "show or fold the sources"],
    ["Enter", "details of the cell"],
    ["B", "plan a backfill of what is selected"],
    ["Esc", "select nothing"],
  ],
  "In the map of the whole history": [
    ["Arrows", "a week back or on"],
    ["Page up, Page down", "a quarter back or on"],
    ["Home, End", "the first or last date"],
  ],
};

/** Every key by the place where it is heard. */
export const KeyTables = () =>
  Object.entries(KEYS).map(([place, keys]) => (
    <DataTable
      key={place}
      label={`Keys: ${place}`}
      caption={`Keys: ${place}`}
      rows={keys}
      rowKey={([key]) => key}
      columns={[
        ["key", ([key]) => key, "whitespace-nowrap font-semibold"],
        ["what it does", ([, words]) => words],
      ]}
    />
  ));
