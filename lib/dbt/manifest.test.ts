import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nba } from "../pipelines/nba";
import { fromManifest } from "./manifest";

const json = JSON.parse(readFileSync("examples/dbt/manifest.json", "utf8"));
const of = (change: (copy: typeof json) => void) => {
  const copy = structuredClone(json);
  change(copy);
  return fromManifest(copy, nba.tables);
};

describe("a dbt manifest", () => {
  const { tables, left } = fromManifest(json, nba.tables);
  const table = (short: string) => tables.find((one) => one.id === short);

  it("gives its models with a time column and a unique key, and says why others are left out", () => {
    expect(tables.map((one) => one.id)).toEqual(["player_lines", "player_form", "notes"]);
    expect(left).toEqual([
      { name: "stg_lines", reason: "is a view: nothing of it is stored" },
      { name: "dim_teams", reason: expect.stringContaining("no time column") },
      { name: "helper", reason: "is ephemeral: there is no table of it" },
    ]);
  });

  it("takes time and key from partitioning and unique_key, from event_time and tests, or from meta", () => {
    expect(table("player_lines")).toMatchObject({ dateColumn: "game_date", grain: ["game_id", "player_lookup"] });
    expect(table("player_form")).toMatchObject({ dateColumn: "as_of", grain: ["as_of", "player_lookup"] });
    expect(table("notes")).toMatchObject({ name: "game_notes", dateColumn: "game_date", grain: ["game_id"] });
    expect(table("player_form")?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "as_of TIMESTAMP",
      "player_lookup STRING",
      "loaded_at TIMESTAMP",
    ]);
    expect(table("player_form")?.build).toMatchObject({
      by: "dbt (models/marts/player_form.sql)",
      writtenAt: "loaded_at",
    });
    expect(table("notes")?.build).toMatchObject({ writtenAt: null });
  });

  it("takes lineage from dbt: through views, and to the chain's own tables by their sources", () => {
    expect(table("player_lines")?.inputs.map((one) => one.table)).toEqual(["pgs"]);
    expect(table("player_form")?.inputs.map((one) => one.table)).toEqual(["player_lines"]);
  });

  it("says that days of a timestamp are UTC days", () => {
    expect(table("player_form")?.description).toMatch(/; its days are UTC days of as_of$/);
    expect(table("player_lines")?.description).not.toContain("UTC");
  });

  it("takes the dates that a model has from meta, and no cadence that there is not", () => {
    const cadence = (value: string) =>
      of(({ nodes }) => {
        nodes["model.hoops.game_notes"].config.meta.fullcourt.cadence = value;
      });
    expect(cadence("monthly").tables.find(({ id }) => id === "notes")?.cadence).toEqual({ monthly: 1 });
    expect(table("notes")?.cadence).toBeUndefined();
    expect(cadence("yearly").left).toContainEqual({
      name: "game_notes",
      reason: 'has cadence "yearly", which is none of daily, weekdays, monthly',
    });
  });

  it("leaves out what is disabled, oddly named or named like another table", () => {
    const reasons = of(({ nodes }) => {
      nodes["model.hoops.player_lines"].config.enabled = false;
      nodes["model.hoops.player_form"].primary_key = ["player id"];
      nodes["model.hoops.game_notes"].config.meta.fullcourt.short = "pgs";
    }).left.map((one) => one.reason);
    expect(reasons).toEqual(
      expect.arrayContaining(["is disabled", '"player id" is not a plain name', '"pgs" is the name of another table']),
    );
  });

  it("reads older manifests: a key as one name, meta beside the configuration, constraints", () => {
    const old = of(({ metadata, nodes }) => {
      metadata.dbt_schema_version = "https://schemas.getdbt.com/dbt/manifest/v9.json";
      const [lines, form] = [nodes["model.hoops.player_lines"], nodes["model.hoops.player_form"]];
      lines.config.unique_key = "game_id";
      lines.meta = { fullcourt: { built_at: "game_date" } };
      lines.config.meta = {};
      delete form.primary_key;
      form.columns.as_of.constraints = [{ type: "primary_key" }];
    }).tables;
    expect(old[0]).toMatchObject({ grain: ["game_id"], build: { writtenAt: "game_date" } });
    expect(old[1]?.grain).toEqual(["as_of"]);
  });

  it("says what is no manifest", () => {
    expect(() => fromManifest({}, nba.tables)).toThrow(/not a dbt manifest: metadata/);
    expect(() =>
      of((copy) => (copy.metadata.dbt_schema_version = "https://schemas.getdbt.com/dbt/catalog/v1.json")),
    ).toThrow(/is not a manifest's/);
    expect(() => of((copy) => (copy.nodes = []))).toThrow(/nodes/);
  });
});
