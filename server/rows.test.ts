import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import type { Column } from "@/lib/columns";
import { toCsv, toParquet } from "./rows";

const COLUMNS: Column[] = [
  { name: "player", type: "STRING", meaning: "" },
  { name: "points", type: "INT64", meaning: "" },
  { name: "ts_pct", type: "FLOAT64", meaning: "" },
  { name: "home", type: "BOOL", meaning: "" },
  { name: "features", type: "ARRAY<FLOAT64>", meaning: "" },
  { name: "processed_at", type: "TIMESTAMP", meaning: "" },
];
const ROWS = [
  {
    player: 'O"Neal, Shaq',
    points: 61,
    ts_pct: 0.7,
    home: true,
    features: [1, 2.5],
    processed_at: "2021-11-16T06:00:00.000Z",
  },
  { player: "x", points: null, ts_pct: null, home: false, features: null, processed_at: "2021-11-16T06:00:00.000Z" },
];

describe("rows to take along", () => {
  it("as CSV: quoted where it must be, NULL empty, an array as JSON", () => {
    expect(toCsv(ROWS, ["player", "points", "features"])).toBe(
      'player,points,features\n"O""Neal, Shaq",61,"[1,2.5]"\nx,,\n',
    );
  });

  it("as Parquet: types and NULLs come back", async () => {
    const rows = await parquetReadObjects({ file: toParquet(ROWS, COLUMNS) });
    expect(rows).toEqual([
      {
        player: 'O"Neal, Shaq',
        points: 61n,
        ts_pct: 0.7,
        home: true,
        features: "[1,2.5]",
        processed_at: new Date("2021-11-16T06:00:00.000Z"),
      },
      {
        player: "x",
        points: null,
        ts_pct: null,
        home: false,
        features: null,
        processed_at: new Date("2021-11-16T06:00:00.000Z"),
      },
    ]);
  });
});
