import { describe, expect, it } from "vitest";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { parseColumn } from "@/lib/engine/pipeline/lineage";
import { nba } from "@/lib/pipelines/nba";
import { columnsOfTables, getColumnLineage } from "./lineage";

const pipeline = compilePipeline(nba);
const parse = (column: string) => parseColumn(column, columnsOfTables(pipeline));
const of = (column: string) => getColumnLineage({ pipeline }, parse(column));

describe("column lineage", () => {
  it("follows an element of the features back to the raw box score", async () => {
    const lineage = await of("mlfs.features[13]");
    expect(lineage.root).toBe("mlfs.features[13]");
    expect(lineage.columns[0]).toMatchObject({
      description: "opponent_def_rating",
      expression: "COALESCE(v13, 112.0)",
    });
    expect(lineage.edges).toContainEqual({ from: "tdza.defensive_rating_last_15", to: "mlfs.features[13]" });
    expect(lineage.edges).toContainEqual({ from: "tdgs.defensive_rating", to: "tdza.defensive_rating_last_15" });
    const raw = lineage.columns.filter((one) => one.kind === "raw").map((one) => one.column);
    // Points allowed / the opponent's FGA - ORB + TOV + 0.44 FTA.
    expect(raw.sort()).toEqual([
      "field_goals_attempted",
      "free_throws_attempted",
      "offensive_rebounds",
      "points",
      "turnovers",
    ]);
  });

  it("names both sources of a player's points", async () => {
    const { columns } = await of("pgs.ts_pct");
    expect(columns.filter((one) => one.kind === "raw").map((one) => one.id)).toContain(
      "nbac_gamebook_player_stats.points",
    );
    expect(columns.map((one) => one.id)).toContain("bdl_player_boxscores.points");
  });

  it("works for a column of every table", async () => {
    for (const table of pipeline.tables) {
      const column = table.columns.at(-1)?.name as string;
      const lineage = await of(`${table.id}.${column}`);
      expect(lineage.columns[0]?.expression, `${table.id}.${column}`).toBeTruthy();
    }
  });

  it("says what is wrong with a name", async () => {
    expect(() => parse("pgs")).toThrow('"pgs" is not a column.');
    expect(() => parse("pgs.nothing")).toThrow('pgs has no column "nothing".');
    expect(() => parse("pgs.points[1]")).toThrow("pgs.points is no array.");
    await expect(of("mlfs.features[99]")).rejects.toThrow("it has 25 elements");
  });
});
