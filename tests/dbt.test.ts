import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DBT_LAYER, fromManifest } from "@/lib/dbt/manifest";
import { reason } from "@/lib/engine/coverage/reasons";
import { cellKey } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { tableOf } from "@/lib/engine/pipeline/find";
import { tableDocs } from "@/lib/engine/view/table-docs";
import { nba } from "@/lib/pipelines/nba";
import { findSuperfluous } from "@/server/checks/repair";
import { execute } from "@/server/cli/execute";
import { type Context, makeContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { getLineage } from "@/server/coverage/lineage";
import { readRows } from "@/server/coverage/rows";
import { dataFindings } from "@/server/doctor/data";
import { previewPlan } from "@/server/runner/plans";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { memoryContext } from "./support/context";
import { copyDemo } from "./support/fixtures";
import { runUnopened, silentIo } from "./support/io";

// The chain, and the models of a dbt project beside it.
const manifest = JSON.parse(readFileSync("examples/dbt/manifest.json", "utf8"));
const MONTHLY = {
  resource_type: "model",
  name: "player_months",
  schema: "marts",
  columns: { month: { name: "month", data_type: "date" } },
  config: { unique_key: ["month", "player_lookup"], meta: { fullcourt: { date_column: "month", cadence: "monthly" } } },
  depends_on: manifest.nodes["model.hoops.player_lines"].depends_on,
};
manifest.nodes["model.hoops.player_months"] = MONTHLY;
const PIPELINE = compilePipeline({
  ...nba,
  layers: [...nba.layers, DBT_LAYER],
  tables: [...nba.tables, ...fromManifest(manifest, nba.tables).tables],
});
const processor = (name: string) => tableOf(PIPELINE, name);

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-dbt-"));
const DATE = "2021-11-16";
const RANGE = { start: "2021-11-15", end: "2021-11-20" };
let context: Context;

/** What dbt does: tables of its own in the same file, while nobody else has it. */
async function dbtRun(file: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

const LINES = (where: string) =>
  `SELECT game_id, game_date, player_lookup, points, TIMESTAMP '2021-12-02 06:00:00' AS loaded_at
   FROM nba_analytics.player_game_summary WHERE ${where}`;

beforeAll(async () => {
  const { config, state, close } = await memoryContext(undefined, undefined, PIPELINE);
  const home = path.join(folder, "home");
  await copyDemo("clean", home);
  const file = path.join(home, "warehouse.duckdb");
  await dbtRun(file, [
    "CREATE SCHEMA marts",
    `CREATE TABLE marts.player_lines AS ${LINES("game_date BETWEEN DATE '2021-11-15' AND DATE '2021-11-20'")}`,
    "INSERT INTO marts.player_lines SELECT * FROM marts.player_lines WHERE game_date = DATE '2021-11-17'",
    "DELETE FROM marts.player_lines WHERE game_date = DATE '2021-11-18'",
    "UPDATE marts.player_lines SET loaded_at = TIMESTAMP '2020-01-01 00:00:00' WHERE game_date = DATE '2021-11-19'",
    // A timestamp for a date, and no loaded_at: it reads as NULL.
    `CREATE TABLE marts.player_form AS SELECT DISTINCT CAST(game_date AS TIMESTAMP) + INTERVAL 9 HOUR AS as_of, player_lookup
     FROM (${LINES("game_date BETWEEN DATE '2021-11-15' AND DATE '2021-11-20'")})`,
    "CREATE TABLE marts.player_months AS SELECT DISTINCT DATE '2021-11-01' AS month, player_lookup FROM marts.player_lines",
  ]);
  const warehouse = await openDuckDB(file, PIPELINE);
  context = makeContext(config, PIPELINE, warehouse, state, () => void close);
});
afterAll(async () => {
  await context.close();
  rmSync(folder, { recursive: true });
});

describe("tables that dbt writes", () => {
  it("are told apart: complete, duplicated, missing, stale, tainted, and absent", async () => {
    const { cells } = await readCoverage(context, RANGE.start, RANGE.end);
    const states = (short: string) =>
      ["15", "16", "17", "18", "19"].map((day) => cells.get(cellKey(short, `2021-11-${day}`))?.states.join(" "));
    expect(states("player_lines")).toEqual(["complete", "complete", "duplicated", "missing", "stale"]);
    expect(states("player_form")).toEqual(["complete", "complete", "tainted", "tainted", "stale"]);
    const form = cells.get(cellKey("player_form", "2021-11-18"));
    expect(form?.reasons).toEqual([reason("read_defect", { input: "player_lines", state: "missing" })]);
    expect(form?.rows).toBeGreaterThan(100);
    expect(cells.get(cellKey("player_lines", "2021-11-18"))?.reasons).toEqual([
      reason("none_of_read", { inputs: ["pgs"] }),
    ]);
    // Its table is not there at all, and nothing says what it reads.
    expect(cells.get(cellKey("notes", DATE))).toBeUndefined();
  });

  it("of a month are due on its first day alone", async () => {
    const { cells } = await readCoverage(context, "2021-11-01", "2021-11-30");
    const states = (date: string) => cells.get(cellKey("player_months", date))?.states;
    expect(states("2021-11-01")).toEqual(["complete"]);
    for (const date of ["2021-11-02", "2021-11-16", "2021-11-30"]) expect(states(date), date).toEqual(["not_expected"]);
  });

  it("are left to dbt by plans, repairs and backfills, which say so", async () => {
    const tables = PIPELINE.tables.map((one) => one.id);
    const request = { tables, ...RANGE, only: "bad" as const, upstream: true, downstream: true };
    const plan = await previewPlan(context, request);
    expect(plan.tasks.filter((task) => processor(task.table).observed)).toEqual([]);
    expect(plan.leftOut).toContainEqual({
      table: "player_lines",
      date: "2021-11-18",
      reason: "It is written by dbt (models/marts/player_lines.sql), not from here.",
    });
    expect(await findSuperfluous(context, [processor("player_lines")], ["2021-11-17"])).toEqual([]);
    // All cells of pgs again: what reads it here follows, dbt's tables do not.
    const again = await previewPlan(context, { ...request, tables: ["pgs"], only: "all" });
    expect(new Set(again.cells.map((cell) => cell.table))).not.toContain("player_lines");
  });

  it("are in rows, lineage, documents and the doctor's words", async () => {
    const io = silentIo(".");
    const code = await execute(context, ["rows", "player_form", "--date", DATE, "--json"], io);
    expect([code, io.said.err]).toEqual([0, ""]);
    expect(JSON.parse(io.said.out)).toHaveLength(72);
    expect(await readRows(context, "notes", DATE)).toEqual([]);
    const { edges } = await getLineage(context, DATE);
    expect(edges).toContainEqual({ from: "player_lines", to: "player_form", edge: "same-date", window: "the date" });
    expect(tableDocs(context.pipeline)).toContain("Written by dbt (models/marts/player_lines.sql)");
    const said = (await dataFindings(context)).map((one) => `${one.level} ${one.name}: ${one.message}`);
    expect(said).toContain("warn tables: marts.player_form has no column loaded_at.");
    expect(said).toContain("warn tables: marts.game_notes is not there.");
    expect(said.find((one) => one.includes("player_lines: (game_id, player_lookup) is not unique"))).toBeTruthy();
  });

  it("survive all that empties or fills the warehouse", async () => {
    await context.warehouse.clear();
    const [row] = await context.warehouse.query("SELECT COUNT(*) AS n FROM marts.player_lines");
    expect(row?.n).toBeGreaterThan(500);
  });
});

describe("fullcourt init", () => {
  const at = (name: string) => path.join(folder, name);
  const init = async (...args: string[]) => {
    const io = silentIo(folder);
    return { code: await runUnopened(["init", ...args], io), ...io.said };
  };

  it("writes a commented configuration, once", async () => {
    expect((await init()).code).toBe(0);
    expect(readFileSync(at("fullcourt.config.ts"), "utf8")).toContain("...nba.tables");
    expect((await init()).err).toMatch(/exists already/);
    expect((await init("--force")).code).toBe(0);
  });

  it("writes dbt's tables beside one's own configuration, which stays", async () => {
    writeFileSync(at("fullcourt.config.ts"), "// mine");
    const done = await init("--dbt", path.resolve("examples/dbt/manifest.json"));
    expect(done.out).toContain("3 tables: player_lines, player_form, notes");
    expect(done.err).toContain("left out: dim_teams has no time column");
    expect(readFileSync(at("fullcourt.config.ts"), "utf8")).toBe("// mine");
    const { DBT } = await import(/* @vite-ignore */ at("fullcourt.dbt.ts"));
    expect(DBT).toEqual(
      PIPELINE.definition.tables.filter((table) => table.build.kind === "external" && table.id !== MONTHLY.name),
    );
  });

  it("says what is wrong with a manifest, and writes nothing", async () => {
    rmSync(at("fullcourt.dbt.ts"));
    writeFileSync(at("broken.json"), '{"metadata": ');
    writeFileSync(at("other.json"), '{"metadata": {}}');
    expect((await init("--dbt", "nothing.json")).err).toMatch(/is not there/);
    expect((await init("--dbt", "broken.json")).err).toMatch(/is not JSON/);
    expect((await init("--dbt", "other.json")).err).toMatch(/not a dbt manifest/);
    const none = JSON.parse(readFileSync("examples/dbt/manifest.json", "utf8"));
    none.nodes = {};
    writeFileSync(at("none.json"), JSON.stringify(none));
    expect((await init("--dbt", "none.json")).err).toMatch(/No model/);
    expect(() => readFileSync(at("fullcourt.dbt.ts"))).toThrow();
  });
});
