import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Input, Table } from "@/lib/engine/pipeline/types";
import { validateDefinition } from "@/lib/engine/pipeline/validate-definition";
import { nba } from "@/lib/pipelines/nba";
import { demoContext } from "@/tests/support/context";
import { readConfig } from "../config";
import type { Context } from "../context";
import { dataFindings } from "./data";
import type { Finding } from "./finding";
import { machineFindings } from "./machine";

let context: Context;
beforeAll(async () => {
  context = await demoContext("clean");
});
afterAll(() => context.close());

const bad = (findings: Finding[]) =>
  findings.filter((one) => one.level !== "ok").map((one) => `${one.name}: ${one.message}`);

describe("the doctor", () => {
  it("finds nothing wrong with a clean installation", async () => {
    expect(bad(await dataFindings(context))).toEqual([]);
  });

  it("names tables that differ, doubled keys, rows without a date and a clock that was set back", async () => {
    const { warehouse } = context;
    await warehouse.execute("ALTER TABLE nba_analytics.team_offense_game_summary DROP COLUMN pace");
    await warehouse.execute(
      "INSERT INTO nba_precompute.player_daily_cache SELECT * FROM nba_precompute.player_daily_cache WHERE cache_date = DATE '2021-11-20'",
    );
    await warehouse.execute("ALTER TABLE nba_analytics.team_offense_game_summary ADD COLUMN left_over VARCHAR");
    await warehouse.execute("INSERT INTO nba_raw.shots (game_id) VALUES ('0022100001')");
    await warehouse.execute(
      "UPDATE nba_analytics.player_game_summary SET processed_at = TIMESTAMP '2999-01-01 00:00:00' WHERE game_date = DATE '2021-11-20'",
    );
    const found = await dataFindings(context);
    expect(bad(found)).toEqual([
      "tables: nba_analytics.team_offense_game_summary has no column pace.",
      "tables: nba_analytics.team_offense_game_summary has a column left_over that its definition has not.",
      "date columns: nba_raw.shots: 1 rows have no date, so that no cell shows them",
      expect.stringMatching(/^grains: pdc: .* is not unique on 1 dates of 2021-22$/),
      expect.stringMatching(/^clock: the newest row is from 2999-01-01T00:00:00.000Z/),
    ]);
    expect(found.filter((one) => one.level !== "ok").every((one) => one.hint.length > 0)).toBe(true);
  });

  it("goes on where one look fails, and says what failed", async () => {
    const broken = { ...context, warehouse: Object.create(context.warehouse) };
    broken.warehouse.differences = () => Promise.reject(new Error("Access Denied: Permission bigquery.tables.get"));
    const found = await dataFindings(broken);
    expect(found).toContainEqual(
      expect.objectContaining({ level: "fail", name: "tables", message: expect.stringContaining("Access Denied") }),
    );
    expect(found.length).toBeGreaterThan(4);
  });

  it("asks for the Node that the running program needs, wherever that lies", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-doctor-"));
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ engines: { node: ">=999.0" } }));
    vi.stubEnv("FULLCOURT_PROGRAM", folder);
    const found = machineFindings(readConfig({ FULLCOURT_TODAY: "2021-12-01" }), context.pipeline);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    expect(found).toContainEqual(expect.objectContaining({ level: "fail", hint: "Install Node 999.0 or later." }));
  });

  it("looks at the machine without opening anything", () => {
    const config = readConfig({ FULLCOURT_HOME: "/proc/nowhere", FULLCOURT_TODAY: "2021-12-01" });
    const found = machineFindings(config, context.pipeline);
    expect(found.map((one) => one.name)).toEqual(["node", "home", "disk", "definitions", "today"]);
    expect(found.find((one) => one.name === "today")?.level).toBe("warn");
  });
});

describe("definitions", () => {
  const [pgs, ...others] = nba.tables as [Table, ...Table[]];
  const faultsOf = (...tables: Table[]) => validateDefinition({ ...nba, tables });

  it("are right as they come", () => {
    expect(validateDefinition(nba)).toEqual([]);
  });

  it("are refused with the table's name", () => {
    const [first] = pgs.inputs as [Input];
    const faulty = { ...pgs, grain: ["game_id", "shoe_size"], inputs: [{ ...first, table: "nothing" }] };
    expect(faultsOf(faulty, ...others)).toEqual([
      "pgs: column shoe_size is not listed.",
      "pgs: it reads nothing, which is no table.",
    ]);
    expect(faultsOf(...nba.tables, pgs)).toEqual([
      "pgs: two tables have this short name.",
      "nba_analytics.player_game_summary: two definitions.",
    ]);
    expect(faultsOf(...nba.tables, { ...pgs, id: "p g s", name: "other", grain: [] })).toEqual([
      "p g s: no grain.",
      "p g s: a short name has letters, digits and _.",
    ]);
  });
});
