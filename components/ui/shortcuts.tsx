import {
  ChartColumn,
  CircleHelp,
  Grid3x3,
  History,
  type LucideIcon,
  Settings,
  Table2,
  Upload,
  Waypoints,
} from "lucide-react";
import { DataTable } from "./data-table";

interface Page {
  path: string;
  name: string;
  key: string;
  icon: LucideIcon;
  /** Stands in the bar of a phone; the others are under "More". */
  isFirst?: boolean;
  /** Stands at the foot of the rail. */
  isLast?: boolean;
}

/** Pages and their keys: one list for the navigation and the palette. */
export const PAGES: readonly Page[] = [
  { path: "/", name: "Coverage", key: "c", icon: Grid3x3, isFirst: true },
  { path: "/backfills", name: "Backfills", key: "b", icon: History, isFirst: true },
  { path: "/timings", name: "Timings", key: "t", icon: ChartColumn, isFirst: true },
  { path: "/lineage", name: "Lineage", key: "l", icon: Waypoints },
  { path: "/tables", name: "Tables", key: "d", icon: Table2, isFirst: true },
  { path: "/import", name: "Import", key: "i", icon: Upload },
  { path: "/settings", name: "Settings", key: "s", icon: Settings, isLast: true },
  { path: "/help", name: "Help", key: "h", icon: CircleHelp },
];

const KEYS: Record<string, ReadonlyArray<readonly [keys: string, words: string]>> = {
  Everywhere: [
    ["Ctrl K", "search for a page, a table or something to do"],
    [
      "G, then a letter",
      "go to a page: C coverage, B backfills, T timings, L lineage, D tables, I import, S settings, H help",
    ],
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
    ["/", "find a table"],
    ["Enter", "details of the cell"],
    ["B", "plan a backfill of what is selected"],
    ["A", "accept the gaps of what is selected"],
    ["Esc", "select nothing"],
  ],
  "In a plan": [
    ["Arrows", "move from cell to cell"],
    ["X", "exclude or restore the cell"],
    ["Shift X", "exclude or restore the table"],
    ["R", "restore all"],
    ["Ctrl Enter", "start the backfill"],
  ],
  "In the whole history": [
    ["Arrows", "a week back or on; an edge of the range: a day"],
    ["Page up, Page down", "a quarter back or on; an edge of the range: a week"],
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
