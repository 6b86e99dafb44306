import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { runUnopened, silentIo } from "@/tests/support/io";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-bigquery-init-"));
let local: LocalBigQuery;
beforeAll(async () => {
  local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
  vi.stubEnv("BIGQUERY_ENDPOINT", local.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Proposed {
  tables: Array<{ table: string; dateColumn: string; grain: string[]; rows: number; dates: number }>;
  skipped: Array<{ table: string; reason: string }>;
}

async function init(...args: string[]): Promise<Proposed> {
  const io = silentIo(folder);
  expect(await runUnopened(["init", "--dry-run", "--json", ...args], io), io.said.err).toBe(0);
  return JSON.parse(io.said.out) as Proposed;
}

/** Notes that another program has made a table, by one column. */
const parted = (table: string, column: string, type: string) =>
  local.engine.partition(table, { column, type, unit: type === "INT64" ? "RANGE" : "DAY", isRequired: true });

describe("init --from bigquery", () => {
  it("reads the catalog and bounded samples, each with a filter where the table wants one, and changes nothing", async () => {
    await local.engine.ddl(`CREATE SCHEMA shop; CREATE SCHEMA attic;
      CREATE TABLE shop.orders AS SELECT DATE '2024-03-01' + CAST(r // 3 AS INTEGER) AS day, 'o' || r AS order_id, 1.5 AS amount
        FROM range(30) AS t(r) UNION ALL SELECT NULL, 'x', 0;
      CREATE TABLE shop.events AS SELECT TIMESTAMP '2024-03-01 06:00:00' + to_days(CAST(r AS INTEGER)) AS happened_at, 'e' || r AS event_id FROM range(9) AS t(r);
      CREATE TABLE shop.customers AS SELECT 'c' || r AS customer_id FROM range(3) AS t(r);
      CREATE TABLE shop.daily AS SELECT 20240301 + r AS report_date, 3 AS orders FROM range(9) AS t(r);
      CREATE TABLE attic.orders AS SELECT * FROM shop.orders WHERE day IS NOT NULL`);
    parted("shop.orders", "day", "DATE");
    parted("shop.events", "happened_at", "TIMESTAMP");
    local.engine.keys.set("shop.daily", ["report_date"]);
    local.engine.seen.length = 0;
    const { tables, skipped } = await init("--from", "bigquery:test");
    expect(tables).toMatchObject([
      { table: "attic.orders", dateColumn: "day", grain: ["day", "order_id"], rows: 30, dates: 10 },
      { table: "shop.daily", dateColumn: "report_date", grain: ["report_date"], rows: 9, dates: 9 },
      { table: "shop.events", dateColumn: "happened_at", grain: ["happened_at"], rows: 9, dates: 9 },
      { table: "shop.orders", dateColumn: "day", grain: ["day", "order_id"], rows: 31, dates: 10 },
    ]);
    expect(skipped).toEqual([{ table: "shop.customers", reason: "no column is a date" }]);
    expect(local.engine.seen.every(({ sql }) => sql.startsWith("SELECT"))).toBe(true);
    // Of a table that is parted by its date the catalog says the dates: one statement reads it.
    expect(local.engine.seen.filter(({ sql }) => sql.includes("shop.orders"))).toHaveLength(1);
  });

  it("docs/bigquery.md's commands do what it says", async () => {
    const commands = readFileSync("docs/bigquery.md", "utf8").match(/^fullcourt init .*$/gm) ?? [];
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const io = silentIo(folder);
      expect(await runUnopened(command.split(" ").slice(1), io), io.said.err).toBe(0);
      expect(io.said.out).toContain("shop.orders: date day, key day, order_id");
    }
    expect(readFileSync(path.join(folder, "fullcourt.config.ts"), "utf8")).toContain(
      'warehouse: "bigquery:my-project"',
    );
  });

  it("one dataset alone, by name", async () => {
    const { tables } = await init("--from", "bigquery:test.attic");
    expect(tables.map(({ table }) => table)).toEqual(["attic.orders"]);
  });
});

interface Schema {
  partitionBy: string | null;
  requirePartitionFilter?: boolean;
  columns: Record<string, string>;
}
const SCHEMA = path.resolve("../shared/data/real-warehouse/schema.json");

describe.skipIf(!existsSync(SCHEMA))(
  "the 151 tables of a real warehouse (../shared/data; skipped where it is absent)",
  () => {
    const ENTITIES = ["player_lookup", "universal_player_id", "player_id", "team_abbr", "team_tricode", "team_id"];
    /** What tells the rows of a date apart, as a person would say: a game, and a player or team in it. */
    const keyOf = (columns: readonly string[]): string[] => {
      const entity = ENTITIES.find((one) => columns.includes(one));
      return [...(columns.includes("game_id") ? ["game_id"] : []), ...(entity ? [entity] : [])];
    };
    const DUCK: ReadonlyArray<[RegExp, string, string]> = [
      [/^ARRAY<STRUCT/, "STRUCT(a BIGINT)[]", "ARRAY<STRUCT<a INT64>>"],
      [/^STRUCT/, "STRUCT(a BIGINT)", "STRUCT<a INT64>"],
      [/^ARRAY<(INT|FLOAT)/, "DOUBLE[]", ""],
      [/^ARRAY/, "VARCHAR[]", ""],
      [/^JSON/, "VARCHAR", "JSON"],
      [/^DATE\b/, "DATE", ""],
      [/^TIMESTAMP/, "TIMESTAMP", ""],
      [/^INT/, "BIGINT", ""],
      [/^FLOAT/, "DOUBLE", ""],
      [/^NUMERIC/, "DECIMAL(38, 9)", ""],
      [/^BOOL/, "BOOLEAN", ""],
      [/./, "VARCHAR", ""],
    ];

    it("at least nine of ten dates and eight of ten keys are those that a person would say", async () => {
      const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as Record<string, Schema>;
      await local.engine.ddl("DROP SCHEMA shop CASCADE; DROP SCHEMA attic CASCADE");
      local.engine.partitioned.clear();
      const truth = new Map<string, { date: string; key: string[] }>();
      const statements = [...new Set(Object.keys(schema).map((id) => `CREATE SCHEMA ${id.split(".")[0]}`))];
      for (const [id, { partitionBy, columns }] of Object.entries(schema)) {
        const typed = Object.entries(columns).map(([name, type]) => {
          const [, duck = "", declared = ""] = DUCK.find(([pattern]) => pattern.test(type)) ?? [];
          if (declared) local.engine.declare(id, name, declared);
          return { name, duck };
        });
        const date = /^(?:DATE|DAY)?\(?(\w+)\)?$/.exec(partitionBy ?? "")?.[1];
        const key = keyOf(typed.map(({ name }) => name));
        if (date && key.length > 0) truth.set(id, { date, key });
        const entity = key.find((one) => one !== "game_id");
        // Six dates; on each two games, and in each game the same three players or teams.
        const value = ({ name, duck }: { name: string; duck: string }) => {
          const isText = ENTITIES.includes(name) || name === "game_id";
          if (name === date) return `CAST(DATE '2024-01-01' + CAST(r // 6 AS INTEGER) AS ${duck})`;
          if (isText && duck === "BIGINT") return name === "game_id" ? "(r // 6) * 2 + (r // 3) % 2" : "r % 3";
          if (name === "game_id") return `'002' || ((r // 6) * 2 + (r // 3) % 2)`;
          if (isText) return `'e' || (r % 3)`;
          if (duck === "DATE") return "DATE '2024-01-01'";
          if (duck === "TIMESTAMP") return "TIMESTAMP '2024-01-02 03:00:00'";
          if (duck.includes("STRUCT") || duck.endsWith("[]")) return `CAST(NULL AS ${duck})`;
          return duck === "VARCHAR" ? "'x'" : `CAST(1 AS ${duck})`;
        };
        const all =
          key.includes("game_id") && !entity ? "FROM range(36) AS t(r) WHERE r % 3 = 0" : "FROM range(36) AS t(r)";
        const rows = entity && !key.includes("game_id") ? "FROM range(36) AS t(r) WHERE r % 6 < 3" : all;
        statements.push(
          `CREATE TABLE ${id} AS SELECT ${typed.map((one) => `${value(one)} AS "${one.name}"`).join(", ")} ${rows}`,
        );
      }
      await local.engine.ddl(statements.join(";\n"));
      const made = await local.engine.tables();
      for (const [id, { partitionBy, requirePartitionFilter = false }] of Object.entries(schema)) {
        const column = /^(?:DATE|DAY|RANGE_BUCKET)?\(?(\w+)/.exec(partitionBy ?? "")?.[1];
        const type = made.get(id)?.find(({ name }) => name === column)?.type;
        if (column && type)
          local.engine.partition(id, {
            ...{ column, type, unit: type === "INT64" ? "RANGE" : "DAY", isRequired: requirePartitionFilter },
          });
      }
      const begun = performance.now();
      const { tables, skipped } = await init("--from", "bigquery:test");
      const seconds = (performance.now() - begun) / 1000;
      const found = new Map(tables.map((one) => [one.table, one]));
      const judged = (isRight: (id: string, one: { date: string; key: string[] }) => boolean) => {
        const proposed = [...truth].filter(([id]) => found.has(id));
        const wrong = proposed
          .filter(([id, one]) => !isRight(id, one))
          .map(([id]) => `${id} ${JSON.stringify(found.get(id))}`);
        return { right: proposed.length - wrong.length, wrong, none: truth.size - proposed.length };
      };
      const same = (column: string) => (ENTITIES.includes(column) ? "entity" : column);
      const dates = judged((id, { date }) => found.get(id)?.dateColumn === date);
      const keys = judged((id, { date, key }) => {
        const own = (found.get(id)?.grain ?? []).filter((column) => column !== date);
        return [...new Set(own.map(same))].sort().join() === [...new Set(key.map(same))].sort().join();
      });
      console.info(
        `151 tables in ${seconds.toFixed(1)} s: ${tables.length} proposed, ${skipped.length} left out. Of ${truth.size} whose date and key a person would say: dates ${dates.right} rightly, ${dates.wrong.length} wrongly, ${dates.none} not at all; keys ${keys.right} rightly, ${keys.wrong.length} wrongly, ${keys.none} not at all`,
      );
      expect(tables.length + skipped.length).toBe(Object.keys(schema).length);
      expect(truth.size).toBeGreaterThan(60);
      const reasons = skipped.map(({ table, reason }) => `${table}: ${reason}`);
      expect(dates.right / truth.size, [...dates.wrong, ...reasons].join("\n")).toBeGreaterThanOrEqual(0.9);
      expect(keys.right / truth.size, keys.wrong.join("\n")).toBeGreaterThanOrEqual(0.8);
    });
  },
);
