import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cellKey } from "@/lib/engine/coverage/types";
import { readConfig } from "@/server/config";
import { openContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { loadPipeline } from "@/server/pipeline/load";
import { ensureBundle } from "../scripts/bundle.js";
import { writeDuckDB } from "./support/duckdb-writer";
import { runUnopened, silentIo } from "./support/io";

const root = mkdtempSync(path.join(tmpdir(), "fullcourt-connect-"));
beforeAll(() => ensureBundle());
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function init(folder: string, ...args: string[]) {
  const io = silentIo(folder);
  return { code: await runUnopened(["init", ...args], io), ...io.said };
}

describe("init --from a DuckDB file", () => {
  const folder = path.join(root, "shop");
  const file = path.join(folder, "shop.duckdb");
  const tables = path.join(folder, "fullcourt.tables.ts");

  it("proposes date, key and time of writing, says what it leaves out, and writes nothing on a dry run", async () => {
    mkdirSync(folder);
    await writeDuckDB(file, [
      "CREATE SCHEMA marts",
      `CREATE TABLE marts.fct_orders AS SELECT range AS order_id, 'c' || (range % 3) AS customer_id,
         DATE '2024-03-01' + CAST(range // 3 AS INTEGER) AS order_date, TIMESTAMP '2024-03-20 06:00:00' AS dbt_loaded_at, 9.5 AS amount,
         DATE '2024-01-01' AS valid_to FROM range(30) WHERE range NOT BETWEEN 12 AND 14`,
      "CREATE TABLE marts.daily (day DATE PRIMARY KEY, orders INTEGER)",
      "INSERT INTO marts.daily SELECT DATE '2024-03-01' + CAST(range AS INTEGER), 3 FROM range(10)",
      "CREATE TABLE marts.dim_customers AS SELECT 'c' || range AS customer_id FROM range(3)",
      "CREATE TABLE marts.lines AS SELECT DATE '2024-03-01' AS day, 1 AS amount FROM range(3)",
      "CREATE TABLE marts.empty (day DATE, id INTEGER)",
      // By way of a view that is left out; the name of its own part is no table.
      `CREATE VIEW marts.labels AS WITH fct_orders AS (SELECT *, 'it''s' AS label FROM shop.marts.fct_orders) SELECT label, order_date::TIME AS at, order_id, amount FROM fct_orders`,
      "CREATE VIEW marts.v_daily AS SELECT f.order_date AS day, COUNT(*) AS orders, 0.5 AS paid_share FROM marts.labels JOIN marts.fct_orders AS f USING (order_id) GROUP BY 1",
    ]);
    const { code, out } = await init(folder, "--from", "duckdb:shop.duckdb", "--dry-run", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      file: null,
      tables: [
        {
          ...{ table: "marts.daily", dateColumn: "day", grain: ["day"], builtAt: null, expected: "baseline" },
          ...{ rows: 10, dates: 10, inputs: [], checks: [{ column: "orders", notNull: 0.95 }] },
        },
        {
          ...{ table: "marts.fct_orders", dateColumn: "order_date", grain: ["order_date", "order_id"] },
          ...{ builtAt: "dbt_loaded_at", expected: "baseline", rows: 27, dates: 9, inputs: [] },
          checks: [
            { column: "order_id", notNull: 1 },
            { column: "amount", notNull: 0.95 },
          ],
        },
        {
          ...{ table: "marts.v_daily", dateColumn: "day", grain: ["day"], builtAt: null, expected: "baseline" },
          ...{ rows: 9, dates: 9, inputs: ["marts.fct_orders"] },
          checks: [
            { column: "orders", notNull: 0.95 },
            { column: "paid_share", notNull: 0.95 },
            { column: "paid_share", between: [0, 1] },
          ],
        },
      ],
      skipped: [
        { table: "marts.dim_customers", reason: "no column is a date" },
        { table: "marts.empty", reason: "it has no rows" },
        { table: "marts.labels", reason: "no column is a date" },
        { table: "marts.lines", reason: expect.stringMatching(/^nothing tells its rows apart/) },
      ],
    });
    expect(existsSync(tables)).toBe(false);
  });

  it("writes a configuration that opens the grid as it is, and keeps what was edited the second time", async () => {
    expect((await init(folder, "--from", "duckdb:shop.duckdb")).code).toBe(0);
    vi.stubEnv("FULLCOURT_CONFIG", path.join(folder, "fullcourt.config.ts"));
    const home = path.join(root, "home");
    const pipeline = await loadPipeline(home);
    vi.unstubAllEnvs();
    const settings = { FULLCOURT_HOME: home, FULLCOURT_TODAY: "2024-03-11" };
    const context = await openContext(readConfig({ ...process.env, ...settings }), pipeline, "a test");
    const { cells } = await readCoverage(context, "2024-03-01", "2024-03-10");
    await context.close();
    expect(cells.get(cellKey("fct_orders", "2024-03-04"))?.state).toBe("complete");
    expect(pipeline.tables.find(({ id }) => id === "v_daily")?.inputs.map(({ table }) => table)).toEqual([
      "fct_orders",
    ]);
    expect(readFileSync(tables, "utf8")).toContain("To confirm: that its date is theirs");
    expect(cells.get(cellKey("fct_orders", "2024-03-05"))?.rows).toBe(0);

    const edited = readFileSync(tables, "utf8").replace('key: ["order_date", "order_id"]', 'key: ["order_id"]');
    writeFileSync(tables, edited);
    await writeDuckDB(file, ["CREATE TABLE marts.returns AS SELECT * FROM marts.fct_orders"]);
    const config = readFileSync(path.join(folder, "fullcourt.config.ts"), "utf8");
    writeFileSync(path.join(folder, "fullcourt.config.ts"), config.replace('name: "shop"', 'name: "Our shop"'));
    const again = await init(folder, "--from", "duckdb:shop.duckdb", "--tables", "marts.*");
    expect(again.out).toContain("Edited, and kept as they are: marts.fct_orders");
    expect(again.out).toContain("fullcourt.config.ts is yours and stays.");
    const now = readFileSync(tables, "utf8");
    expect(now).toContain('key: ["order_id"]');
    expect(now).toContain('name: "marts.returns"');
    expect(readFileSync(path.join(folder, "fullcourt.config.ts"), "utf8")).toContain("Our shop");
  });

  it("reads a folder of Parquet or CSV files too; what is none is said", async () => {
    const lake = path.join(root, "lake");
    for (const day of ["01", "02"]) {
      mkdirSync(path.join(lake, `marts/clicks/day=2024-03-${day}`), { recursive: true });
      writeFileSync(path.join(lake, `marts/clicks/day=2024-03-${day}/part-0.csv`), "click_id\n1\n2\n");
    }
    const { code, out } = await init(root, "--from", "parquet:lake", "--dry-run", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).tables).toMatchObject([
      { table: "marts.clicks", dateColumn: "day", grain: ["day", "click_id"] },
    ]);
    expect((await init(root, "--from", "duckdb:none.duckdb")).err).toContain("none.duckdb is not there");
    expect((await init(root, "--from", "snowflake")).code).toBe(2);
  });
});

interface Schema {
  partitionBy: string | null;
  columns: Record<string, string>;
}
const SCHEMA = path.resolve("../shared/data/real-warehouse/schema.json");

describe.skipIf(!existsSync(SCHEMA))(
  "the 151 tables of a real warehouse (../shared/data; skipped where it is absent)",
  () => {
    const DUCK: ReadonlyArray<[RegExp, string]> = [
      [/^(ARRAY|STRUCT|JSON)/, ""],
      [/^DATE/, "DATE"],
      [/^TIMESTAMP/, "TIMESTAMP"],
      [/^INT/, "BIGINT"],
      [/^(FLOAT|NUMERIC)/, "DOUBLE"],
      [/^BOOL/, "BOOLEAN"],
      [/./, "VARCHAR"],
    ];
    /** What tells the rows of a date apart: a game and a player or team, else the table's own id. */
    const ENTITIES = ["player_lookup", "universal_player_id", "player_id", "team_abbr", "team_tricode", "team_id"];
    const keyOf = (columns: readonly string[]): string[] => {
      const entity = ENTITIES.find((one) => columns.includes(one));
      const game = columns.includes("game_id") ? ["game_id"] : [];
      return [...game, ...(entity ? [entity] : [])];
    };

    it("at least nine of ten dates and eight of ten keys are those that a person would say", async () => {
      const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as Record<string, Schema>;
      const folder = path.join(root, "real");
      mkdirSync(folder);
      const truth = new Map<string, { date: string; key: string[] }>();
      const statements = [...new Set(Object.keys(schema).map((id) => `CREATE SCHEMA ${id.split(".")[0]}`))];
      for (const [id, { partitionBy, columns }] of Object.entries(schema)) {
        const typed = Object.entries(columns).flatMap(([name, type]) => {
          const [, duck = ""] = DUCK.find(([pattern]) => pattern.test(type)) ?? [];
          return duck ? [{ name, duck }] : [];
        });
        const date = /^(?:DATE|DAY)?\(?(\w+)\)?$/.exec(partitionBy ?? "")?.[1];
        const key = keyOf(typed.map(({ name }) => name));
        if (date && key.length > 0) truth.set(id, { date, key });
        const entity = key.find((one) => one !== "game_id");
        // Six dates; on each two games, and in each game the same three players or teams.
        const value = ({ name, duck }: { name: string; duck: string }) => {
          if (name === date) return `DATE '2024-01-01' + CAST(r // 6 AS INTEGER)`;
          if (name === "game_id") return `'002' || ((r // 6) * 2 + (r // 3) % 2)`;
          if (name === entity || ENTITIES.includes(name)) return `'e' || (r % 3)`;
          if (duck === "DATE") return "DATE '2024-01-01'";
          if (duck === "TIMESTAMP") return "TIMESTAMP '2024-01-02 03:00:00'";
          return duck === "VARCHAR" ? "'x'" : duck === "BOOLEAN" ? "true" : "1";
        };
        const selected = typed.map((one) => {
          const type = ENTITIES.includes(one.name) || one.name === "game_id" ? "VARCHAR" : one.duck;
          return `CAST(${value(one)} AS ${type}) AS "${one.name}"`;
        });
        const rows =
          key.includes("game_id") && !entity
            ? "SELECT * FROM range(36) AS t(r) WHERE r % 3 = 0"
            : "FROM range(36) AS t(r)";
        const single = entity && !key.includes("game_id") ? `${rows} WHERE r % 6 < 3` : rows;
        statements.push(`CREATE TABLE ${id} AS SELECT ${selected.join(", ")} FROM (${single})`);
      }
      await writeDuckDB(path.join(folder, "real.duckdb"), statements);
      const { code, out } = await init(folder, "--from", "duckdb:real.duckdb", "--json");
      expect(code).toBe(0);
      const found = new Map(
        (JSON.parse(out).tables as Array<{ table: string; dateColumn: string; grain: string[] }>).map((one) => [
          one.table,
          one,
        ]),
      );
      const wrong = (isRight: (id: string, one: { date: string; key: string[] }) => boolean) =>
        [...truth].filter(([id, one]) => !isRight(id, one)).map(([id]) => `${id} ${JSON.stringify(found.get(id))}`);
      const dates = wrong((id, { date }) => found.get(id)?.dateColumn === date);
      const same = (column: string) => (ENTITIES.includes(column) ? "entity" : column);
      const keys = wrong((id, { date, key }) => {
        const own = (found.get(id)?.grain ?? []).filter((column) => column !== date);
        return [...new Set(own.map(same))].sort().join() === [...new Set(key.map(same))].sort().join();
      });
      expect(truth.size).toBeGreaterThan(60);
      expect(dates.length / truth.size, dates.join("\n")).toBeLessThanOrEqual(0.1);
      expect(keys.length / truth.size, keys.join("\n")).toBeLessThanOrEqual(0.2);
    });
  },
);
